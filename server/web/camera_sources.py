"""An operator names the address of a room camera that the server pulls (RTSP), and sees how it stands with it."""

from typing import ClassVar

import msgspec
from aiohttp import web

from server.auth.camera_addresses import CameraAddressUnusable, read_source
from server.domain.commands import RemoveRoomCamera
from server.domain.decide import check_permission
from server.domain.errors import Rejection
from server.domain.ids import Alias, RoomId
from server.domain.rules.room_cameras import require_camera
from server.domain.state import RoomState
from server.web.camera_passes import NO_STORE, camera_of
from server.web.camera_pulls import CameraPulls
from server.web.keys import SERVICES
from server.web.room_files import seat_of
from server.web.signal_socket import MediaOff


class CameraSourceMalformed(Rejection):
    """The body is not what is asked for."""

    code: ClassVar[str] = "camera_source_malformed"
    sentence: ClassVar[str] = "The body must be an object of `address`, `user` and `password`."


class NamedSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator fills in."""

    address: str
    user: str = ""
    password: str = ""


async def name(request: web.Request) -> web.Response:
    """`POST /api/rooms/{room}/cameras/{camera}/source` of a `NamedSource` with an operator's token → `{"address"}`.

    The camera is pulled from there from now on; a pass for an encoder ends.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it is not the operator who asks.
        RoleMayNot, WrongPhase, ForeignVenue, CameraUnknown: not for this operator, or not now.
        CameraSourceMalformed, CameraAddressUnusable, CameraAddressForbidden: not from there.
        MediaOff: the server takes no pictures.
    """
    room, camera = await camera_of(request)
    services, pulls = request.app[SERVICES], _pulls(request)
    try:
        named = msgspec.json.decode(await request.read(), type=NamedSource)
    except msgspec.DecodeError as error:
        raise CameraSourceMalformed from error
    source = read_source(named.address, named.user, named.password, pulls.networks)
    if not source.user and source.password:
        raise CameraAddressUnusable(problem="A password needs a name.")
    await services.camera_passes.withdraw(room, camera)
    if services.media is not None:
        services.media.cameras.end(room, camera)
    await pulls.put(room, camera, source)
    return web.json_response({"address": source.shown}, headers=NO_STORE)


async def standings(request: web.Request) -> web.Response:
    """`GET /api/rooms/{room}/cameras` with an operator's token → `{"cameras": {camera: how it stands}}`.

    Of the cameras that are pulled and that this operator sees to; names and passwords are not among it.

    Raises:
        As `name`.
    """
    room = RoomId(request.match_info["room"])
    session, alias = await seat_of(request, room)
    check_permission(alias, RemoveRoomCamera(camera=Alias("")), session.room)
    found = {
        camera: {
            "address": pulled.source.shown,
            "state": pulled.standing.state,
            "detail": pulled.standing.detail,
            "sound": pulled.standing.sound,
            "has_rare_key_frames": pulled.standing.has_rare_key_frames,
        }
        for camera, pulled in _pulls(request).pulled(room).items()
        if _sees_to(alias, camera, session.room)
    }
    return web.json_response({"cameras": found}, headers=NO_STORE)


def _sees_to(by: Alias, camera: Alias, room: RoomState) -> bool:
    try:
        require_camera(by, camera, room)
    except Rejection:
        return False
    return True


def _pulls(request: web.Request) -> CameraPulls:
    pulls = request.app[SERVICES].pulls
    if pulls is None:
        raise MediaOff
    return pulls
