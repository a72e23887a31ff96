"""`/rooms/{room}/whep/{source}`: the players of a supervisor's wall are sent one picture with its sound, by WHEP.

A supervisor's pass opens it. A session outlives what is not sent for a while: a seat that is not there yet, a screen in
a pause; it ends with its pass, and where its camera comes back in a codec that the player does not take: it is told
which one when it asks again.
Source: draft-ietf-wish-whep-03.
"""

import hashlib
import hmac
import re
from functools import partial
from typing import ClassVar, Final

from aiohttp import web

from server.domain.errors import Rejection
from server.domain.ids import Alias, RoomId, WallId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.domain.state import WallPass
from server.session.room_session import RoomSession
from server.web.entry import bearer_token
from server.web.keys import SERVICES
from server.web.offered_sessions import (
    SDP,
    MediaSessionUnknown,
    OfferedSession,
    body_of,
    created,
    ending,
    media_of,
    note_wrong_pass,
    patching,
    session_number,
)
from server.web.wall_players import Picture, WallPassEnded

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"32 random bytes in base64url."


class WallPassUnknown(Rejection):
    """No pass of this room."""

    code: ClassVar[str] = "wall_pass_unknown"
    sentence: ClassVar[str] = "This token opens nothing in this room."


class RoomNotShown(Rejection):
    """The proceeding is over."""

    code: ClassVar[str] = "room_not_shown"
    sentence: ClassVar[str] = "The room is closed; nothing is shown any more."


async def nothing(request: web.Request) -> web.Response:
    """`GET`: there is nothing to read here."""
    return web.Response(status=204)


async def offer_picture(request: web.Request) -> web.Response:
    """`POST /rooms/{room}/whep/{source}` of an offer → 201 with our answer: a camera's picture and sound.

    Raises:
        As `_offer`.
    """
    return await _offer(request, MediaTrack.VIDEO)


async def offer_screen(request: web.Request) -> web.Response:
    """`POST /rooms/{room}/whep/{source}/screen` of an offer → 201 with our answer: the screen that a seat shows.

    Raises:
        As `_offer`.
    """
    return await _offer(request, MediaTrack.SCREEN)


async def _offer(request: web.Request, kind: MediaTrack) -> web.Response:
    """Answer a player's offer.

    Raises:
        TokenMalformed, WallPassUnknown, WallPassEnded, TooManyTries, RoomNotShown: no good pass.
        NotSdp, OfferRefused, CodecMissing: nothing that could be answered.
        NotForWalls, TooManyPlayers: not that picture, or not another one.
        MediaOff, MediaAway: no sound and pictures now.
    """
    session, wall = await _pass(request)
    sdp = await body_of(request, SDP)
    picture = Picture(wall=wall, alias=Alias(request.match_info["source"]), kind=kind)
    answer = await media_of(request).play(session.room_id, picture, session.room, sdp)
    return created(request, answer, f"/rooms/{session.room_id}/whep/session", wall)


async def _pass(request: web.Request) -> tuple[RoomSession, WallId]:
    """The room and the pass whose token a request carries."""
    token = bearer_token(request)
    if TOKEN.fullmatch(token) is None:
        raise WallPassUnknown
    session = await request.app[SERVICES].rooms.session(RoomId(request.match_info["room"]))
    found = next(((name, wall) for name, wall in session.room.walls.items() if _opens(token, wall)), None)
    if found is None:
        await note_wrong_pass(request)
        raise WallPassUnknown
    name, wall = found
    if session.room.phase is Phase.CLOSED:
        raise RoomNotShown
    if wall.ended_at is not None:
        raise WallPassEnded
    return session, name


def _opens(token: str, wall: WallPass) -> bool:
    return hmac.compare_digest(hashlib.sha256(token.encode()).digest(), wall.sha256)


async def _session(request: web.Request) -> OfferedSession:
    session, wall = await _pass(request)
    room_id, walls = session.room_id, media_of(request).walls
    found = walls.find(room_id, wall, session_number(request))
    if found is None:
        raise MediaSessionUnknown
    restart, end = partial(walls.restart, room_id, found.connection), partial(walls.end, room_id, found.connection)
    return OfferedSession(found, restart, end)


patch = patching(_session)
end = ending(_session)
