"""The recordings of one room as far as they have been examined: each piece is looked at once, soon after it came."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from server.domain.events import RecordingsChecked
from server.domain.ids import Millis, RoomId
from server.domain.lines import Line
from server.domain.recording_presence import Presence, presence
from server.domain.recordings import CAMERA_AND_MICROPHONE, PieceLook, TrackKey
from server.domain.track_review import TrackReview

Look = Callable[[RoomId, Path], Awaitable[PieceLook | None]]
"Says what a piece of a room shows; none where it is no piece."


class KeptPieces(Protocol):
    """The pieces on the disk."""

    async def paths_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[tuple[int, Path]]]:
        """The files of a room's tracks with higher numbers than those that are known, in their order."""
        ...


class RecordingReview:
    """Goes on where it was, as often as it is asked to.

    Args:
        room: whose recordings.
        files: the pieces on the disk.
        look: at one of them.
    """

    def __init__(self, room: RoomId, files: KeptPieces, look: Look) -> None:
        self.pieces = 0
        self.examined = 0
        self._room = room
        self._files = files
        self._look = look
        self._tracks: dict[TrackKey, TrackReview] = {}
        self._known: dict[TrackKey, int] = {}
        self._going_on = asyncio.Lock()

    async def go_on(self) -> None:
        """Look at all that has come to the disk; may be cancelled, and asked again.

        Raises:
            OSError: the disk does not answer.
        """
        async with self._going_on:
            fresh = await self._files.paths_after(self._room, self._known)
            self.pieces = self.examined + sum(map(len, fresh.values()))
            for track, paths in fresh.items():
                await self._examine(track, paths)

    async def _examine(self, track: TrackKey, paths: Sequence[tuple[int, Path]]) -> None:
        review = self._tracks.setdefault(track, TrackReview(*track))
        for number, path in paths:
            review.take(await self._look(self._room, path))
            self._known[track] = number
            self.examined += 1

    def result(self, lines: Sequence[Line], until: Millis, open_ms: int = 0) -> RecordingsChecked:
        """What it has come to, for all that was to be recorded up to a moment; `open_ms` as in `TrackReview.check`."""
        present = presence(lines, until)
        tracks = tuple(self._review(track).check(present, open_ms) for track in self._due(present))
        return RecordingsChecked(pieces=self.pieces, examined=self.examined, tracks=tracks)

    def _due(self, present: Presence) -> list[TrackKey]:
        """Every camera and microphone that was to be recorded, and what else there is."""
        due = {track for track in present.due if track[1] in CAMERA_AND_MICROPHONE}
        return sorted(due | self._tracks.keys())

    def _review(self, track: TrackKey) -> TrackReview:
        return self._tracks.get(track) or TrackReview(*track)
