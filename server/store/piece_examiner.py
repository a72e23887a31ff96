"""Has pieces looked at by the examiner, a process that is started when there is something to look at."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec
import structlog

from server.domain.ids import RoomId
from server.domain.recordings import PieceLook

TRIES: Final = 2
"A process that ends over a piece may have been ended from outside; the second one tells."

_log = structlog.get_logger(__name__)


class PieceExaminer:
    """Looks at one piece after the other, for all rooms; its process ends when it is left.

    Args:
        key_of: gives what a room's pieces are sealed with; none where that is not known.
    """

    def __init__(self, key_of: Callable[[RoomId], Awaitable[bytes | None]]) -> None:
        self._key_of = key_of
        self._process: Process | None = None
        self._asking = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._asking:
            await self._end()

    @property
    def pid(self) -> int | None:
        """The process, if there is one now."""
        return self._process.pid if self._process is not None else None

    async def look(self, room: RoomId, path: Path) -> PieceLook | None:
        """What a piece of a room shows; none where it is no piece, or cannot be opened or looked at.

        Raises:
            StoreUnavailable: no answer about the room's key.
        """
        question = msgspec.json.encode({"path": str(path), "key": await self._key_of(room)}) + b"\n"
        async with self._asking:
            for _ in range(TRIES):
                answer = await self._answer(question)
                if answer:
                    return msgspec.json.decode(answer, type=PieceLook | None)
                await self._end()
        _log.error("piece_not_examined", path=str(path))
        return None

    async def _answer(self, question: bytes) -> bytes:
        """One line; empty where the process ends instead."""
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "signaling.recording.examiner", stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        asking, answers = self._process.stdin, self._process.stdout
        if asking is None or answers is None:
            raise TypeError("the process was started with pipes")
        try:
            asking.write(question)
            await asking.drain()
            return await answers.readline()
        except asyncio.CancelledError:  # the answer would be taken for that of the next piece
            self._process.kill()
            raise
        except ConnectionError:
            return b""

    async def _end(self) -> None:
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()
            self._process = None
