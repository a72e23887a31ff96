"""Is the record a record: canonical lines, in order, from one opening to nothing after the close?"""

from collections.abc import Sequence

from msgspec import Struct

from server.domain.events import RULES_VERSION, RoomClosed, RoomOpened
from server.domain.ids import SYSTEM
from server.domain.lines import SALT_SIZE, Line, LineUnknown, parse_line
from server.evidence.canonical import is_canonical
from server.evidence.package import LINES
from server.evidence.verdict import Check, Finding, Outcome


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


def place(number: int) -> str:
    """Where a line stands, counted from 1 as editors do."""
    return f"{LINES}:{number + 1}"


def read_lines(data: bytes) -> ReadLines:
    """Read and check the record's lines."""
    raws = data.split(b"\n")
    tail = raws.pop()
    ending = [Finding(reason="the last line does not end with a line feed", where=place(len(raws)))] if tail else []
    lines: list[Line] = []
    unknown: list[Finding] = []
    for number, raw in enumerate(raws):
        try:
            lines.append(parse_line(raw))
        except LineUnknown as error:
            unknown.append(Finding(reason=str(error), where=place(number)))
            break
    readable = not unknown
    return ReadLines(
        raws,
        lines,
        (
            Check(code="lines_known", failure=Outcome.UNREADABLE, findings=tuple(unknown)),
            Check(code="lines_canonical", failure=Outcome.BROKEN, findings=(*_not_canonical(raws), *ending)),
            Check(code="lines_in_order", failure=Outcome.BROKEN, findings=tuple(_out_of_order(lines))),
            Check(code="opening_and_close", failure=Outcome.BROKEN, findings=tuple(_misplaced(lines, readable))),
        ),
    )


def _not_canonical(raws: Sequence[bytes]) -> list[Finding]:
    return [
        Finding(reason="not in the form of RFC 8785", where=place(number))
        for number, raw in enumerate(raws)
        if not is_canonical(raw)
    ]


def _out_of_order(lines: Sequence[Line]) -> list[Finding]:
    findings = []
    at = 0
    for number, line in enumerate(lines):
        if line.seq != number:
            findings.append(Finding(reason=f"seq is {line.seq}", where=place(number)))
        if line.head.at < at:
            findings.append(Finding(reason="earlier than the line before it", where=place(number)))
        if len(line.head.salt) != SALT_SIZE:
            findings.append(Finding(reason=f"the salt has not {SALT_SIZE} bytes", where=place(number)))
        at = max(at, line.head.at)
    return findings


def _misplaced(lines: Sequence[Line], readable: bool) -> list[Finding]:
    findings = []
    if readable and (not lines or not isinstance(lines[0].event, RoomOpened)):
        findings.append(Finding(reason="the first event does not open a room", where=place(0)))
    for number, line in enumerate(lines):
        if isinstance(line.event, RoomOpened) and number:
            findings.append(Finding(reason="a second opening", where=place(number)))
        if isinstance(line.event, RoomClosed) and number < len(lines) - 1:
            findings.append(Finding(reason="lines follow the close", where=place(number)))
        if (line.head.cause is None) != (line.by == SYSTEM):
            findings.append(Finding(reason="caused by nobody and by a person at once", where=place(number)))
    return findings


def rules_known(opening: RoomOpened) -> Check:
    """Whether this program knows the rules that the room was born with."""
    unknown = Finding(reason=f"rules of version {opening.rules}; known is {RULES_VERSION}", where=place(0))
    findings = () if opening.rules == RULES_VERSION else (unknown,)
    return Check(code="rules_known", failure=Outcome.UNREADABLE, findings=findings)
