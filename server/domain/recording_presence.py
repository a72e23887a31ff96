"""When each seat was to be recorded, and when nobody was to speak, as the record's lines tell it."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from server.domain.events import (
    AnyEvent,
    LotPhaseChanged,
    MemberReplaced,
    PhaseChanged,
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
from server.domain.ids import Alias, Millis
from server.domain.lines import Line
from server.domain.media_policy import may_confer, recorded_seats
from server.domain.recordings import Stretch
from server.domain.state import EMPTY

_TELLING: tuple[type[AnyEvent], ...] = (
    *(RoomOpened, SeatPlanned, SeatEnrolled, SeatConfirmed, SeatReleased, MemberReplaced),
    *(PhaseChanged, LotPhaseChanged, RoundOpened, SheetHandedIn, SheetReturned, StageRevealed),
    *(RoomPaused, RoomResumed, RoomClosed),
)
"The events that `recorded_seats` and `may_confer` depend on: a long record is folded quickly."


class Presence(Struct, frozen=True, kw_only=True):
    """The whole record, or its beginning up to a moment."""

    due: dict[Alias, tuple[Stretch, ...]]
    "When each seat was to be recorded; a seat that never was is missing."
    apart: tuple[Stretch, ...]
    "When members worked alone, or the room was paused."


def presence(lines: Iterable[Line], until: Millis) -> Presence:
    """What the lines say of the time up to a moment."""
    due: dict[Alias, list[Stretch]] = {}
    apart: list[Stretch] = []
    for seats, is_apart, span in _spans(lines, until):
        for alias in seats:
            _extend(due.setdefault(alias, []), span)
        if is_apart:
            _extend(apart, span)
    return Presence(due={alias: tuple(spans) for alias, spans in sorted(due.items())}, apart=tuple(apart))


def _spans(lines: Iterable[Line], until: Millis) -> Iterator[tuple[frozenset[Alias], bool, Stretch]]:
    """Who was to be recorded and whether members were apart, from one telling line to the next."""
    room, since = EMPTY, Millis(0)
    for line in lines:
        if not isinstance(line.event, _TELLING):
            continue
        at = min(line.head.at, until)
        if at > since and room.opening is not None:
            yield recorded_seats(room), not may_confer(room), Stretch(begins_at=since, ends_at=at)
        room, since = apply(room, line), at
    if until > since and room.opening is not None:
        yield recorded_seats(room), not may_confer(room), Stretch(begins_at=since, ends_at=until)


def _extend(spans: list[Stretch], span: Stretch) -> None:
    """Add what follows, as one stretch with what it follows without a break."""
    if spans and spans[-1].ends_at == span.begins_at:
        span = Stretch(begins_at=spans.pop().begins_at, ends_at=span.ends_at)
    spans.append(span)
