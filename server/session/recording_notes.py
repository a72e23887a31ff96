"""What is still to be written about the recording of one room, as events, given what its record says already. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from server.domain.events import (
    AnyEvent,
    MediaRecorded,
    RecordingBegan,
    RecordingGap,
    RecordingSpaceTold,
    RoomPaused,
)
from server.domain.phases import Phase
from server.domain.recordings import GapReason, PieceNote, RecordedPieces, TrackKey
from server.domain.rules.agent_talks import ended_by
from server.domain.rules.server_events import NO_SPACE, PAUSE_AT_MINUTES
from server.domain.state import RoomState

SPACE_STEPS: Final = (5, 10, 15, 30, 60)
"Minutes of recording left at which it is told, and told again when less is left."


class RecordingNotes:
    """A `room_session.ServerNotes`."""

    def __init__(self) -> None:
        self.live: set[TrackKey] = set()
        "The tracks that are recorded now, whether or not the record says so already."
        self.look_at_disk = True
        "Whether pieces may lie there that nobody has told of."
        self.holds_pieces = False
        "Whether pieces wait until the disk has been looked at: one that lies there would be passed over for good."
        self.space: int | None = None
        "Minutes of recording that the disk still holds, if that is known."
        self._turns: list[tuple[TrackKey, GapReason | None]] = []
        self._given = 0
        self._pieces: dict[TrackKey, dict[int, PieceNote]] = {}

    def turn(self, track: TrackKey, gap: GapReason | None) -> None:
        """A track is recorded from now on, or is not for this reason."""
        (self.live.discard if gap else self.live.add)(track)
        self._turns.append((track, gap))

    def keep(self, track: TrackKey, piece: PieceNote) -> None:
        """A piece is on the disk."""
        self._pieces.setdefault(track, {})[piece.number] = piece

    def due(self, room: RoomState) -> list[AnyEvent]:
        """Everything that the record does not say yet."""
        if not room.is_recorded or room.phase in (Phase.PREPARED, Phase.CLOSED):
            return []
        self._given = len(self._turns)
        recorded = () if self.holds_pieces else tuple(self._fresh_pieces(room))
        pieces: list[AnyEvent] = [MediaRecorded(tracks=recorded)] if recorded else []
        return [*self._changes(room), *pieces, *self._told_space(room)]

    def written(self) -> None:
        """What was given last stands; pieces are dropped when the record is looked at next."""
        del self._turns[: self._given]
        self._given = 0

    def _changes(self, room: RoomState) -> Iterator[AnyEvent]:
        """Each turn that is one: what the record says already is left out."""
        said = {
            (alias, kind): track.gap is None
            for alias, tracks in room.recordings.items()
            for kind, track in tracks.items()
        }
        for (alias, kind), gap in self._turns:
            if said.get((alias, kind), False) == (gap is None):
                continue
            said[alias, kind] = gap is None
            if gap is None:
                yield RecordingBegan(alias=alias, kind=kind)
            else:
                yield RecordingGap(alias=alias, kind=kind, gap=gap)

    def _fresh_pieces(self, room: RoomState) -> Iterator[RecordedPieces]:
        for (alias, kind), kept in sorted(self._pieces.items()):
            last = room.pieces.get(alias, {}).get(kind, 0)
            fresh = self._pieces[alias, kind] = {number: kept[number] for number in sorted(kept) if number > last}
            run = _first_run(list(fresh.values()))
            if run:
                yield RecordedPieces(
                    alias=alias,
                    kind=kind,
                    first=run[0].number,
                    last=run[-1].number,
                    digests=b"".join(bytes.fromhex(piece.sha256) for piece in run),
                    begins_at=run[0].begins_at,
                    ends_at=run[-1].ends_at,
                    size=sum(piece.size for piece in run),
                )

    def _told_space(self, room: RoomState) -> Iterator[AnyEvent]:
        if self.space is None:
            return
        step = _step(self.space)
        if step != _step(room.recording_space):
            yield RecordingSpaceTold(minutes=self.space if step is not None else None)
        if self.space <= PAUSE_AT_MINUTES and room.paused is None:
            pause = RoomPaused(reason=NO_SPACE)
            yield from (*ended_by([pause], room), pause)


def _step(minutes: int | None) -> int | None:
    """The step that so little space has come to; none where it is enough."""
    return next((step for step in SPACE_STEPS if minutes is not None and minutes <= step), None)


def _first_run(pieces: Sequence[PieceNote]) -> list[PieceNote]:
    """The pieces up to the first hole in their numbers."""
    run: list[PieceNote] = []
    for piece in pieces:
        if run and piece.number != run[-1].number + 1:
            break
        run.append(piece)
    return run
