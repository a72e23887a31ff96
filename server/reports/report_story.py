"""What a record's lines tell of each version of a report: what it must say, and who signed it with which command.

Of a record whose commands have been decided again; so each line is known to be there for its command.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from server.domain.commands import AnyCommand, IssueReport, SignReport, parse_command
from server.domain.events import ReportFiled, ReportIssued, ReportRevised, RoomOpened
from server.domain.fold import fold
from server.domain.ids import Alias, Digest, LotId
from server.domain.lines import Line
from server.domain.moment import Moment
from server.domain.plan import DocumentFile
from server.domain.state import EMPTY, Report, RoomState
from server.evidence.ledger import entries_of
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.report_files import report_name
from server.reports.document import ReportDocument
from server.reports.report_document import report_document
from server.reports.report_inputs import opened, report_facts
from server.reports.signing_record import SigningRecord
from server.reports.signing_rows import signing_record_of
from server.reports.subject import field_of, subject_of


class ToldSignature(Struct, frozen=True, kw_only=True):
    """A member's signature, as the record has it."""

    member: Alias
    certificate: bytes
    "Of the member's document key then, in DER."
    command: SignReport
    file: DocumentFile
    "The report with this signature in it."
    line: Line
    place: str
    "The name of the venue where the member sits."

    @property
    def field(self) -> str:
        """Where it stands in the document."""
        return field_of(self.member)


class Filing(Struct, frozen=True, kw_only=True):
    """How a version was sealed."""

    line: Line
    filed: ReportFiled
    signing_record: SigningRecord


class ReportStory(Struct, frozen=True, kw_only=True):
    """One version of a lot's report."""

    opening: RoomOpened
    lot: LotId
    line: Line
    "That issued it."
    issued: ReportIssued
    document: ReportDocument
    labels: dict[Alias, str]
    "Every member who is asked to sign, as the report calls them."
    report: Report
    "As its last line left it."
    signatures: tuple[ToldSignature, ...] = ()
    "In the order in which they were made."
    filing: Filing | None = None
    is_superseded: bool = False

    @property
    def name(self) -> str:
        """In the package."""
        return report_name(self.lot, self.issued.version)

    @property
    def record_name(self) -> str:
        """Of its signing record, in the package."""
        return report_name(self.lot, self.issued.version, "signing-record")


class _Then(Struct, frozen=True):
    """The room and its tree before an entry."""

    room: RoomState
    tree: MerkleTree

    def moment(self, line: Line) -> Moment:
        """What the documents of the entry were made with."""
        return Moment(
            now=line.head.at,
            size=self.tree.size,
            root_at=lambda size: Digest(self.tree.root(size).hex()),
            last_n=0,
            certificate=b"",
            draws={},
        )


def stories_of(raws: Sequence[bytes], lines: Sequence[Line]) -> tuple[ReportStory, ...]:
    """Every version of every report, in the order in which they were issued.

    Args:
        raws: the record's lines.
        lines: the same, parsed.
    """
    told: dict[str, ReportStory] = {}
    room, tree = EMPTY, MerkleTree()
    for entry in entries_of(lines):
        then = _Then(room, tree)
        for line in entry:
            if isinstance(line.event, ReportIssued | ReportRevised | ReportFiled):
                story = _told(told, line.event, line, _command(entry), then)
                told[story.name] = story
        room = fold(entry, room)
        told = {name: _as_left(story, room) for name, story in told.items()}
        for raw in raws[tree.size : tree.size + len(entry)]:
            tree.append(leaf_hash(raw))
    return tuple(told.values())


def _told(
    told: Mapping[str, ReportStory],
    event: ReportIssued | ReportRevised | ReportFiled,
    line: Line,
    command: AnyCommand | None,
    then: _Then,
) -> ReportStory:
    """The version that a line speaks of, with what the line says."""
    match event, command:
        case ReportIssued(), IssueReport():
            return _issued(event, command, line, then)
        case ReportRevised(), SignReport():
            story = told[report_name(event.lot, event.version)]
            signature = ToldSignature(
                member=line.by,
                certificate=then.room.document_keys[line.by].certificate,
                command=command,
                file=event.file,
                line=line,
                place=story.opening.venues[then.room.seats[line.by].venue].name,
            )
            return replace(story, signatures=(*story.signatures, signature))
        case ReportFiled(), _:
            story = told[report_name(event.lot, event.version)]
            record = signing_record_of(then.room, event.lot, then.moment(line), event.report.sha256)
            return replace(story, filing=Filing(line=line, filed=event, signing_record=record))
        case _:
            raise TypeError("no such line has been decided for such a command")


def _issued(event: ReportIssued, command: IssueReport, line: Line, then: _Then) -> ReportStory:
    room, subject = then.room, subject_of(then.room, event.lot)
    return ReportStory(
        opening=opened(room),
        lot=event.lot,
        line=line,
        issued=event,
        document=report_document(room, event.lot, report_facts(command, room, then.moment(line))),
        labels={member: subject.member(member) for member in subject.members},
        report=Report(version=event.version, members=subject.members),
    )


def _as_left(story: ReportStory, room: RoomState) -> ReportStory:
    """The version as an entry has left it: with other ends, or superseded."""
    report = room.lots[story.lot].report
    if report is None or story.is_superseded:
        return story
    if report.version != story.issued.version:
        return replace(story, is_superseded=True)
    return replace(story, report=report)


def _command(entry: Sequence[Line]) -> AnyCommand | None:
    return next((parse_command(line.head.signed.text)[1] for line in entry if line.head.signed), None)
