"""All that a page needs beside the lines to replay a closed room: who saw what since when, and the marks.

Most lines are seen by everybody when they come, so a sight tells only the others, as runs of neighbouring lines.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from server.domain.events import SeatPlanned
from server.domain.ids import Alias, Seq
from server.domain.lines import Line
from server.replay.marks import Mark, marks
from server.replay.timeline import Since, visible_since


class Sight(Struct, frozen=True, kw_only=True):
    """What one alias saw: each line from when it came, none before the own seat was planned; but for these."""

    planned: Seq
    "The line that planned the seat."
    later: tuple[tuple[Seq, Seq, Seq], ...]
    "Runs of lines that opened later: the first, the last, and the line that opened them."
    never: tuple[tuple[Seq, Seq], ...]
    "Runs of lines that stayed hidden: the first and the last."


class ReplayTable(Struct, frozen=True, kw_only=True):
    """The replay of one room."""

    size: int
    "Lines in the room's record."
    aliases: dict[Alias, Sight]
    marks: tuple[Mark, ...]


def replay_table(lines: Sequence[Line]) -> ReplayTable:
    """The table of a whole log."""
    planned = {line.event.alias: line.seq for line in lines if isinstance(line.event, SeatPlanned)}
    since = visible_since(lines)
    sights = {alias: _sight(planned[alias], since[alias], len(lines)) for alias in planned}
    return ReplayTable(size=len(lines), aliases=sights, marks=marks(lines))


def _sight(planned: Seq, since: Since, size: int) -> Sight:
    found = [(Seq(seq), since.get(Seq(seq))) for seq in range(size)]
    opened = [(seq, at) for seq, at in found if at is not None and at != max(seq, planned)]
    hidden = [(seq, None) for seq, at in found if at is None]
    return Sight(
        planned=planned,
        later=tuple((first, last, at) for first, last, at in _runs(opened) if at is not None),
        never=tuple((first, last) for first, last, _ in _runs(hidden)),
    )


def _runs(lines: Iterable[tuple[Seq, Seq | None]]) -> Iterator[tuple[Seq, Seq, Seq | None]]:
    """Neighbouring lines with the same fact, as the first, the last and the fact."""
    run: tuple[Seq, Seq, Seq | None] | None = None
    for seq, fact in lines:
        if run is not None and (seq, fact) == (run[1] + 1, run[2]):
            run = (run[0], seq, fact)
            continue
        if run is not None:
            yield run
        run = (seq, seq, fact)
    if run is not None:
        yield run
