"""The revision that a member is to sign, over HTTP; the signature itself comes as a command over the socket."""

from typing import Final

import msgspec
from aiohttp import web
from msgspec import Struct

from server.domain.ids import LotId, RoomId
from server.reports.pdf_revisions import ByteRange
from server.reports.rejections import HandwritingUnusable
from server.session.signature_desk import SignatureRequest
from server.web.keys import SERVICES
from server.web.room_files import seat_of

REQUEST_LIMIT: Final = 512 * 1024
"Bytes: 4000 points of handwriting and a dissent."


class PreparedRevision(Struct, frozen=True, kw_only=True):
    """What a page needs to check the revision, and to sign it."""

    tail: bytes
    "What follows the revision before."
    byte_range: ByteRange
    attributes: bytes
    "DER of the signed attributes: what the document key signs, as it is."


async def prepare(request: web.Request) -> web.Response:
    """`POST /api/rooms/{room}/lots/{lot}/signature` with a seat's token and `SignatureRequest` → `PreparedRevision`.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: no seat of this room asks.
        Rejection: see `SignatureDesk.prepare`.
    """
    session, alias = await seat_of(request, RoomId(request.match_info["room"]))
    wanted = await _wanted(request)
    services, lot = request.app[SERVICES], LotId(request.match_info["lot"])
    prepared = await services.signatures.prepare(session, alias, lot, wanted)
    answer = PreparedRevision(tail=prepared.tail, byte_range=prepared.byte_range, attributes=prepared.attributes)
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json", headers=headers)


async def _wanted(request: web.Request) -> SignatureRequest:
    """The request's body.

    Raises:
        HandwritingUnusable: it is too large, or not of its form.
    """
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > REQUEST_LIMIT:
            raise HandwritingUnusable(detail=f"more than {REQUEST_LIMIT} bytes")
    try:
        return msgspec.json.decode(bytes(data), type=SignatureRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HandwritingUnusable(detail=str(error)) from error
