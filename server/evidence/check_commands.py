"""Did every line follow from a command that its author signed? The rules are applied again, line by line.

A room without trust in its host: `decide` runs over the signed bytes with the logged time, salts, draws and
certificates, and must give the very lines that stand in the record. Lines that nobody's command caused are those that
the rules let the server write about the recording, and no other. Each command also says which tree its author saw:
a head of the lines before it that the host cannot sign.
"""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from server.domain.decide import decide
from server.domain.errors import Rejection
from server.domain.events import (
    AnnexFiled,
    AnyEvent,
    DocumentKeyCertified,
    LotDrawn,
    ReportFiled,
    ReportIssued,
    ReportRevised,
    RoomOpened,
    SeatEnrolled,
)
from server.domain.fold import apply, fold
from server.domain.ids import Digest
from server.domain.lines import Line
from server.domain.moment import Moment, Papers, PapersNeeded, Received
from server.domain.plan import SignedCommand
from server.domain.rejections import ForkedView
from server.domain.rules.server_events import objection
from server.domain.state import EMPTY, RoomState
from server.evidence.check_lines import place, places
from server.evidence.command_signatures import command_digest
from server.evidence.ledger import Ledger, entries_of
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.progress import Stage, Tell, untold
from server.evidence.sealing import document_key_of, open_command, seal
from server.evidence.verdict import Check, Finding, Outcome

Certified = SeatEnrolled | DocumentKeyCertified
"The events that carry a certificate."

JudgeCertificate = Callable[[RoomOpened, Certified, Line, RoomState], Sequence[str]]
"Every reason why a seat's certificate does not hold; none if it does."

_RULES_FAIL: Final = (ArithmeticError, LookupError, TypeError, ValueError, RecursionError, PapersNeeded)
"What the rules may run into over a first entry that no tender file gave."


class _Entry(Struct, frozen=True):
    """The lines of one command, with what stands before them."""

    lines: Sequence[Line]
    raws: Sequence[bytes]
    room: RoomState
    tree: MerkleTree
    ledger: Ledger
    seen: int
    "How many lines the authors of earlier commands have signed to have seen as they are."


class _Bearer(Struct, frozen=True):
    """The line of an entry that holds the command."""

    line: Line
    signed: SignedCommand
    received: Received

    @property
    def where(self) -> str:
        """Where it stands."""
        return place(self.line.seq)


def check_commands(
    raws: Sequence[bytes],
    lines: Sequence[Line],
    opening: RoomOpened,
    judge_certificate: JudgeCertificate,
    tell: Tell = untold,
) -> tuple[Check, ...]:
    """Check every command's signature, decide it again, and check every seat's certificate.

    It ends at the first entry that does not follow: what comes after it rests on it.
    """
    unsigned: list[Finding] = []
    undecided: list[Finding] = []
    uncertified: list[Finding] = []
    room, tree, ledger, seen = EMPTY, MerkleTree(), Ledger(), 0
    for group in entries_of(lines):
        tell(Stage.COMMANDS, tree.size, len(lines))
        entry = _Entry(group, raws[tree.size : tree.size + len(group)], room, tree, ledger, seen)
        if tree.size and group[0].head.cause is None:
            undecided += _forbidden(entry)
        elif tree.size:
            bearer = _bearer_of(entry)
            if isinstance(bearer, Finding):
                unsigned.append(bearer)
                break
            uncertified += _certificate_findings(entry, opening, judge_certificate)
            undecided += _decision_findings(entry, bearer)
            seen = max(seen, bearer.received.envelope.seen.size)
        if undecided:
            break
        room = fold(group, room)
        ledger.take(group)
        for raw in entry.raws:
            tree.append(leaf_hash(raw))
    tell(Stage.COMMANDS, len(lines), len(lines))
    return (
        Check(code="command_signatures", failure=Outcome.BROKEN, findings=tuple(unsigned)),
        Check(code="commands_decided_again", failure=Outcome.BROKEN, findings=tuple(undecided)),
        Check(code="seat_certificates", failure=Outcome.BROKEN, findings=tuple(uncertified)),
    )


def _forbidden(entry: _Entry) -> list[Finding]:
    """What the server has written without anybody's command, though the rules do not let it."""
    findings: list[Finding] = []
    room = entry.room
    for line in entry.lines:
        reason = objection(line.event, room)
        if reason is not None:
            findings.append(Finding(reason=f"nobody's command caused it: {reason}", where=place(line.seq)))
            break
        room = apply(room, line)
    return findings


