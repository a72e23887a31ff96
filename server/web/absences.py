"""Seats whose page was lost and may come back: what belongs to them is kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from server.domain.ids import Alias, RoomId
from server.task_end import end_tasks

RETURN_WITHIN_S: Final = 10.0
"A page tries every second."


class Absences:
    """Waits for each lost page, and lets go of those that do not come back in time."""

    def __init__(self, within_s: float = RETURN_WITHIN_S) -> None:
        self._within_s = within_s
        self._waiting: dict[tuple[RoomId, Alias], asyncio.Task[None]] = {}
        self._parting: set[asyncio.Task[None]] = set()

    def begin(self, room_id: RoomId, alias: Alias, let_go: Callable[[], Awaitable[None]]) -> None:
        """Wait for a seat from now on; `let_go` is called if it stays away."""
        self.end(room_id, alias)
        self._waiting[room_id, alias] = asyncio.create_task(self._wait(room_id, alias, let_go))

    def end(self, room_id: RoomId, alias: Alias) -> None:
        """The seat's page is back, in place of the one that was lost."""
        waiting = self._waiting.pop((room_id, alias), None)
        if waiting is not None:
            waiting.cancel()

    async def close(self) -> None:
        """Wait for nobody any more."""
        tasks = (*self._waiting.values(), *self._parting)
        self._waiting.clear()
        await end_tasks(*tasks)

    async def _wait(self, room_id: RoomId, alias: Alias, let_go: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(self._within_s)
        task = self._waiting.pop((room_id, alias))  # from here on a page that comes back finds the seat empty
        self._parting.add(task)
        try:
            await let_go()
        finally:
            self._parting.remove(task)
