"""The signal socket of a page that tries its ways to the server before its seat is taken (入场前检测)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiohttp import WSMsgType, web

from server.domain.errors import Rejection
from server.domain.ids import Alias, RoomId
from server.session.frames import Goodbye, Refused
from server.task_end import end_tasks
from server.web.frame_pace import FramePace
from server.web.media_bridge import MediaBridge
from server.web.media_probes import MediaProbes
from server.web.packing import unpack_signal
from server.web.relay_passes import new_pass
from server.web.seat_door import JoinMissing, send
from server.web.services import Services
from server.web.signal_frames import AnySignalFromSeat, AnySignalToSeat, MediaAnswer, TryWay

LIFE_S: Final = 180.0
"More than any page needs for all its ways; the next one gets the place."


async def serve_probe(socket: web.WebSocketResponse, services: Services, media: MediaBridge, alias: Alias) -> None:
    """Offer a page one way after the other, until it leaves or its time is over."""
    outgoing: asyncio.Queue[AnySignalToSeat] = asyncio.Queue()
    try:
        probe = media.probes.open(outgoing.put_nowait)
    except Rejection as error:
        await send(socket, Goodbye(code=error.code, text=str(error)))
        return
    if services.relays is not None:
        outgoing.put_nowait(new_pass(services.relays, alias, services.clock()))
    sending = asyncio.create_task(_send(socket, outgoing))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(LIFE_S):
                await _follow(socket, media.probes, probe, outgoing.put_nowait)
    finally:
        media.probes.close(probe)
        await end_tasks(sending)


async def _follow(
    socket: web.WebSocketResponse,
    probes: MediaProbes,
    probe: RoomId,
    pass_on: Callable[[AnySignalToSeat], None],
) -> None:
    pace, time = FramePace(), asyncio.get_running_loop().time
    async for message in socket:
        await asyncio.sleep(pace.delay(time()))
        if message.type is not WSMsgType.BINARY:
            continue
        try:
            _answer(unpack_signal(message.data), probes, probe)
        except Rejection as error:
            pass_on(Refused(code=error.code, text=str(error)))


def _answer(frame: AnySignalFromSeat, probes: MediaProbes, probe: RoomId) -> None:
    match frame:
        case TryWay():
            probes.try_way(probe)
        case MediaAnswer():
            probes.answer(probe, frame)
        case _:
            raise JoinMissing


async def _send(socket: web.WebSocketResponse, outgoing: "asyncio.Queue[AnySignalToSeat]") -> None:
    while True:
        await send(socket, await outgoing.get())
