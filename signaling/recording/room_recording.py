"""The recorders of one room: kept in step with the policy and with who is connected."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from signaling.incoming_track import IncomingTrack
from signaling.messages import (
    FromMedia,
    GapReason,
    PieceRecorded,
    RecordingFinished,
    RecordingStarted,
    RecordingStopped,
    Track,
)
from signaling.recording.piece_writer import KeptPiece, LostPiece
from signaling.recording.pieces import Piece
from signaling.recording.recorder import Recorder

TrackKey = tuple[str, Track]
"Alias and track."


class Source(msgspec.Struct, frozen=True):
    """A track that comes in now."""

    track: IncomingTrack
    level_id: int | None
    "The number of the audio level's header extension, where it was agreed."


class Disk(Protocol):
    """Where closed pieces go."""

    def put(self, room: str, piece: Piece) -> bool:
        """Take a piece; false where too much waits already."""
        ...


class RoomRecording:
    """A `recorder.RecorderOwner`; time is an argument.

    Args:
        room: its name.
        disk: takes the pieces.
        tell: sends a message to the server.
        wall: a moment of our clock in milliseconds since 1970 UTC.
    """

    def __init__(self, room: str, disk: Disk, tell: Callable[[FromMedia], None], wall: Callable[[float], int]) -> None:
        self._room = room
        self._disk = disk
        self._tell = tell
        self._wall = wall
        self._wanted: frozenset[TrackKey] = frozenset()
        self._recorders: dict[TrackKey, Recorder] = {}
        self._on_the_way = 0
        "Pieces that the disk has not answered for."
        self._is_finishing = False

    def want(self, tracks: Iterable[TrackKey]) -> None:
        """Record these from the next `follow` on, and no other."""
        self._wanted = frozenset(tracks)

    def follow(self, sources: Mapping[TrackKey, Source], now: float) -> None:
        """Record the wanted tracks of those that come in now."""
        for key, recorder in self._recorders.items():
            if key not in self._wanted:
                recorder.end("not_wanted")
            elif key not in sources:
                recorder.end("disconnected")
        for key in self._wanted & sources.keys():
            source = sources[key]
            recorder = self._recorders.setdefault(key, Recorder(*key, self, self._wall))
            if recorder.incoming is not source.track:
                recorder.begin(source.track, source.level_id, now)

    def tick(self, now: float) -> None:
        """What time brings to every recorder."""
        for recorder in self._recorders.values():
            recorder.tick(now)

    def finish(self) -> None:
        """Close every piece, record nothing more, and say so once all is on the disk."""
        self.want(())
        for recorder in self._recorders.values():
            recorder.end("not_wanted")
        self._is_finishing = True
        self._say_if_finished()

    def became(self, piece: KeptPiece | LostPiece) -> None:
        """What the disk says of a piece."""
        self._on_the_way -= 1
        recorder = self._recorders[piece.alias, piece.track]
        if isinstance(piece, KeptPiece):
            self._tell(PieceRecorded(**msgspec.structs.asdict(piece)))
            recorder.disk_works()
        else:
            recorder.disk_failed(piece.reason)
        self._say_if_finished()

    def _say_if_finished(self) -> None:
        if self._is_finishing and not self._on_the_way:
            self._is_finishing = False
            self._tell(RecordingFinished(room=self._room))

    def keep(self, piece: Piece) -> bool:
        """Hand a closed piece to the disk."""
        taken = self._disk.put(self._room, piece)
        self._on_the_way += taken
        return taken

    def recording(self, alias: str, track: Track) -> None:
        """Tell the server."""
        self._tell(RecordingStarted(room=self._room, alias=alias, track=track))

    def stopped(self, alias: str, track: Track, reason: GapReason) -> None:
        """Tell the server."""
        self._tell(RecordingStopped(room=self._room, alias=alias, track=track, reason=reason))
