"""Sound and pictures of a scripted seat: real packets from a small film, over the real signal socket and media port."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import aiohttp

from server.demo.seat_client import SeatClient
from server.evidence.command_signatures import sign_join
from server.web.packing import pack, unpack_signal_to_seat
from server.web.signal_frames import (
    SIGNAL_PROTOCOL,
    JoinMedia,
    MediaAnswer,
    MediaConnected,
    MediaOffer,
    ShowSeat,
    Switch,
)
from signaling.scripted.clip import Clip
from signaling.scripted.scripted_peer import ScriptedPeer

RECONNECT_PAUSE_S: Final = 0.5


class SeatMedia:
    """Plays a film into the room, and counts what comes from the others.

    Args:
        seat: whose.
        clip: its film.
        tells_arrivals: whether it tells the server when each packet came, as a browser does.
    """

    def __init__(self, seat: SeatClient, clip: Clip, *, tells_arrivals: bool = False) -> None:
        self.clip = clip
        self.peer = ScriptedPeer(clip, tells_arrivals=tells_arrivals)
        self.connected = asyncio.Event()
        self._seat = seat

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self.peer.close()
        await self._http.close()

    async def _run(self) -> None:
        while self._seat.goodbye is None:
            with suppress(aiohttp.ClientError, ConnectionError):
                async with self._http.ws_connect(
                    f"{self._seat.url}/rooms/{self._seat.room}/signal",
                    protocols=[SIGNAL_PROTOCOL],
                    ssl=self._seat.trust or True,
                ) as socket:
                    await self._talk(socket)
            await asyncio.sleep(RECONNECT_PAUSE_S)

    async def _talk(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        seat = self._seat
        proof = sign_join(seat.key.private, seat.token)
        await socket.send_bytes(pack(JoinMedia(token=seat.token, key=seat.key.fingerprint, proof=proof)))
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.BINARY:
                continue
            frame = unpack_signal_to_seat(message.data)
            if isinstance(frame, MediaOffer):
                sdp = await self.peer.answer(frame.sdp)
                answer = MediaAnswer(connection=frame.connection, revision=frame.revision, sdp=sdp)
                await socket.send_bytes(pack(answer))
            elif isinstance(frame, MediaConnected):
                await socket.send_bytes(
                    pack(ShowSeat(camera=Switch.ON, microphone=Switch.ON, hand=False, screen=False))
                )
                self.connected.set()
