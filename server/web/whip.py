"""`/rooms/{room}/whip`: encoders and room cameras send by WHIP. A camera's pass opens it.

Source: RFC 9725.
"""

from functools import partial

from aiohttp import web

from server.auth.rejections import CameraPassUnknown
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.rejections import CameraUnknown
from server.domain.room_cameras import present_cameras
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


async def offer(request: web.Request) -> web.Response:
    """`POST` of an offer → 201 with our answer; the camera's session before it ends.

    Raises:
        CameraPassUnknown, CameraPassExpired, TokenMalformed, TooManyTries: no good pass.
        NotSdp, OfferRefused: nothing that could be answered.
        MediaOff, MediaAway: no sound and pictures now.
    """
    session, camera = await _camera(request)
    sdp = await body_of(request, SDP)
    answer = await media_of(request).take_offer(session.room_id, camera, session.room, sdp)
    return created(request, answer, f"/rooms/{session.room_id}/whip", camera)


async def _camera(request: web.Request) -> tuple[RoomSession, Alias]:
    """The room and the camera whose pass a request carries."""
    services, room_id = request.app[SERVICES], RoomId(request.match_info["room"])
    token = bearer_token(request)
    try:
        camera = await services.camera_passes.camera_of(room_id, token, services.clock())
    except CameraPassUnknown:
        await note_wrong_pass(request)
        raise
    session = await services.rooms.session(room_id)
    if camera not in present_cameras(session.room) or session.room.phase is Phase.CLOSED:
        raise CameraUnknown(alias=camera)
    return session, camera


async def _session(request: web.Request) -> OfferedSession:
    session, camera = await _camera(request)
    room_id, cameras = session.room_id, media_of(request).cameras
    found = cameras.find(room_id, camera, session_number(request))
    if found is None:
        raise MediaSessionUnknown
    return OfferedSession(found, partial(cameras.restart, room_id, camera), partial(cameras.end, room_id, camera))


patch = patching(_session)
end = ending(_session)
