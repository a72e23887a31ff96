"""Sound and pictures of a scripted seat: real packets from a small film, over the real signal socket and media port."""

import asyncio
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Final, Self

import aiohttp

from server.demo.seat_client import SeatClient, SeatRefused
from server.domain.agent_talk import Talk
from server.domain.state import RoomView
from server.domain.talk_policy import sides_of
from server.evidence.command_signatures import sign_join
from server.task_end import end_tasks
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
    """Plays a film into the room, with the tone where a talk of its seat begins; counts what comes from the others.

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
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._sound_tones())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(*self._tasks)
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

    async def _sound_tones(self) -> None:
        """At the beginning of each talk in which the seat has a part, as a page does."""
        seat = self._seat
        last = seat.view.talk
        with suppress(SeatRefused):
            while True:
                await seat.until(partial(_is_another, last), patience_s=None)
                last = seat.view.talk or last
                if last is not None and seat.alias in sides_of(last, seat.view):
                    self.peer.sound_tone()

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


def _is_another(last: Talk | None, view: RoomView) -> bool:
    """Whether a talk is open that is not this one."""
    return view.talk not in (None, last)
