"""An operator's pass for an encoder: issued for a room camera, shown once, withdrawn."""

from aiohttp import web

from server.domain.commands import RemoveRoomCamera
from server.domain.decide import check_permission
from server.domain.ids import Alias, RoomId
from server.domain.rules.room_cameras import require_camera
from server.web.keys import SERVICES
from server.web.room_files import seat_of

NO_STORE = {"Cache-Control": "no-store"}


async def issue(request: web.Request) -> web.Response:
    """`POST /api/rooms/{room}/cameras/{camera}/pass` with an operator's token → `{"path", "pass", "ends_at"}`.

    The pass before it, and what was sent under it, ends; the server pulls nothing from this camera any more.

    Raises:
        TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: it is not the operator who asks.
        RoleMayNot, WrongPhase, ForeignVenue, CameraUnknown: not for this operator, or not now.
    """
    room, camera = await camera_of(request)
    services = request.app[SERVICES]
    if services.pulls is not None:
        await services.pulls.remove(room, camera)
    issued = await services.camera_passes.issue(room, camera, services.clock())
    if services.media is not None:
        services.media.cameras.end(room, camera)
    answer = {"path": f"/rooms/{room}/whip", "pass": issued.text, "ends_at": issued.ends_at}
    return web.json_response(answer, headers=NO_STORE)


async def withdraw(request: web.Request) -> web.Response:
    """`DELETE /api/rooms/{room}/cameras/{camera}/pass`: nothing more comes under it.

    Raises:
        As `issue`.
    """
    room, camera = await camera_of(request)
    services = request.app[SERVICES]
    await services.camera_passes.withdraw(room, camera)
    if services.media is not None:
        services.media.cameras.end(room, camera)
    return web.Response(status=204, headers=NO_STORE)


async def camera_of(request: web.Request) -> tuple[RoomId, Alias]:
    """The camera that a request is about, for an operator who sees to it.

    Raises:
        As `issue`.
    """
    room, camera = RoomId(request.match_info["room"]), Alias(request.match_info["camera"])
    session, alias = await seat_of(request, room)
    check_permission(alias, RemoveRoomCamera(camera=camera), session.room)
    require_camera(alias, camera, session.room)
    return room, camera
