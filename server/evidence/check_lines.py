"""Is the record a record: canonical lines, in order, from one opening to nothing after the close?"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from server.domain.events import RULES_VERSION, RoomClosed, RoomOpened
from server.domain.ids import SYSTEM
from server.domain.lines import SALT_SIZE, Line, LineUnknown, parse_line
from server.evidence.canonical import is_canonical
from server.evidence.package import LINES
from server.evidence.verdict import Check, Finding, Outcome

LINE_LIMIT: Final = 200_000
"Lines of a record; a sitting has some hundreds."
LINE_SIZE_LIMIT: Final = 4 * 1024 * 1024
"Bytes of a line; the longest is the first, which holds a tender file of at most 1 MiB."


class ReadLines(Struct, frozen=True):
    """The lines that could be read, up to the first that could not, and the checks so far."""

    raws: Sequence[bytes]
    lines: Sequence[Line]
    checks: tuple[Check, ...]

    @property
    def opening(self) -> RoomOpened | None:
        """The first event, if it is what it must be."""
        event = self.lines[0].event if self.lines else None
        return event if isinstance(event, RoomOpened) else None

    @property
    def ok(self) -> bool:
        """Whether every line was read and nothing was found."""
        return all(check.ok for check in self.checks)


def place(number: int) -> str:
    """Where a line stands, counted from 1 as editors do."""
    return f"{LINES}:{number + 1}"


def places(after: int, to: int) -> str:
    """Where the lines stand that follow the first `after`, up to the first `to`."""
    return place(after) if to - after == 1 else f"{LINES}:{after + 1}-{to}"


def read_lines(data: bytes) -> ReadLines:
    """Read and check the record's lines."""
    if data.count(b"\n") > LINE_LIMIT:
        return _unread(Finding(reason=f"more than {LINE_LIMIT} lines", where=LINES))
    raws = data.split(b"\n")
    tail = raws.pop()
    ending = [Finding(reason="the last line does not end with a line feed", where=place(len(raws)))] if tail else []
    for number, raw in enumerate(raws):
        if len(raw) > LINE_SIZE_LIMIT:
            return _unread(Finding(reason=f"more than {LINE_SIZE_LIMIT} bytes", where=place(number)))
    lines, unknown = _parse(raws)
    return ReadLines(
        raws,
        lines,
        (
            Check(code="lines_known", failure=Outcome.UNREADABLE, findings=tuple(unknown)),
            Check(code="lines_canonical", failure=Outcome.BROKEN, findings=(*_not_canonical(raws), *ending)),
            Check(code="lines_in_order", failure=Outcome.BROKEN, findings=tuple(_out_of_order(lines))),
            Check(
                code="opening_and_close",
                failure=Outcome.BROKEN,
                findings=(*_misplaced(lines), *([] if unknown else _unopened(lines))),
            ),
        ),
    )


def _unread(finding: Finding) -> ReadLines:
    return ReadLines((), (), (Check(code="lines_known", failure=Outcome.UNREADABLE, findings=(finding,)),))


def _parse(raws: Sequence[bytes]) -> tuple[list[Line], list[Finding]]:
    """The lines up to the first that cannot be read, and why."""
    lines: list[Line] = []
    for number, raw in enumerate(raws):
        try:
            lines.append(parse_line(raw))
        except LineUnknown as error:
            return lines, [Finding(reason=str(error), where=place(number))]
    return lines, []


def _not_canonical(raws: Sequence[bytes]) -> Iterator[Finding]:
    for number, raw in enumerate(raws):
        if not is_canonical(raw):
            yield Finding(reason="not in the form of RFC 8785", where=place(number))


def _out_of_order(lines: Sequence[Line]) -> Iterator[Finding]:
    expected, at = 0, 0
    for number, line in enumerate(lines):
        if line.seq != expected:
            yield Finding(reason=f"its seq is {line.seq} where {expected} belongs", where=place(number))
        if line.head.at < at:
            yield Finding(reason="earlier than the line before it", where=place(number))
        if len(line.head.salt) != SALT_SIZE:
            yield Finding(reason=f"its salt has not {SALT_SIZE} bytes", where=place(number))
        expected, at = line.seq + 1, line.head.at


def _misplaced(lines: Sequence[Line]) -> Iterator[Finding]:
    for number, line in enumerate(lines):
        if isinstance(line.event, RoomOpened) and number:
            yield Finding(reason="a second opening", where=place(number))
        if isinstance(line.event, RoomClosed) and number < len(lines) - 1:
            yield Finding(reason="lines follow the close", where=place(number))
        if (line.head.cause is None) != (line.by == SYSTEM):
            yield Finding(reason="either a person caused it, by a command, or nobody", where=place(number))


def _unopened(lines: Sequence[Line]) -> Iterator[Finding]:
    if not lines or not isinstance(lines[0].event, RoomOpened):
        yield Finding(reason="the first event does not open a room", where=place(0))


def rules_known(opening: RoomOpened) -> Check:
    """Whether this program knows the rules that the room was born with."""
    unknown = Finding(reason=f"rules of version {opening.rules}; known is {RULES_VERSION}", where=place(0))
    findings = () if opening.rules == RULES_VERSION else (unknown,)
    return Check(code="rules_known", failure=Outcome.UNREADABLE, findings=findings)
