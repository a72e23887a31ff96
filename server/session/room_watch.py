"""Keeps a watch on rooms: a task for each, which has written into its record what the server notes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import structlog
from msgspec import Struct

from server.domain.errors import LianpingError
from server.domain.ids import RoomId
from server.domain.state import RoomState
from server.session.room_session import RoomSession
from server.session.server_notes import ServerNotes
from server.task_end import end_tasks

TRY_AGAIN_S: Final = 2.0
"After the store did not take what was to be written."

_log = structlog.get_logger(__name__)


class Duty(Struct, frozen=True, kw_only=True):
    """What rooms are watched for."""

    notes: Callable[[RoomId], ServerNotes]
    "What is to be written of a room."
    begins: Callable[[RoomState], bool]
    "Whether a room is to be watched, until it is closed."
    left_s: Callable[[RoomState], float | None] = lambda _: None
    "Until a room has to be looked at though nothing has happened; none where that need not be."
    failure: str
    "Under which name the log tells that it could not be written."


class RoomWatch:
    """Watches every room in which the duty has begun; ends when it is left.

    Args:
        session: the live session of a room.
        duty: what is watched for.
    """

    def __init__(self, session: Callable[[RoomId], Awaitable[RoomSession]], duty: Duty) -> None:
        self._session = session
        self._duty = duty
        self._wakes: dict[RoomId, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(*self._tasks)

    def follow(self, room_id: RoomId, room: RoomState) -> None:
        """Note the state of a room: from where the duty begins on it is watched."""
        if room_id not in self._wakes and room.closed_at is None and self._duty.begins(room):
            self._wakes[room_id] = asyncio.Event()
            self._tasks.append(asyncio.create_task(self._keep_watch(room_id, self._wakes[room_id])))
        self.wake(room_id)

    def wake(self, room_id: RoomId) -> None:
        """What the duty is about may have changed."""
        if room_id in self._wakes:
            self._wakes[room_id].set()

    async def _keep_watch(self, room_id: RoomId, wake: asyncio.Event) -> None:
        notes = self._duty.notes(room_id)
        while True:
            wake.clear()
            try:
                session = await self._session(room_id)
                await session.note(notes)
                if session.room.closed_at is not None:
                    return
                left_s = self._duty.left_s(session.room)
            except LianpingError as error:
                _log.warning(self._duty.failure, room=room_id, error=str(error))
                left_s = TRY_AGAIN_S
            with suppress(TimeoutError):  # not `wait_for`: in Python 3.11 it can swallow a cancelling (gh-86296)
                async with asyncio.timeout(left_s):
                    await wake.wait()
