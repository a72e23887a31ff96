"""A scripted member signs a report as a page does: checks the prepared revision, signs with an own key, sends."""

import asyncio
import hashlib
import math
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import aiohttp
import msgspec

from server.demo.seat_client import SeatClient, SeatRefused
from server.domain import commands as c
from server.domain.errors import EvidenceBroken
from server.domain.ids import Alias, Digest
from server.domain.state import Report, RoomView
from server.evidence.command_signatures import sign_document
from server.reports.handwriting import Point, Stroke
from server.reports.pdf_damage import UNREADABLE
from server.reports.pdf_revisions import byte_range_digest
from server.reports.pdf_signing import signed_digest
from server.reports.signature_facts import PreparedPlace, prepared_places
from server.reports.signature_words import member_reason
from server.reports.subject import field_of
from server.session.frames import Accepted
from server.session.signature_desk import SignatureRequest
from server.web.signatures import PreparedRevision

REQUEST_TRIES: Final = 60
"How often a request is made over a line that breaks: a report has some hundred kilobytes."

TRIES: Final = 20
"How often a member tries whom others come before."

NO_CERTIFICATE: Final = "document_key_missing"
"Refusal for a key that has no certificate, or one that has expired."

AGAIN: Final = frozenset({"document_moved", "signing_busy", "signing_lapsed"})
"Refusals after which the same signature is tried again, over the latest revision."


async def sign_report(seat: SeatClient, wish: c.SignReport) -> Accepted:
    """Sign a lot's report; `wish` says which version, and with what dissent.

    Raises:
        SeatRefused: the server does not take it.
        EvidenceBroken: what the server prepared is not the report that this seat was shown.
    """
    held = seat.view.document_keys.get(seat.alias)
    if held is None or held.key != seat.document_key.fingerprint:
        await seat.submit(c.EnrolDocumentKey(spki=seat.document_key.spki))
    for tried in range(TRIES):
        try:
            return await seat.submit(await _signed(seat, wish))
        except SeatRefused as error:
            if tried == TRIES - 1 or error.code not in {*AGAIN, NO_CERTIFICATE}:
                raise
            if error.code == NO_CERTIFICATE:
                await seat.submit(c.EnrolDocumentKey(spki=seat.document_key.spki))
        await asyncio.sleep(random.uniform(0.02, 0.3))
    raise TypeError("the last try returns or raises")


async def _signed(seat: SeatClient, wish: c.SignReport) -> c.SignReport:
    base = await _read_latest(seat, wish)
    request = SignatureRequest(
        version=wish.version, base=_digest(base), strokes=handwriting(seat.alias), dissent=wish.dissent
    )
    path = f"lots/{wish.lot}/signature"
    data = await _ask(seat, lambda http, url: http.post(f"{url}/{path}", data=msgspec.json.encode(request)))
    prepared = msgspec.json.decode(data, type=PreparedRevision)
    place = PreparedPlace(
        field=field_of(seat.alias), reason=member_reason(wish.dissent), byte_range=prepared.byte_range
    )
    digest = _checked(base, prepared, place)
    signature = sign_document(seat.document_key.private, prepared.attributes)
    return msgspec.structs.replace(wish, base=request.base, document=digest, signature=signature)


async def _read_latest(seat: SeatClient, wish: c.SignReport) -> bytes:
    """The latest revision, as the record names it."""
    await seat.until(lambda view: _report(view, wish).latest)
    latest = _report(seat.view, wish).latest
    if latest is None:
        raise TypeError("the seat waited for it")
    data = await _ask(seat, lambda http, url: http.get(f"{url}/files/{latest.sha256}"))
    if _digest(data) != latest.sha256:
        raise EvidenceBroken("The report that was sent is not the one that the record names.")
    return data


def _report(view: RoomView, wish: c.SignReport) -> Report:
    report = view.lots[wish.lot].report
    if report is None or report.version != wish.version:
        raise SeatRefused("report_version_passed", "the report was issued again")
    return report


def _checked(base: bytes, prepared: PreparedRevision, place: PreparedPlace) -> Digest:
    """The digest of what will be signed: the report with this member's place in it, and nothing else.

    Raises:
        EvidenceBroken: the range leaves out more than the signature's own place, or states another digest; or the
            place is another one.
    """
    whole = base + prepared.tail
    start, first, second, rest = prepared.byte_range
    hole = whole[first:second]
    is_whole = start == 0 and len(base) <= first < second and second + rest == len(whole)
    is_empty = hole[:1] == b"<" and hole[-1:] == b">" and not hole[1:-1].strip(b"0")
    digest = byte_range_digest(whole, prepared.byte_range)
    if not (is_whole and is_empty and signed_digest(prepared.attributes) == digest):
        raise EvidenceBroken("The prepared revision is not the report with one more signature.")
    if _places(whole) != (place,):
        raise EvidenceBroken("The prepared revision has no place for this member and these words.")
    return Digest(digest.hex())


def _places(pdf: bytes) -> tuple[PreparedPlace, ...]:
    try:
        return prepared_places(pdf)
    except UNREADABLE as error:
        raise EvidenceBroken("The prepared revision cannot be read.") from error


Ask = Callable[[aiohttp.ClientSession, str], Any]


async def _ask(seat: SeatClient, ask: Ask) -> bytes:
    """The body of an answer to a request with the seat's token; asked again while the connection breaks.

    Raises:
        SeatRefused: a refusal.
        aiohttp.ClientError: it breaks every time.
    """
    for _ in range(REQUEST_TRIES - 1):
        with suppress(aiohttp.ClientError, ConnectionError):
            return await _ask_once(seat, ask)
        await asyncio.sleep(random.uniform(0.02, 0.3))
    return await _ask_once(seat, ask)


async def _ask_once(seat: SeatClient, ask: Ask) -> bytes:
    headers = {"Authorization": f"Bearer {seat.token}"}
    connector = aiohttp.TCPConnector(ssl=seat.trust or True)
    async with (
        aiohttp.ClientSession(connector=connector, headers=headers) as http,
        ask(http, f"{seat.url}/api/rooms/{seat.room}") as response,
    ):
        data: bytes = await response.read()
        if response.status != 200:
            refusal = msgspec.json.decode(data)
            raise SeatRefused(refusal["code"], refusal["text"])
        return data


def handwriting(alias: Alias) -> tuple[Stroke, ...]:
    """Strokes like those of a hasty hand: another one for each seat, the same whenever it signs."""
    chance = random.Random(f"handwriting {alias}")
    return tuple(_stroke(chance, place) for place in range(chance.randint(4, 7)))


def _stroke(chance: random.Random, place: int) -> Stroke:
    x, y = 0.08 + 0.12 * place + chance.uniform(-0.03, 0.03), chance.uniform(0.25, 0.6)
    angle, turn = chance.uniform(0, 2 * math.pi), chance.uniform(-0.35, 0.35)
    points = []
    for step in range(chance.randint(12, 30)):
        angle += turn + chance.uniform(-0.25, 0.25)
        x = min(0.97, max(0.03, x + 0.012 * math.cos(angle)))
        y = min(0.95, max(0.05, y + 0.035 * math.sin(angle)))
        points.append(Point(x, y, min(1.0, 0.35 + 0.4 * math.sin(step / 6) ** 2 + chance.uniform(0, 0.15))))
    return tuple(points)


def _digest(data: bytes) -> Digest:
    return Digest(hashlib.sha256(data).hexdigest())
