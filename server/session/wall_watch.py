"""Writes into the record which players are on supervisors' walls: what was shown where, from when to when."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import structlog

from server.domain.errors import LianpingError
from server.domain.events import AnyEvent, WallPlayerCame, WallPlayerLeft
from server.domain.ids import RoomId
from server.domain.rules.server_events import objection
from server.domain.state import RoomState
from server.session.room_session import RoomSession

TRY_AGAIN_S: Final = 2.0
"After the store did not take what was to be written."

Present = Mapping[str, WallPlayerCame]
"The players that are connected, by name, each as the record tells that it came."

_log = structlog.get_logger(__name__)


class WallNotes:
    """A `room_session.ServerNotes`: who has come and who has left since the record was last written.

    Args:
        present: those that are connected now.
    """

    def __init__(self, present: Callable[[], Present]) -> None:
        self._present = present

    def due(self, room: RoomState) -> list[AnyEvent]:
        """What the record does not tell yet; of passes that have ended nothing more."""
        present = self._present()
        noted = {(name, player) for name, wall in room.walls.items() for player in wall.players}
        left = [WallPlayerLeft(wall=wall, player=player) for wall, player in sorted(noted) if player not in present]
        known = {player for _, player in noted}
        events: list[AnyEvent] = [*left, *(each for player, each in present.items() if player not in known)]
        return [event for event in events if objection(event, room) is None]

    def written(self) -> None:
        """It stands in the record, which is all that is asked."""


class WallWatch:
    """Watches every room that has been shown on a wall; ends when it is left.

    Args:
        session: the live session of a room.
        present: the players of a room that are connected now.
    """

    def __init__(
        self, session: Callable[[RoomId], Awaitable[RoomSession]], present: Callable[[RoomId], Present]
    ) -> None:
        self._session = session
        self._present = present
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
        """Note the state of a room: from its first pass on it is watched."""
        if room.walls and room.closed_at is None and room_id not in self._wakes:
            self._wakes[room_id] = asyncio.Event()
            self._wakes[room_id].set()
            self._tasks.append(asyncio.create_task(self._keep_watch(room_id, self._wakes[room_id])))

    def wake(self, room_id: RoomId) -> None:
        """Who is on a wall has changed."""
        if room_id in self._wakes:
            self._wakes[room_id].set()

    async def _keep_watch(self, room_id: RoomId, wake: asyncio.Event) -> None:
        notes = WallNotes(lambda: self._present(room_id))
        while True:
            await wake.wait()
            wake.clear()
            try:
                session = await self._session(room_id)
                if session.room.closed_at is not None:
                    return
                await session.note(notes)
            except LianpingError as error:
                _log.warning("wall_not_noted", room=room_id, error=str(error))
                await asyncio.sleep(TRY_AGAIN_S)
                wake.set()
