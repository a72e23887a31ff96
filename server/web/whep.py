"""`/rooms/{room}/whep/{source}`: the players of a supervisor's wall are sent one picture with its sound, by WHEP.

A supervisor's pass opens it. The offer is answered whole, with all our addresses, so nothing has to trickle: candidates
that a player still sends are taken note of by its checks (ICE-lite), and an ICE restart is a new session. A session
outlives what is not sent for a while: a seat that is not there yet, a screen in a pause; it ends with its pass.
Any page may ask, from wherever it comes: it is the token that opens, and a browser sends none by itself.
Source: draft-ietf-wish-whep-03; RFC 9725, 4.6 (relays).
"""

import hashlib
import hmac
import re
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
from server.web.media_bridge import MediaBridge
from server.web.signal_socket import MediaOff
from server.web.wall_players import Picture, WallPassEnded, ufrag_of
from server.web.whip import FRAGMENT, SDP, NotSdp, relay_links

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"32 random bytes in base64url."
_PATH: Final = re.compile(r"/rooms/[^/]+/whep/.+")
_FROM_ANYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Retry-After, WWW-Authenticate",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "OPTIONS, GET, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "7200",
}


class WallPassUnknown(Rejection):
    """No pass of this room."""

    code: ClassVar[str] = "wall_pass_unknown"
    sentence: ClassVar[str] = "This token opens nothing in this room."


class RoomNotShown(Rejection):
    """The proceeding is over."""

    code: ClassVar[str] = "room_not_shown"
    sentence: ClassVar[str] = "The room is closed; nothing is shown any more."


class WhepSessionUnknown(Rejection):
    """It has ended, or was never there."""

    code: ClassVar[str] = "whep_session_unknown"
    sentence: ClassVar[str] = "There is no such session; send a new offer."


class WhepSessionMoved(Rejection):
    """The request is about another ICE session than the present one."""

    code: ClassVar[str] = "whep_session_moved"
    sentence: ClassVar[str] = "If-Match must name the present ICE session."


class WhepRestartUnsupported(Rejection):
    """As draft-ietf-wish-whep-03, 4.3.1 has it for a server that takes candidates alone."""

    code: ClassVar[str] = "whep_restart_unsupported"
    sentence: ClassVar[str] = "A session cannot restart ICE; end it and send a new offer."


async def options(request: web.Request) -> web.Response:
    """`OPTIONS`: what is taken here, and that a page from anywhere may ask."""
    return web.Response(headers={"Accept-Post": SDP, "Allow": "OPTIONS, GET, POST, PATCH, DELETE", **_PREFLIGHT})


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
        TokenMalformed, WallPassUnknown, WallPassEnded, RoomNotShown: no good pass.
        NotSdp, OfferRefused, CodecMissing: nothing that could be answered.
        NotForWalls, TooManyPlayers: not that picture, or not another one.
        MediaOff, MediaAway: no sound and pictures now.
    """
    services = request.app[SERVICES]
    session, wall = await _pass(request)
    if request.content_type != SDP:
        raise NotSdp(wanted=SDP)
    media = _media(request)
    picture = Picture(wall=wall, alias=Alias(request.match_info["source"]), kind=kind)
    sdp = (await request.read()).decode("utf-8", "replace")
    answered = await media.play(session.room_id, picture, session.room, sdp)
    name = f"{answered.connection:x}"
    headers = [
        ("Location", f"/rooms/{session.room_id}/whep/session/{name}"),
        ("ETag", f'"{name}"'),
        ("Cache-Control", "no-store"),
    ]
    if services.relays is not None:
        headers += [("Link", link) for link in relay_links(services.relays, wall, services.clock())]
    return web.Response(status=201, text=answered.sdp, content_type=SDP, headers=headers)


async def trickle(request: web.Request) -> web.Response:
    """`PATCH` of a session: further candidates need no word of ours.

    Raises:
        NotSdp, WhepSessionUnknown, WhepSessionMoved, WhepRestartUnsupported: see each.
    """
    _, _, player_ufrag = await _session(request)
    if request.content_type != FRAGMENT:
        raise NotSdp(wanted=FRAGMENT)
    matched = request.headers.get("If-Match")
    ufrag = ufrag_of((await request.read()).decode("utf-8", "replace"))
    if matched == "*" or (ufrag is not None and ufrag != player_ufrag):
        raise WhepRestartUnsupported
    if matched is not None and matched.strip('"') != request.match_info["session"]:
        raise WhepSessionMoved
    return web.Response(status=204)


async def end(request: web.Request) -> web.Response:
    """`DELETE` of a session.

    Raises:
        WhepSessionUnknown: it has ended.
    """
    media, room_id, _ = await _session(request)
    media.walls.end(room_id, int(request.match_info["session"], 16))
    return web.Response(status=200)


async def allow_any_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Let pages of other systems read our answers, refusals too."""
    if _PATH.fullmatch(request.path):
        response.headers.update(_FROM_ANYWHERE)


async def _pass(request: web.Request) -> tuple[RoomSession, WallId]:
    """The room and the pass whose token a request carries."""
    token = bearer_token(request)
    if TOKEN.fullmatch(token) is None:
        raise WallPassUnknown
    session = await request.app[SERVICES].rooms.session(RoomId(request.match_info["room"]))
    found = next(((name, wall) for name, wall in session.room.walls.items() if _opens(token, wall)), None)
    if found is None:
        raise WallPassUnknown
    name, wall = found
    if session.room.phase is Phase.CLOSED:
        raise RoomNotShown
    if wall.ended_at is not None:
        raise WallPassEnded
    return session, name


def _opens(token: str, wall: WallPass) -> bool:
    return hmac.compare_digest(hashlib.sha256(token.encode()).digest(), wall.sha256)


async def _session(request: web.Request) -> tuple[MediaBridge, RoomId, str | None]:
    """The session that a request is about, and its player's ICE session."""
    session, wall = await _pass(request)
    media = _media(request)
    player = media.walls.find(session.room_id, wall, int(request.match_info["session"], 16))
    if player is None:
        raise WhepSessionUnknown
    return media, session.room_id, player.ufrag


def _media(request: web.Request) -> MediaBridge:
    media = request.app[SERVICES].media
    if media is None:
        raise MediaOff
    return media
