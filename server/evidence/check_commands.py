"""Did every line follow from a command that its author signed? The rules are applied again, line by line.

A room without trust in its host: `decide` runs over the signed bytes with the logged time, salts, draws and
certificates, and must give the very lines that stand in the record.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from server.domain.decide import decide
from server.domain.errors import Rejection
from server.domain.events import LotDrawn, RoomOpened, SeatEnrolled
from server.domain.fold import fold
from server.domain.ids import Digest
from server.domain.lines import Line
from server.domain.moment import Moment
from server.domain.plan import SignedCommand
from server.domain.state import EMPTY, RoomState
from server.evidence.check_lines import place
from server.evidence.command_signatures import command_digest
from server.evidence.ledger import Ledger, entries_of
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.sealing import open_command, seal
from server.evidence.verdict import Check, Finding, Outcome

JudgeCertificate = Callable[[RoomOpened, SeatEnrolled, Line, RoomState], Sequence[str]]
"Every reason why a seat's certificate does not hold; none if it does."


class _Entry(Struct, frozen=True):
    """The lines of one command, with the room and the tree before them."""

    lines: Sequence[Line]
    raws: Sequence[bytes]
    room: RoomState
    tree: MerkleTree
    ledger: Ledger


def check_commands(
    raws: Sequence[bytes], lines: Sequence[Line], opening: RoomOpened, judge_certificate: JudgeCertificate
) -> tuple[Check, ...]:
    """Check every command's signature, decide it again, and check every seat's certificate."""
    unsigned: list[Finding] = []
    undecided: list[Finding] = []
    uncertified: list[Finding] = []
    room, tree, ledger, number = EMPTY, MerkleTree(), Ledger(), 0
    for group in entries_of(lines):
        entry = _Entry(group, raws[number : number + len(group)], room, tree, ledger)
        if number:
            unsigned += _signature_findings(entry)
            undecided += [] if unsigned else _decision_findings(entry)
        uncertified += _certificate_findings(entry, opening, judge_certificate)
        if unsigned or undecided:
            break
        room = fold(group, room)
        ledger.take(group)
        for raw in entry.raws:
            tree.append(leaf_hash(raw))
        number += len(group)
    return (
        Check(code="command_signatures", failure=Outcome.BROKEN, findings=tuple(unsigned)),
        Check(code="commands_decided_again", failure=Outcome.BROKEN, findings=tuple(undecided)),
        Check(code="seat_certificates", failure=Outcome.BROKEN, findings=tuple(uncertified)),
    )


def _signature_findings(entry: _Entry) -> list[Finding]:
    where = place(entry.lines[0].seq)
    bearers = [line for line in entry.lines if line.head.signed]
    if len(bearers) != 1:
        return [Finding(reason=f"{len(bearers)} signed commands where one belongs", where=where)]
    signed = _signed(bearers[0])
    where = place(bearers[0].seq)
    if command_digest(signed.text) != entry.lines[0].head.cause:
        return [Finding(reason="the cause of these lines is another command", where=where)]
    try:
        received = open_command(signed, entry.room)
    except Rejection as error:
        return [Finding(reason=str(error), where=where)]
    if any(line.by != received.envelope.by for line in entry.lines):
        return [Finding(reason="the author is not the one who signed", where=where)]
    return []


def _decision_findings(entry: _Entry) -> list[Finding]:
    bearer = next(line for line in entry.lines if line.head.signed)
    signed = _signed(bearer)
    received = open_command(signed, entry.room)
    moment = Moment(
        now=entry.lines[0].head.at,
        size=entry.tree.size,
        root_at=lambda size: Digest(entry.tree.root(size).hex()),
        last_n=entry.ledger.last_n(signed.key),
        certificate=next((line.event.certificate for line in entry.lines if isinstance(line.event, SeatEnrolled)), b""),
        draws={line.event.draw: line.event.order for line in entry.lines if isinstance(line.event, LotDrawn)},
    )
    try:
        events = decide(received, entry.room, moment)
    except Rejection as error:
        return [Finding(reason=f"the rules refuse this command: {error}", where=place(bearer.seq))]
    if len(events) != len(entry.lines):
        reason = f"the rules give {len(events)} events, the record has {len(entry.lines)}"
        return [Finding(reason=reason, where=place(entry.lines[0].seq))]
    again = seal(
        events,
        by=bearer.by,
        at=moment.now,
        first_seq=entry.lines[0].seq,
        salts=[line.head.salt for line in entry.lines],
        signed=signed,
    )
    return [
        Finding(reason="the rules give another event than the record", where=place(line.seq))
        for line, theirs, ours in zip(entry.lines, entry.raws, again, strict=True)
        if theirs != ours
    ]


def _certificate_findings(entry: _Entry, opening: RoomOpened, judge: JudgeCertificate) -> list[Finding]:
    return [
        Finding(reason=f"the certificate of {line.event.alias} does not hold: {flaw}", where=place(line.seq))
        for line in entry.lines
        if isinstance(line.event, SeatEnrolled)
        for flaw in judge(opening, line.event, line, entry.room)
    ]


def _signed(line: Line) -> SignedCommand:
    if line.head.signed is None:
        raise TypeError("not the line that bears the command")
    return line.head.signed
