"""The media process and the socket to it: started here, started again when it ends, and spoken to while it is there."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, Process
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Protocol, Self

import msgspec
import structlog
from msgspec import Struct

from server.task_end import end_tasks
from signaling.framing import FrameReader, FrameTooLong, frame
from signaling.messages import FromMedia, ToMedia, read_from_media

RESTART_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 8.0
"Before a process is started again: twice as long each time, until one has lived."
STEADY_AFTER_S: Final = 10.0
"A process that has lived for so long does not die of its start."
READ_BYTES: Final = 1 << 16

_log = structlog.get_logger(__name__)


class MediaSettings(Struct, frozen=True, kw_only=True):
    """Where the media process listens."""

    folder: Path
    "For the control socket."
    udp_port: int
    "0 takes a free one."
    bind: str
    addresses: tuple[str, ...]
    "Under which the seats reach the port."
    recordings: Path
    "Where what is recorded lies."
    log: Path | None = None
    "Where the process writes its log; none for our own standard error."


class MediaListener(Protocol):
    """Whoever speaks with the process."""

    async def heard(self, message: FromMedia) -> None:
        """It has said something; the first is `Ready`, from each process anew."""
        ...

    async def lost(self) -> None:
        """It hears and says nothing any more."""
        ...

    def ended(self) -> None:
        """It has ended; another one is started."""
        ...

    def failing(self, *, on: bool) -> None:
        """One process after the other has died young, or at last one lives on."""
        ...


class MediaLine:
    """Keeps a media process running while it is entered."""

    def __init__(self, settings: MediaSettings, listener: MediaListener) -> None:
        self._settings = settings
        self._listener = listener
        self._socket = settings.folder / "media.sock"
        self._writer: asyncio.StreamWriter | None = None
        self._process: Process | None = None
        self._pause_s = RESTART_PAUSE_S
        "Before the next process, when this one ends."
        self._is_failing = False

    async def __aenter__(self) -> Self:
        self._socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path=self._socket)
        self._socket.chmod(0o600)
        self._running = asyncio.create_task(self._keep_running())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(self._running)
        if self._writer is not None:
            self._writer.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._server.close()
        self._socket.unlink(missing_ok=True)

    @property
    def is_up(self) -> bool:
        """Whether a process is connected now."""
        return self._writer is not None

    @property
    def pid(self) -> int | None:
        """The process that is connected now."""
        return self._process.pid if self._process is not None and self.is_up else None

    def tell(self, message: ToMedia) -> bool:
        """Send to the process; false while there is none."""
        if self._writer is None:
            return False
        self._writer.write(frame(message))
        return True

    async def kill(self) -> None:
        """End a process that does not do as it is told."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _keep_running(self) -> None:
        while True:
            try:
                with _log_of(self._settings) as log:
                    self._process = await self._start(log)
            except OSError as error:  # no memory, no descriptor, no log: that may pass
                _log.error("media_process_not_started", error=str(error), pause_s=self._pause_s)
            else:
                code = await self._lived(self._process)
                _log.error("media_process_ended", code=code, pause_s=self._pause_s)
                self._listener.ended()
            self._note_failing(on=self._pause_s > RESTART_PAUSE_S)
            await asyncio.sleep(self._pause_s)
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)

    async def _lived(self, process: Process) -> int:
        """How a process ended; while it lives, it is noted that it does."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STEADY_AFTER_S):
                return await process.wait()
        self._pause_s = RESTART_PAUSE_S
        self._note_failing(on=False)
        return await process.wait()

    def _note_failing(self, *, on: bool) -> None:
        if self._is_failing != on:
            self._is_failing = on
            self._listener.failing(on=on)

    async def _start(self, log: IO[bytes] | None) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "signaling",
            "--control",
            str(self._socket),
            "--udp-port",
            str(self._settings.udp_port),
            "--bind",
            self._settings.bind,
            "--address",
            *self._settings.addresses,
            "--recordings",
            str(self._settings.recordings),
            stdin=DEVNULL,
            stderr=log,
        )

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Listen to one process until its connection ends."""
        self._writer = writer
        frames = FrameReader()
        try:
            while data := await reader.read(READ_BYTES):
                for body in frames.feed(data):
                    await self._listener.heard(read_from_media(body))
        except (FrameTooLong, msgspec.DecodeError, ConnectionError) as error:
            _log.error("media_connection_broken", error=str(error))
        finally:
            writer.close()
            if self._writer is writer:
                self._writer = None
                await self._listener.lost()


def _log_of(settings: MediaSettings) -> AbstractContextManager[IO[bytes] | None]:
    return settings.log.open("ab") if settings.log else nullcontext()
