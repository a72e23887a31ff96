"""A WebSocket to a room's sync without any manners: tests send bytes of their own and read what comes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import aiohttp

from server.demo.seat_client import SeatKey
from server.evidence.command_signatures import sign_join
from server.session.frames import PROTOCOL, AnyFromSeat, AnyToSeat, Goodbye, Join
from server.web.packing import pack, unpack_to_seat
from tests.support.live_server import Sitting
from tests.support.patience import PATIENCE_S

F = TypeVar("F")


class RawSocket:
    """One connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, frame: AnyFromSeat | bytes | str) -> None:
        """Send a frame, or any bytes or text."""
        if isinstance(frame, str):
            await self.socket.send_str(frame)
        else:
            await self.socket.send_bytes(frame if isinstance(frame, bytes) else pack(frame))

    async def join(self, token: str, key: SeatKey | None = None, *, have: int = 0) -> None:
        """Send a join, with the proof of a key."""
        proof = sign_join(key.private, token) if key else None
        await self.send(Join(token=token, have=have, key=key.fingerprint if key else None, proof=proof))

    async def receive(self) -> AnyToSeat | None:
        """The next frame; None at the end."""
        async with asyncio.timeout(PATIENCE_S):
            message = await self.socket.receive()
        return unpack_to_seat(message.data) if message.type is aiohttp.WSMsgType.BINARY else None

    async def next(self, kind: type[F]) -> F:
        """The next frame of a kind; those before it are skipped."""
        while (frame := await self.receive()) is not None:
            if isinstance(frame, kind):
                return frame
        raise AssertionError(f"closed with {self.socket.close_code} before a {kind.__name__}")

    async def end(self) -> tuple[Goodbye, int | None]:
        """The goodbye and the close code."""
        goodbye = await self.next(Goodbye)
        while await self.receive() is not None:
            pass
        return goodbye, self.socket.close_code


@asynccontextmanager
async def raw_socket(sitting: Sitting, *, protocols: Sequence[str] = (PROTOCOL,)) -> AsyncIterator[RawSocket]:
    """A connection to the sitting's room."""
    url = f"{sitting.url}/rooms/{sitting.room}/sync"
    async with aiohttp.ClientSession() as http, http.ws_connect(url, protocols=protocols) as socket:
        yield RawSocket(socket)
