"""`/rooms/{room}/whip`: encoders and room cameras send by WHIP.

A camera's pass opens it. The offer is answered whole, with all our addresses, so nothing has to trickle: candidates
that an encoder still sends are taken note of by its checks (ICE-lite), and an ICE restart is a new session.
Source: RFC 9725.
"""

from typing import ClassVar, Final

from aiohttp import web

from server.auth.relays import Relays
from server.domain.errors import Rejection
from server.domain.ids import Alias, Millis, RoomId
from server.domain.phases import Phase
from server.domain.rejections import CameraUnknown
from server.domain.room_cameras import present_cameras
from server.session.room_session import RoomSession
from server.web.entry import bearer_token
from server.web.keys import SERVICES
from server.web.media_bridge import MediaBridge
from server.web.services import Services
from server.web.signal_socket import MediaOff

SDP: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"


class NotSdp(Rejection):
    """The body is of another type."""

    code: ClassVar[str] = "not_sdp"
    sentence: ClassVar[str] = "The body must be of the type {wanted}."


class WhipSessionUnknown(Rejection):
    """It has ended, or was never there."""

    code: ClassVar[str] = "whip_session_unknown"
    sentence: ClassVar[str] = "There is no such session; send a new offer."


class WhipSessionMoved(Rejection):
    """The request is about another ICE session than the present one."""

    code: ClassVar[str] = "whip_session_moved"
    sentence: ClassVar[str] = "If-Match must name the present ICE session."


class IceRestartUnsupported(Rejection):
    """Allowed by RFC 9725, 4.3.1."""

    code: ClassVar[str] = "ice_restart_unsupported"
    sentence: ClassVar[str] = "A session cannot restart ICE; end it and send a new offer."


async def options(request: web.Request) -> web.Response:
    """`OPTIONS`: what is taken here; relays are named with the answer to an offer."""
    return web.Response(status=204, headers={"Accept-Post": SDP, "Allow": "OPTIONS, POST"})


async def offer(request: web.Request) -> web.Response:
    """`POST` of an offer → 201 with our answer; the camera's session before it ends.

    Raises:
        CameraPassUnknown, CameraPassExpired, TokenMalformed: no good pass.
        NotSdp, OfferRefused: nothing that could be answered.
        MediaOff, MediaAway: no sound and pictures now.
    """
    services = request.app[SERVICES]
    session, camera = await _camera(request)
    if request.content_type != SDP:
        raise NotSdp(wanted=SDP)
    media = _media(services)
    sdp = (await request.read()).decode("utf-8", "replace")
    answered = await media.take_offer(session.room_id, camera, session.room, sdp)
    name = f"{answered.connection:x}"
    headers = [
        ("Location", f"/rooms/{session.room_id}/whip/{name}"),
        ("ETag", f'"{name}"'),
        ("Cache-Control", "no-store"),
        *_links(services, camera),
    ]
    return web.Response(status=201, text=answered.sdp, content_type=SDP, headers=headers)


async def trickle(request: web.Request) -> web.Response:
    """`PATCH` of a session: further candidates need no word of ours.

    Raises:
        NotSdp, WhipSessionUnknown, WhipSessionMoved, IceRestartUnsupported: see each.
    """
    await _session(request)
    if request.content_type != FRAGMENT:
        raise NotSdp(wanted=FRAGMENT)
    matched = request.headers.get("If-Match")
    if matched == "*":
        raise IceRestartUnsupported
    if matched is not None and matched.strip('"') != request.match_info["session"]:
        raise WhipSessionMoved
    return web.Response(status=204)


async def end(request: web.Request) -> web.Response:
    """`DELETE` of a session.

    Raises:
        WhipSessionUnknown: it has ended.
    """
    media, room_id, camera = await _session(request)
    media.cameras.end(room_id, camera)
    return web.Response(status=200)


async def _camera(request: web.Request) -> tuple[RoomSession, Alias]:
    """The room and the camera whose pass a request carries."""
    services, room_id = request.app[SERVICES], RoomId(request.match_info["room"])
    camera = await services.camera_passes.camera_of(room_id, bearer_token(request), services.clock())
    session = await services.rooms.session(room_id)
    if camera not in present_cameras(session.room) or session.room.phase is Phase.CLOSED:
        raise CameraUnknown(alias=camera)
    return session, camera


async def _session(request: web.Request) -> tuple[MediaBridge, RoomId, Alias]:
    """The session that a request is about."""
    session, camera = await _camera(request)
    media = _media(request.app[SERVICES])
    if not media.cameras.is_present(session.room_id, camera, int(request.match_info["session"], 16)):
        raise WhipSessionUnknown
    return media, session.room_id, camera


def _media(services: Services) -> MediaBridge:
    if services.media is None:
        raise MediaOff
    return services.media


def _links(services: Services, holder: str) -> list[tuple[str, str]]:
    """The relays, with what opens them. Source: RFC 9725, 4.6."""
    if services.relays is None:
        return []
    return [("Link", link) for link in relay_links(services.relays, holder, services.clock())]


def relay_links(relays: Relays, holder: str, now: Millis) -> list[str]:
    """The values of the `Link` headers."""
    issued = relays.issue(holder, now)
    opens = f'username="{issued.username}"; credential="{issued.credential}"; credential-type="password"'
    return [f'<{url}>; rel="ice-server"; {opens}' for url in issued.urls]
