"""The process that pulls one camera, as the server sees it: started here, spoken to, and ended when it says nothing."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec
import structlog

from signaling.framing import FrameReader, FrameTooLong, frame
from signaling.pulling.messages import BEAT_S, FromPull, ToPull, read_from_pull

SILENT_AFTER_S: Final = 8 * BEAT_S
"It says how it stands every `BEAT_S`; one that has not for so long hangs."
READ_BYTES: Final = 1 << 16

_log = structlog.get_logger(__name__)


class PullProcess:
    """One process; use `pull_process`."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def tell(self, message: ToPull) -> None:
        """Send to it."""
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(frame(message))

    async def messages(self) -> AsyncIterator[FromPull]:
        """What it says, until it ends, hangs, or says what cannot be read."""
        frames, said = FrameReader(), self._process.stdout
        try:
            while said is not None:
                async with asyncio.timeout(SILENT_AFTER_S):
                    data = await said.read(READ_BYTES)
                if not data:
                    return
                for body in frames.feed(data):
                    yield read_from_pull(body)
        except (TimeoutError, FrameTooLong, msgspec.DecodeError, ConnectionError) as error:
            _log.error("camera_process_lost", pid=self.pid, error=str(error) or type(error).__name__)


@asynccontextmanager
async def pull_process() -> AsyncIterator[PullProcess]:
    """A process that knows nothing of ours: no setting, no secret; it ends with the context, or with us."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "signaling.pulling", stdin=PIPE, stdout=PIPE, env=environment
    )
    try:
        yield PullProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
