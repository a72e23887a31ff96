"""`/rooms/{room}/signal`: the media negotiation of one page. The server makes every offer."""

import asyncio

from aiohttp import WSCloseCode, WSMsgType, web

from server.domain.errors import LianpingError, Rejection
from server.domain.ids import Millis, RoomId
from server.domain.media_policy import require_floor
from server.session.frames import Goodbye, Refused
from server.task_end import end_tasks
from server.web.client_errors import code_of
from server.web.frame_pace import FramePace
from server.web.keys import SERVICES
from server.web.media_bridge import MediaBridge
from server.web.packing import FROM_SEAT, unpack_signal
from server.web.probe import serve_probe
from server.web.relay_passes import keep_passing
from server.web.seat_door import HEARTBEAT_S, Admission, JoinMissing, admit, first_message, send
from server.web.services import Services
from server.web.signal_frames import (
    COMES_BACK,
    SIGNAL_PROTOCOL,
    AnySignalFromSeat,
    AnySignalToSeat,
    HearRoom,
    JoinMedia,
    JoinProbe,
    LowerHand,
    MediaAnswer,
    RestartMedia,
    ShowSeat,
    TryWay,
    ViewTiles,
)


class MediaOff(Rejection):
    """This server forwards no sound and no pictures."""

    code = "media_off"
    sentence = "This server has been started without media."


async def signal(request: web.Request) -> web.WebSocketResponse:
    """Serve one connection until either side ends it."""
    socket = web.WebSocketResponse(
        protocols=[SIGNAL_PROTOCOL], heartbeat=HEARTBEAT_S, max_msg_size=FROM_SEAT.size, compress=False
    )
    await socket.prepare(request)
    services = request.app[SERVICES]
    try:
        join = unpack_signal(await first_message(socket, SIGNAL_PROTOCOL))
        if not isinstance(join, JoinMedia | JoinProbe):
            raise JoinMissing
        if services.media is None:
            raise MediaOff
        admission = await admit(services, RoomId(request.match_info["room"]), join)
    except LianpingError as error:
        await send(socket, Goodbye(code=code_of(error), text=str(error)))
        return socket
    if isinstance(join, JoinProbe):
        await serve_probe(socket, services, services.media, admission.holder.alias)
    else:
        await _serve(socket, services, services.media, admission, join)
    return socket


async def _serve(
    socket: web.WebSocketResponse, services: Services, media: MediaBridge, admission: Admission, join: JoinMedia
) -> None:
    """Pass offers to the page and its answers back."""
    session, alias = admission.session, admission.holder.alias
    outgoing: asyncio.Queue[AnySignalToSeat] = asyncio.Queue()
    pass_on = outgoing.put_nowait
    tasks = [asyncio.create_task(_send(socket, outgoing))]
    if services.relays is not None:  # named before an offer can come, which takes the media process
        tasks.append(asyncio.create_task(keep_passing(services.relays, alias, services.clock, pass_on)))
    pace, time = FramePace(), asyncio.get_running_loop().time
    try:
        await media.connect(session.room_id, alias, session.room, pass_on, hears=join.hears, kept=join.connection)
        async for message in socket:
            await asyncio.sleep(pace.delay(time()))
            if message.type is not WSMsgType.BINARY or not media.serves(session.room_id, alias, pass_on):
                continue
            try:
                await _answer(unpack_signal(message.data), media, admission, services.clock())
            except Rejection as error:
                outgoing.put_nowait(Refused(code=error.code, text=str(error)))
    finally:
        is_lost = socket.close_code in (COMES_BACK, WSCloseCode.ABNORMAL_CLOSURE)
        await media.disconnect(session.room_id, alias, pass_on, is_lost=is_lost)
        await end_tasks(*tasks)


async def _answer(frame: AnySignalFromSeat, media: MediaBridge, admission: Admission, now: Millis) -> None:
    session, alias = admission.session, admission.holder.alias
    room_id = session.room_id
    match frame:
        case MediaAnswer():
            media.answer(room_id, alias, frame.connection, frame.revision, frame.sdp)
        case RestartMedia():
            media.restart(room_id, alias)
        case ViewTiles():
            media.view(room_id, alias, frame.tiles)
        case ShowSeat():
            media.board(room_id).show(alias, frame, now)
        case HearRoom():
            await media.hear_room(room_id, alias, on=frame.on)
        case LowerHand():
            require_floor(alias, session.room)
            media.board(room_id).lower(frame.alias, by=alias)
        case JoinMedia() | JoinProbe() | TryWay():
            raise JoinMissing


async def _send(socket: web.WebSocketResponse, outgoing: asyncio.Queue[AnySignalToSeat]) -> None:
    while True:
        await send(socket, await outgoing.get())
