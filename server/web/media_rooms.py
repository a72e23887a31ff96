"""What the media process was told of each room: what may flow, what is recorded, and whether that is in force.

A policy that is not in force in time ends the process: another one begins with the rooms as they are told to it anew.
"""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Final, Protocol

import structlog
from msgspec import Struct

from server.domain.ids import Alias, RoomId
from server.domain.recordings import MediaTrack, TrackKey
from server.web import media_words
from signaling.messages import CloseRoom, FinishRecording, OpenRoom, PolicyInForce, SetPolicy, ToMedia

IN_FORCE_WITHIN_S: Final = 2.0

Route = tuple[Alias, Alias, MediaTrack]
"A source, who may receive it, and what of it."

_log = structlog.get_logger(__name__)


class Line(Protocol):
    """The way to the process."""

    @property
    def is_up(self) -> bool:
        """Whether a process is connected now."""
        ...

    def tell(self, message: ToMedia) -> bool:
        """Send to the process; false while there is none."""
        ...

    async def kill(self) -> None:
        """End a process that does not do as it is told."""
        ...


class _Room(Struct):
    opening: OpenRoom
    version: int = 0
    in_force: int = 0
    "The version that the process has confirmed."
    allowed: frozenset[Route] | None = None
    recorded: frozenset[TrackKey] = frozenset()
    is_finished: bool = False
    "Nothing more is to be recorded, whatever the room's state says: it is about to be closed."

    def policy(self) -> SetPolicy:
        return media_words.policy(RoomId(self.opening.room), self.version, self.allowed or (), self.recorded)


class MediaRooms:
    """The rooms of one media process after the other.

    Args:
        line: the way to it.
        recording_key: gives what the recordings of a live room are sealed with.
        in_force_within_s: how long a process may take to put a policy in force.
    """

    def __init__(
        self,
        line: Line,
        recording_key: Callable[[RoomId], bytes | None],
        in_force_within_s: float = IN_FORCE_WITHIN_S,
    ) -> None:
        self._line = line
        self._recording_key = recording_key
        self._in_force_within_s = in_force_within_s
        self._rooms: dict[RoomId, _Room] = {}
        self._versions = count(1)  # of all rooms: what is confirmed late of one that was closed is true of no later one
        self._changed = asyncio.Condition()

    def __contains__(self, room_id: RoomId) -> bool:
        return room_id in self._rooms

    def open(self, room_id: RoomId) -> None:
        """Open a room, unless it is open."""
        if room_id not in self._rooms:
            opening = OpenRoom(room=room_id, recording_key=self._recording_key(room_id))
            self._rooms[room_id] = _Room(opening)
            self._line.tell(opening)

    async def set_policy(self, room_id: RoomId, allowed: frozenset[Route], recorded: frozenset[TrackKey]) -> None:
        """Have this policy in force in an open room; on return no packet flows that it forbids."""
        room = self._rooms[room_id]
        recorded = frozenset() if room.is_finished else recorded
        if (room.allowed, room.recorded) != (allowed, recorded):
            room.version = next(self._versions)
            room.allowed, room.recorded = allowed, recorded
            self._line.tell(room.policy())
        await self._until_in_force(room_id, room, room.version)

    def finish_recording(self, room_id: RoomId) -> bool:
        """Record no more of a room; whether there is a process that has to close its pieces first."""
        room = self._rooms.get(room_id)
        if room is None or room.is_finished:
            return False
        room.is_finished, room.recorded = True, frozenset()
        return self._line.tell(FinishRecording(room=room_id))

    def record_on(self, room_id: RoomId) -> None:
        """From the next policy on, record again what it asks for."""
        self._rooms[room_id].is_finished = False

    def close(self, room_id: RoomId) -> None:
        """Forget an open room."""
        del self._rooms[room_id]
        self._line.tell(CloseRoom(room=room_id))

    async def hear(self, message: PolicyInForce) -> None:
        """The process has put a policy in force."""
        room = self._rooms.get(RoomId(message.room))
        if room is not None:
            room.in_force = message.version
        async with self._changed:
            self._changed.notify_all()

    async def lost(self) -> None:
        """The process is gone: nobody need be waited for."""
        async with self._changed:
            self._changed.notify_all()

    def begin_again(self) -> None:
        """Tell a fresh process everything."""
        for room in self._rooms.values():
            room.in_force = 0
            self._line.tell(room.opening)
            self._line.tell(room.policy())

    async def _until_in_force(self, room_id: RoomId, room: _Room, version: int) -> None:
        def settled() -> bool:
            return not self._line.is_up or room.in_force >= version or self._rooms.get(room_id) is not room

        try:
            async with asyncio.timeout(self._in_force_within_s), self._changed:
                await self._changed.wait_for(settled)
        except TimeoutError:
            _log.error("media_policy_not_in_force", room=room_id, version=version)
            await self._line.kill()