def _bearer_of(entry: _Entry) -> _Bearer | Finding:
    """The command of an entry, or why its author has not signed it."""
    bearers = [(line, line.head.signed) for line in entry.lines if line.head.signed]
    if len(bearers) != 1:
        reason = f"{len(bearers)} signed commands where one belongs"
        return Finding(reason=reason, where=place(entry.lines[0].seq))
    line, signed = bearers[0]
    try:
        if command_digest(signed.text) != line.head.cause:
            return Finding(reason="the cause of these lines is another command", where=place(line.seq))
        received = open_command(signed, entry.room)
    except (Rejection, RecursionError) as error:
        return Finding(reason=str(error), where=place(line.seq))
    for each in entry.lines:
        if each.by != received.envelope.by:
            return Finding(reason="its author is not the one who signed", where=place(each.seq))
    return _Bearer(line, signed, received)


def _decision_findings(entry: _Entry, bearer: _Bearer) -> list[Finding]:
    try:
        return _differences(entry, bearer)
    except ForkedView:
        return [_forked(entry, bearer)]
    except Rejection as error:
        return [Finding(reason=f"the rules refuse this command: {error}", where=bearer.where)]
    except _RULES_FAIL as error:
        return [Finding(reason=f"the rules fail over it: {type(error).__name__}", where=bearer.where)]


def _differences(entry: _Entry, bearer: _Bearer) -> list[Finding]:
    """Where the lines are not those that the rules give.

    Raises:
        Rejection: the rules forbid the command.
    """
    moment = _moment(entry, bearer.received)
    events = decide(bearer.received, entry.room, moment)
    first, count = entry.lines[0].seq, len(entry.lines)
    if len(events) != count:
        reason = f"the rules give {len(events)} events, the record has {count}"
        return [Finding(reason=reason, where=places(first, first + count))]
    salts = [line.head.salt for line in entry.lines]
    by = bearer.received.envelope.by
    again = seal(events, by=by, at=moment.now, first_seq=first, salts=salts, signed=bearer.signed)
    return [
        Finding(reason="the rules give another event than the record", where=place(first + number))
        for number, (theirs, ours) in enumerate(zip(entry.raws, again, strict=True))
        if theirs != ours
    ]


def _moment(entry: _Entry, received: Received) -> Moment:
    """What the command was decided with, as far as its lines tell."""
    events = [line.event for line in entry.lines]
    return Moment(
        now=entry.lines[0].head.at,
        size=entry.tree.size,
        root_at=lambda size: Digest(entry.tree.root(size).hex()),
        last_n=entry.ledger.last_n(received.key),
        certificate=next((event.certificate for event in events if isinstance(event, Certified)), b""),
        named_certificate=next((event.named for event in events if isinstance(event, DocumentKeyCertified)), None),
        document_key=document_key_of(received.command),
        papers=next((papers for event in events if (papers := papers_of(event))), None),
        draws={event.draw: event.order for event in events if isinstance(event, LotDrawn)},
    )


def papers_of(event: AnyEvent) -> Papers | None:
    """The documents that an event of the signing was decided with."""
    match event:
        case ReportIssued():
            return Papers(files=(event.typeset, event.certified), renderer=event.renderer)
        case ReportRevised():
            return Papers(files=(event.file,))
        case AnnexFiled():
            return Papers(files=(event.typeset, event.certified, event.file), renderer=event.renderer)
        case ReportFiled():
            return Papers(files=(event.report, event.signing_record), renderer=event.renderer)
        case _:
            return None


def _forked(entry: _Entry, bearer: _Bearer) -> Finding:
    """Where the record differs from the one that a command's author saw."""
    size = bearer.received.envelope.seen.size
    if entry.seen < size <= entry.tree.size:
        reason = f"the author of line {bearer.line.seq + 1} has signed to have seen these lines otherwise"
        return Finding(reason=reason, where=places(entry.seen, size))
    reason = f"its author has signed to have seen {size} lines that are not the ones before it"
    return Finding(reason=reason, where=bearer.where)


def _certificate_findings(entry: _Entry, opening: RoomOpened, judge: JudgeCertificate) -> list[Finding]:
    return [
        Finding(reason=f"the certificate of {line.event.alias} does not hold: {flaw}", where=place(line.seq))
        for line in entry.lines
        if isinstance(line.event, Certified)
        for flaw in judge(opening, line.event, line, entry.room)
    ]
