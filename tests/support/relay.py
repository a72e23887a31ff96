"""A bad network between seats and a server: a TCP relay that drops connections, withholds bytes, or changes its end."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CHUNK = 1 << 12

WIDE_BYTES = 1 << 16
NARROW_BYTES = 4096
"What the relay buffers of a narrow connection: the server soon notices that nobody reads."


def never() -> bool:
    """Drops nothing."""
    return False


class Relay:
    """Passes everything on between its own port and a server."""

    def __init__(self, server: str, *, drops: Callable[[], bool] = never, narrow: bool = False) -> None:
        """Stands before a server.

        Args:
            server: its URL; `lead_to` changes it.
            drops: asked at every piece of data, before and behind it: whether the connection breaks there.
            narrow: whether hardly anything fits into the connection to the server.
        """
        self._led = asyncio.Event()
        self.lead_to(server)
        self.dropped = 0
        "Connections broken so far."
        self.drops = drops
        self._narrow = narrow
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._connections: set[asyncio.Task[None]] = set()

    def lead_to(self, server: str) -> None:
        """New connections go to the server at this URL."""
        self._server = ("127.0.0.1", urlsplit(server).port or 80)
        self._led.set()

    def lead_nowhere(self) -> None:
        """New connections wait for a server."""
        self._led.clear()

    @property
    def url(self) -> str:
        """Where seats connect."""
        return f"http://127.0.0.1:{self._port}"

    def withhold(self) -> None:
        """Pass nothing on to the seats, until `release`."""
        self._flowing.clear()

    def release(self) -> None:
        """Pass everything on again."""
        self._flowing.set()

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port: int = self._listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        self.drop()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def drop(self) -> None:
        """Break every connection."""
        for connection in self._connections:
            connection.cancel()

    async def _accept(self, seat_in: StreamReader, seat_out: StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(seat_in, seat_out))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, seat_in: StreamReader, seat_out: StreamWriter) -> None:
        try:
            await self._led.wait()
            limit = NARROW_BYTES if self._narrow else WIDE_BYTES
            server_in, server_out = await asyncio.open_connection(sock=await self._connect(), limit=limit)
        except (OSError, asyncio.CancelledError):
            seat_out.transport.abort()
            return
        pumps = (
            asyncio.create_task(self._pass_on(seat_in, server_out, asyncio.Event())),
            asyncio.create_task(self._pass_on(server_in, seat_out, self._flowing)),
        )
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            seat_out.transport.abort()
            server_out.transport.abort()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _connect(self) -> socket.socket:
        connection = socket.socket()
        connection.setblocking(False)
        if self._narrow:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW_BYTES)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        try:
            await asyncio.get_running_loop().sock_connect(connection, self._server)
        except BaseException:
            connection.close()
            raise
        return connection

    async def _pass_on(self, source: StreamReader, target: StreamWriter, flowing: asyncio.Event) -> None:
        while data := await source.read(CHUNK):
            if flowing is self._flowing:
                await flowing.wait()
            if self._is_dropped():
                return
            target.write(data)
            await target.drain()
            if self._is_dropped():
                return

    def _is_dropped(self) -> bool:
        is_dropped = self.drops()
        self.dropped += is_dropped
        return is_dropped
