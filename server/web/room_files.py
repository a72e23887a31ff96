"""Files of a room over HTTP: whoever may hold a line that names a file may read it."""

from aiohttp import web

from server.auth.rejections import TokenRevoked
from server.domain.errors import Rejection
from server.domain.files import named_files
from server.domain.ids import Alias, Digest, RoomId
from server.domain.rules.checks import present_seat
from server.domain.visibility import is_visible, viewer_of
from server.session.room_session import RoomSession
from server.web.entry import bearer_token
from server.web.keys import SERVICES


class FileUnknown(Rejection):
    """No line that the seat may see names such a file."""

    code = "file_unknown"
    sentence = "There is no such file for this seat."


async def read_file(request: web.Request) -> web.Response:
    """`GET /api/rooms/{room}/files/{sha256}` with a seat's token → the file.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: no seat of this room asks.
        FileUnknown: the seat may not see a line that names it.
        FileMissing: it is lost.
    """
    services = request.app[SERVICES]
    room, sha256 = RoomId(request.match_info["room"]), Digest(request.match_info["sha256"])
    session, alias = await seat_of(request, room)
    if not _may_read(session, alias, sha256):
        raise FileUnknown
    data = await services.files.get(room, sha256)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}
    return web.Response(body=data, content_type="application/pdf", headers=headers)


async def seat_of(request: web.Request, room: RoomId) -> tuple[RoomSession, Alias]:
    """The live room and the alias of the seat whose token a request carries.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it opens nothing, or the seat was moved.
        SeatLeft: the person has been replaced.
    """
    services = request.app[SERVICES]
    holder = (await services.tokens.verify(bearer_token(request), room=room, now=services.clock())).holder
    session = await services.rooms.session(room)
    if present_seat(holder.alias, session.room).moves != holder.moves:
        raise TokenRevoked
    return session, holder.alias


def _may_read(session: RoomSession, alias: Alias, sha256: Digest) -> bool:
    viewer = viewer_of(alias, session.room)
    return any(
        file.sha256 == sha256 and is_visible(stored.line, viewer, session.room)
        for stored in session.record.stored
        for file in named_files(stored.line.event)
    )
