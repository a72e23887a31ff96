"""When each track was to be recorded, and when nobody was to speak, as the record's lines tell it."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from server.domain.events import (
    AnyEvent,
    LotPhaseChanged,
    MemberReplaced,
    PhaseChanged,
    RecordingWaived,
    RoomClosed,
    RoomOpened,
    RoomPaused,
    RoomResumed,
    RoundOpened,
    SeatConfirmed,
    SeatEnrolled,
    SeatPlanned,
    SeatReleased,
    SheetHandedIn,
    SheetReturned,
    StageRevealed,
)
from server.domain.fold import apply
from server.domain.gates import is_waived
from server.domain.ids import Millis
from server.domain.lines import Line
from server.domain.media_policy import may_confer, recorded_tracks
from server.domain.recordings import CONTINUOUS, Stretch, TrackKey
from server.domain.state import EMPTY, RoomState

_TELLING: tuple[type[AnyEvent], ...] = (
    *(RoomOpened, SeatPlanned, SeatEnrolled, SeatConfirmed, SeatReleased, MemberReplaced),
    *(PhaseChanged, LotPhaseChanged, RoundOpened, SheetHandedIn, SheetReturned, StageRevealed),
    *(RoomPaused, RoomResumed, RoomClosed, RecordingWaived),
)
"The events that `recorded_tracks` and `may_confer` depend on: a long record is folded quickly."


class Presence(Struct, frozen=True, kw_only=True):
    """The whole record, or its beginning up to a moment."""

    due: dict[TrackKey, tuple[Stretch, ...]]
    "When each track was to be recorded, and was not waived; one that never was is missing."
    apart: tuple[Stretch, ...]
    "When members worked alone, or the room was paused."


def presence(lines: Iterable[Line], until: Millis) -> Presence:
    """What the lines say of the time up to a moment."""
    due: dict[TrackKey, list[Stretch]] = {}
    apart: list[Stretch] = []
    for tracks, is_apart, span in _spans(lines, until):
        for track in tracks:
            _extend(due.setdefault(track, []), span)
        if is_apart:
            _extend(apart, span)
    return Presence(due={track: tuple(spans) for track, spans in sorted(due.items())}, apart=tuple(apart))


def _spans(lines: Iterable[Line], until: Millis) -> Iterator[tuple[frozenset[TrackKey], bool, Stretch]]:
    """What was to be recorded and whether members were apart, from one telling line to the next."""
    room, since = EMPTY, Millis(0)
    for line in lines:
        if not isinstance(line.event, _TELLING):
            continue
        at = min(line.head.at, until)
        if at > since and room.opening is not None:
            yield _due(room), not may_confer(room), Stretch(begins_at=since, ends_at=at)
        room, since = apply(room, line), at
    if until > since and room.opening is not None:
        yield _due(room), not may_confer(room), Stretch(begins_at=since, ends_at=until)


def _due(room: RoomState) -> frozenset[TrackKey]:
    return frozenset(track for track in recorded_tracks(room) if track[1] in CONTINUOUS and not is_waived(*track, room))


def _extend(spans: list[Stretch], span: Stretch) -> None:
    """Add what follows, as one stretch with what it follows without a break."""
    if spans and spans[-1].ends_at == span.begins_at:
        span = Stretch(begins_at=spans.pop().begins_at, ends_at=span.ends_at)
    spans.append(span)
