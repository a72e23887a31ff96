"""Ends the talks with the agent that may not go on: their witness hears the room no more, a side is not recorded any
more, or they have lasted long enough. Whatever else ends a talk is somebody's command.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import structlog

from server.domain.agent_talk import TALK_LIMIT_MS
from server.domain.errors import LianpingError
from server.domain.events import AnyEvent, TalkEnded
from server.domain.ids import Alias, Millis, RoomId
from server.domain.state import RoomState
from server.domain.talk_policy import end_due
from server.session.room_session import RoomSession

TRY_AGAIN_S: Final = 2.0
"After the store did not take what was to be written."

_log = structlog.get_logger(__name__)


class TalkNotes:
    """A `room_session.ServerNotes`: the end of the talk that is open, once it is due.

    Args:
        listening: the seats that the room's sound reaches now.
        clock: the server's.
    """

    def __init__(self, listening: Callable[[], Collection[Alias]], clock: Callable[[], Millis]) -> None:
        self._listening = listening
        self._clock = clock

    def due(self, room: RoomState) -> list[AnyEvent]:
        """The end, if the talk may not go on."""
        end = end_due(room, self._listening(), self._clock())
        if room.talk is None or end is None:
            return []
        return [TalkEnded(asker=room.talk.asker, agent=room.talk.agent, member=room.talk.member, end=end)]

    def written(self) -> None:
        """It stands in the record, which is all that is asked."""


class TalkWatch:
    """Watches every room in which a talk has been seen; ends when it is left.

    Args:
        session: the live session of a room.
        listening: the seats of a room that its sound reaches now.
        clock: the server's.
    """

    def __init__(
        self,
        session: Callable[[RoomId], Awaitable[RoomSession]],
        listening: Callable[[RoomId], Collection[Alias]],
        clock: Callable[[], Millis],
    ) -> None:
        self._session = session
        self._listening = listening
        self._clock = clock
        self._wakes: dict[RoomId, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    def follow(self, room_id: RoomId, room: RoomState) -> None:
        """Note the state of a room: from its first talk on it is watched."""
        if room.talk is not None and room_id not in self._wakes:
            self._wakes[room_id] = asyncio.Event()
            self._tasks.append(asyncio.create_task(self._keep_watch(room_id, self._wakes[room_id])))
        self.wake(room_id)

    def wake(self, room_id: RoomId) -> None:
        """Who listens in a room has changed."""
        if room_id in self._wakes:
            self._wakes[room_id].set()

    async def _keep_watch(self, room_id: RoomId, wake: asyncio.Event) -> None:
        notes = TalkNotes(lambda: self._listening(room_id), self._clock)
        while True:
            wake.clear()
            try:
                session = await self._session(room_id)
                await session.note(notes)
                if session.room.closed_at is not None:
                    return
                left_s = _left_s(session.room, self._clock())
            except LianpingError as error:
                _log.warning("talk_not_ended", room=room_id, error=str(error))
                left_s = TRY_AGAIN_S
            with suppress(TimeoutError):  # not `wait_for`: in Python 3.11 it can swallow a cancelling (gh-86296)
                async with asyncio.timeout(left_s):
                    await wake.wait()


def _left_s(room: RoomState, now: Millis) -> float | None:
    """Until the talk has lasted long enough; none where there is none."""
    return None if room.talk is None else max(0, room.talk.opened_at + TALK_LIMIT_MS - now) / 1000
