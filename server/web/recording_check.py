"""The main venue's operator has the recordings examined before the room is closed; the result comes as a line."""

from typing import Final

import msgspec
from aiohttp import web

from server.domain.ids import RoomId
from server.domain.rejections import RoleMayNot
from server.domain.roles import Role
from server.session.recording_reviews import ReviewProgress
from server.web.keys import SERVICES
from server.web.room_files import seat_of

MAY_CHECK: Final = frozenset({Role.HOST_OPERATOR})
"Who closes the room; the others who watch over it see the result."


async def check_recordings(request: web.Request) -> web.Response:
    """`POST /api/rooms/{room}/recordings/check` with the seat's token → `ReviewProgress`; asked again until it is done.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: no seat of this room asks.
        RoleMayNot: another seat than the main venue's operator's.
    """
    services = request.app[SERVICES]
    session, alias = await seat_of(request, RoomId(request.match_info["room"]))
    role = session.room.seats[alias].role
    if role not in MAY_CHECK:
        raise RoleMayNot(command="check_recordings", role=role, phase=session.room.phase)
    nothing = ReviewProgress(pieces=0, examined=0, done=True)
    progress = services.reviews.ask(session.room_id) if services.reviews is not None else nothing
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=msgspec.json.encode(progress), content_type="application/json", headers=headers)
