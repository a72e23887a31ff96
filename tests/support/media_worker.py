"""A real media process and the server's end of its control socket."""

import asyncio
import sys
from pathlib import Path

from signaling.framing import FrameReader, frame
from signaling.messages import Ready, ToMedia, read_from_media
from tests.support.media_world import Conversation
from tests.support.patience import PATIENCE_S, until


class Worker:
    """The server's side of one media process at a time.

    Args:
        path: of the control socket.
        address: where it listens for seats.
    """

    def __init__(self, path: Path, address: str = "127.0.0.1") -> None:
        self.path = path
        self.address = address
        self.process: asyncio.subprocess.Process
        self.server: Conversation
        self._writer: asyncio.StreamWriter | None = None

    async def start(self, recordings: Path | None = None) -> None:
        """Start a process and wait until it is ready; without a folder it records nothing."""
        self._writer = None
        self.server = Conversation(self._say)
        listening = await asyncio.start_unix_server(self._hear, self.path)
        arguments = ["--control", str(self.path), "--bind", self.address, "--address", self.address]
        if recordings is not None:
            arguments += ["--recordings", str(recordings)]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "signaling", *arguments, stderr=asyncio.subprocess.PIPE
        )
        self.read_log()
        await until(lambda: len(self.server.every(Ready)) == 1)
        listening.close()

    def _say(self, message: ToMedia) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(frame(message))

    def read_log(self) -> None:
        """Read what the process logs, from now on."""
        assert self.process.stderr is not None
        self._log = asyncio.create_task(self.process.stderr.read())

    def read_no_log(self) -> None:
        """Leave what the process logs unread, from now on."""
        self._log.cancel()

    def raw(self, data: bytes) -> None:
        """Say what is no message."""
        if self._writer is not None:
            self._writer.write(data)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        frames = FrameReader()
        while data := await reader.read(1 << 16):
            for body in frames.feed(data):
                self.server.hear(read_from_media(body))
        writer.close()

    def hang_up(self) -> None:
        """Close the control connection."""
        if self._writer is not None:
            self._writer.close()

    async def ended(self) -> tuple[int | None, str]:
        """The exit status and what was logged."""
        async with asyncio.timeout(PATIENCE_S):
            status, log = await self.process.wait(), await self._log
        await self.server.close()
        return status, log.decode()
