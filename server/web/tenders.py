"""Tender files over HTTP: every mistake at once, and a room for a file that is whole. For operators only."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
import structlog
from aiohttp import web
from msgspec import Struct

from server.auth.operators import Operator
from server.domain.ids import Alias, BidAlias, LotId, RoomId
from server.domain.roles import Role
from server.tender.bid_files import LoadFile, TenderText, WholeTender, whole_tender
from server.tender.messages import Language, hint_of, message_of
from server.tender.mistakes import Mistake, TenderRefused, mistake
from server.tender.read import read_tender, tender_text
from server.tender.tender_file import SIZE_LIMIT, Tender
from server.web.entry import bearer_token
from server.web.keys import SERVICES
from server.web.tender_upload import receive

UNNAMED: Final = "tender.yaml"
"A file whose name the page does not tell."

REFUSED: Final = 422

_log = structlog.get_logger(__name__)


class ShownMistake(Struct, frozen=True, kw_only=True):
    """A mistake in one language."""

    line: int
    path: str
    code: str
    message: str
    hint: str
    "What to write instead."
    source: str | None


class WantedFile(Struct, frozen=True, kw_only=True):
    """A PDF that the file names; it comes with the request that creates the room."""

    lot: LotId
    bid: BidAlias
    title: str
    file: str


class TenderSummary(Struct, frozen=True, kw_only=True):
    """What a whole file would open."""

    title: str
    venues: int
    seats: int
    lots: int
    bids: int
    files: tuple[WantedFile, ...]


class SeatCode(Struct, frozen=True, kw_only=True):
    """A seat of a new room with its entry code, which is given this once."""

    alias: Alias
    role: Role
    venue_name: str
    name: str
    code: str


class OpenedRoom(Struct, frozen=True, kw_only=True):
    """A new room."""

    room: RoomId
    title: str
    seats: tuple[SeatCode, ...]


async def check(request: web.Request) -> web.Response:
    """`POST /api/tenders/check?name&lang` with the file → `{"mistakes", "tender"}`; nothing is created.

    The PDFs that it names are not asked for yet.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it is no operator who asks.
    """
    await _operator(request)
    try:
        text = await _text(request, await _body(request))
    except TenderRefused as refused:
        return _json({"mistakes": _shown(refused.mistakes, request), "tender": None})
    return _json({"mistakes": [], "tender": _summary(text)})


async def create(request: web.Request) -> web.Response:
    """`POST /api/rooms?name&lang` with the file → `OpenedRoom`; one with mistakes is answered with all of them.

    A file that names PDFs comes in a form with them, see `tender_upload`.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it is no operator who asks.
        UploadMalformed, UploadTooLarge: see `receive`.
        StoreUnavailable, StoreUnwritable, AppendUncertain: see `NewRooms.create`.
    """
    operator = await _operator(request)
    try:
        whole = await _whole(request)
    except TenderRefused as refused:
        mistakes = _shown(refused.mistakes, request)
        return _json({"code": refused.code, "text": str(refused), "mistakes": mistakes}, status=REFUSED)
    services = request.app[SERVICES]
    tender, room = whole.tender, await services.new_rooms.create(whole)
    codes = await services.new_rooms.issue_codes(room, (await services.rooms.session(room)).room)
    _log.info("room_created", room=room, operator=operator.id)
    return _json(OpenedRoom(room=room, title=tender.title, seats=_seats(tender, codes)), status=201)


async def list_rooms(request: web.Request) -> web.Response:
    """`GET /api/rooms` → `{"rooms": [{"room", "created_at", "title"}]}`, the oldest first.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it is no operator who asks.
    """
    await _operator(request)
    return _json({"rooms": await request.app[SERVICES].new_rooms.rooms.list_rooms()})


async def renew(request: web.Request) -> web.Response:
    """`POST /api/operator/token` with a token that is good or ended lately → `{"token"}`.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: no renewal.
    """
    services = request.app[SERVICES]
    return _json({"token": await services.operators.refresh(bearer_token(request), services.clock())})


async def _operator(request: web.Request) -> Operator:
    services = request.app[SERVICES]
    return (await services.operators.verify(bearer_token(request), services.clock())).holder


async def _whole(request: web.Request) -> WholeTender:
    """The tender of a request with its PDFs, whether they are needed or not.

    Raises:
        TenderRefused: with every mistake.
        UploadMalformed, UploadTooLarge: see `receive`.
    """
    load: LoadFile = _no_file
    if request.content_type.startswith("multipart/"):
        upload = await receive(request)
        body, load = upload.tender, upload.load
    else:
        body = await _body(request)
    return await asyncio.to_thread(whole_tender, await _text(request, body), load)


def _no_file(name: str) -> bytes:
    raise FileNotFoundError(name)


async def _text(request: web.Request, body: bytes) -> TenderText:
    """The tender's text, read beside the event loop: a large one takes seconds.

    Raises:
        TenderRefused: with every mistake.
    """
    name = _name(request)
    return await asyncio.to_thread(read_tender, tender_text(body, name=name), name=name)


async def _body(request: web.Request) -> bytes:
    """The body of a request that may be as large as a tender file; the application's own limit is lower.

    Raises:
        TenderRefused: it is larger than that; the rest is not read.
    """
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > SIZE_LIMIT:
            size = max(len(data), request.content_length or 0)
            mistakes = [mistake("", 1, "file_too_large", {"size": size, "limit": SIZE_LIMIT})]
            raise TenderRefused(_name(request), mistakes)
    return bytes(data)


def _name(request: web.Request) -> str:
    return request.query.get("name") or UNNAMED


def _shown(mistakes: Sequence[Mistake], request: web.Request) -> list[ShownMistake]:
    """Chinese unless English is asked for."""
    language = Language.ENGLISH if request.query.get("lang") == Language.ENGLISH else Language.CHINESE
    return [
        ShownMistake(
            line=each.line,
            path=each.path,
            code=each.code,
            message=message_of(each.code, each.facts, language),
            hint=hint_of(each.code, each.facts, language),
            source=each.source,
        )
        for each in mistakes
    ]


def _summary(text: TenderText) -> TenderSummary:
    tender = text.tender
    return TenderSummary(
        title=tender.title,
        venues=len(tender.venues),
        seats=len(tender.seats),
        lots=len(tender.lots),
        bids=sum(len(lot.bids) for lot in tender.lots.values()),
        files=tuple(WantedFile(lot=each.lot, bid=each.bid, title=each.title, file=each.name) for each in text.files),
    )


def _seats(tender: Tender, codes: dict[Alias, str]) -> tuple[SeatCode, ...]:
    return tuple(
        SeatCode(
            alias=seat.alias,
            role=seat.role,
            venue_name=tender.venues[seat.venue].name,
            name=seat.name,
            code=codes[seat.alias],
        )
        for seat in tender.seats
    )


def _json(value: object, *, status: int = 200) -> web.Response:
    body = msgspec.json.encode(value)
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)
