"""A proxy on a Unix socket that cuts or holds a connection before a request has reached the server, or its answer."""

import asyncio
from asyncio import StreamReader, StreamWriter
from enum import Enum, auto
from pathlib import Path
from types import TracebackType
from typing import Self

CHUNK = 1 << 16


class Cut(Enum):
    BEFORE = auto()
    "The server never sees the request."
    AFTER = auto()
    "The server has answered; the answer is thrown away."


class Hold(Enum):
    BEFORE = auto()
    "The request goes no further; the connection stays open."
    AFTER = auto()
    "The server has answered; the answer goes no further."


class CuttingProxy:
    """Passes everything on, but cuts or holds as often as told at requests that hold a word."""

    def __init__(self, server: Path, socket: Path) -> None:
        self._server = server
        self._socket = socket
        self._cuts: list[tuple[Cut | Hold, bytes]] = []
        self._connections: set[asyncio.Task[None]] = set()
        self.requests: list[bytes] = []
        "Everything that the server got to see."
        self.held = asyncio.Event()
        "A request or an answer is being held."

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def cut(self, cut: Cut | Hold, word: bytes = b"EVAL", times: int = 1) -> None:
        """The next requests with this word."""
        self._cuts += [(cut, word)] * times

    @property
    def waits(self) -> bool:
        """Whether a cut that was told has not come yet."""
        return bool(self._cuts)

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_unix_server(self._accept, self._socket)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, client_in: StreamReader, client_out: StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(client_in, client_out))
        self._connections.add(connection)

    async def _serve(self, client_in: StreamReader, client_out: StreamWriter) -> None:
        server_in, server_out = await asyncio.open_unix_connection(self._server)
        fate: list[Cut | Hold] = []
        pumps = (
            asyncio.create_task(self._requests(client_in, server_out, fate)),
            asyncio.create_task(self._answers(server_in, client_out, fate)),
        )
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            client_out.close()
            server_out.close()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _requests(self, source: StreamReader, target: StreamWriter, fate: list[Cut | Hold]) -> None:
        while data := await source.read(CHUNK):
            if self._cuts and self._cuts[0][1] in data:
                cut, _ = self._cuts.pop(0)
                if cut is Cut.BEFORE:
                    return
                if cut is Hold.BEFORE:
                    await self._hold()
                fate.append(cut)
            self.requests.append(data)
            target.write(data)
            await target.drain()

    async def _answers(self, source: StreamReader, target: StreamWriter, fate: list[Cut | Hold]) -> None:
        while data := await source.read(CHUNK):
            if Cut.AFTER in fate:
                return
            if Hold.AFTER in fate:
                await self._hold()
            target.write(data)
            await target.drain()

    async def _hold(self) -> None:
        self.held.set()
        await asyncio.get_running_loop().create_future()
