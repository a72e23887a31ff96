"""What the media process says of its recordings, on its way into the rooms' records.

A gap, a beginning and a change of phase are written at once, with all pieces that are known by then; what else is
recorded is written twice a minute. What a piece's file is was settled before: it is on the disk, and its digest is
taken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Final, Protocol, Self

import structlog
from msgspec import Struct

from server.domain.errors import LianpingError
from server.domain.ids import RoomId, Seq
from server.domain.recordings import GapReason, PieceNote, TrackKey
from server.domain.state import RoomState
from server.session.recording_notes import RecordingNotes
from server.session.recording_space import SpaceWatch
from server.session.room_session import RoomSession
from server.session.server_notes import NoNotes, ServerNotes
from server.task_end import end_tasks

WRITE_EVERY_S: Final = 30.0
TRY_AGAIN_S: Final = 2.0
"After the store did not take what was to be written."

_log = structlog.get_logger(__name__)


class PieceFiles(Protocol):
    """The pieces on the disk."""

    async def kept_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[PieceNote]]:
        """The pieces of a room's tracks with higher numbers than those that are known."""
        ...


class _Room(Struct):
    """What is under way for one room."""

    notes: RecordingNotes
    wake: asyncio.Event
    task: asyncio.Task[None]
    phase_at: Seq
    is_finishing: bool = False
    "That nothing more is recorded is the end then, and no gap."
    ended: set[TrackKey] = set()
    "The tracks that were recorded until then."


class Recordings:
    """Writes for every room that has been seen; ends when it is left.

    Args:
        session: the live session of a room.
        files: the pieces on the disk.
        finish: has the media process close all pieces of a room, and waits until they are on the disk.
        space: how much the disk still holds.
    """

    def __init__(
        self,
        session: Callable[[RoomId], Awaitable[RoomSession]],
        files: PieceFiles,
        finish: Callable[[RoomId], Awaitable[None]],
        space: SpaceWatch,
    ) -> None:
        self._session = session
        self._files = files
        self._finish = finish
        self._space = space
        self._rooms: dict[RoomId, _Room] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(*(room.task for room in self._rooms.values()))

    # -- what the room says --------------------------------------------------------------------------------------

    def follow(self, room_id: RoomId, room: RoomState) -> None:
        """Note the state of a room that is to be recorded; at first sight, what an earlier run of the server left."""
        known = self._rooms.get(room_id)
        if known is None:
            if room.is_recorded and room.closed_at is None:
                self._begin(room_id, room)
        elif known.phase_at != room.phase_at:
            known.phase_at = room.phase_at
            known.wake.set()

    def _begin(self, room_id: RoomId, room: RoomState) -> None:
        notes, wake = RecordingNotes(), asyncio.Event()
        for alias, tracks in room.recordings.items():
            for kind, track in tracks.items():
                if track.gap is None:
                    notes.turn((alias, kind), GapReason.SERVER_RESTARTED)
        task = asyncio.create_task(self._keep_writing(room_id, notes, wake))
        self._rooms[room_id] = _Room(notes, wake, task, room.phase_at)
        wake.set()

    # -- what the media process says -----------------------------------------------------------------------------

    def began(self, room_id: RoomId, track: TrackKey) -> None:
        """A track is recorded from now on."""
        self._turn(room_id, track, None)

    def stopped(self, room_id: RoomId, track: TrackKey, reason: GapReason) -> None:
        """It is not any more."""
        self._turn(room_id, track, reason)

    def _turn(self, room_id: RoomId, track: TrackKey, gap: GapReason | None) -> None:
        room = self._rooms.get(room_id)
        if room is None:
            return
        if room.is_finishing and gap is GapReason.NOT_WANTED:
            room.notes.live.discard(track)
            room.ended.add(track)
        else:
            room.notes.turn(track, gap)
            room.wake.set()

    def kept(self, room_id: RoomId, track: TrackKey, piece: PieceNote) -> None:
        """A piece is on the disk."""
        self._space.wrote(piece.size)
        room = self._rooms.get(room_id)
        if room is not None:
            room.notes.keep(track, piece)

    def process_ended(self) -> None:
        """Nothing is recorded any more; what the process has not told of lies on the disk."""
        for room in self._rooms.values():
            for track in sorted(room.notes.live):
                room.notes.turn(track, GapReason.MEDIA_PROCESS_ENDED)
            room.notes.look_at_disk = True
            room.wake.set()

    # -- writing -------------------------------------------------------------------------------------------------

    async def last_words(self, room_id: RoomId) -> ServerNotes:
        """End the recording of a room that is about to be closed; what is left to be written."""
        room = self._rooms.get(room_id)
        if room is None:
            return NoNotes()
        room.is_finishing = True
        await self._finish(room_id)
        room.notes.holds_pieces = False
        return room.notes

    def record_on(self, room_id: RoomId) -> None:
        """The room has not been closed after all: that was a gap."""
        room = self._rooms.get(room_id)
        if room is None:
            return
        room.is_finishing = False
        for track in sorted(room.ended):
            room.notes.turn(track, GapReason.NOT_WANTED)
        room.ended.clear()
        room.wake.set()

    async def _keep_writing(self, room_id: RoomId, notes: RecordingNotes, wake: asyncio.Event) -> None:
        while True:
            with suppress(TimeoutError):  # not `wait_for`: in Python 3.11 it can swallow a cancelling (gh-86296)
                async with asyncio.timeout(WRITE_EVERY_S):
                    await wake.wait()
            wake.clear()
            try:
                session = await self._session(room_id)
                if session.room.closed_at is not None:
                    return
                notes.holds_pieces = not await self._has_looked(room_id, notes, session.room)
                notes.space = self._minutes_left(room_id)
                await session.note(notes)
            except (LianpingError, OSError) as error:
                _log.warning("recording_not_noted", room=room_id, error=str(error))
                wake.set()
                await asyncio.sleep(TRY_AGAIN_S)

    async def _has_looked(self, room_id: RoomId, notes: RecordingNotes, room: RoomState) -> bool:
        """Look at the disk if that is still to be done; where it does not answer, what else is known stands."""
        try:
            await self._look_at_disk(room_id, notes, room)
        except OSError as error:
            _log.warning("recordings_not_looked_at", room=room_id, error=str(error))
            return self._rooms[room_id].is_finishing  # the last words are all that is ever said
        return True

    def _minutes_left(self, room_id: RoomId) -> int | None:
        try:
            return self._space.minutes_left()
        except OSError as error:
            _log.warning("recording_space_unknown", room=room_id, error=str(error))
            return None

    async def _look_at_disk(self, room_id: RoomId, notes: RecordingNotes, room: RoomState) -> None:
        """Take up the pieces that lie on the disk without a word about them."""
        if not notes.look_at_disk:
            return
        known = {(alias, kind): last for alias, tracks in room.pieces.items() for kind, last in tracks.items()}
        for track, pieces in (await self._files.kept_after(room_id, known)).items():
            for piece in pieces:
                notes.keep(track, piece)
        notes.look_at_disk = False
