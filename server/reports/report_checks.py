"""What the reports of a package are worth: do they say what the record says, and did those sign who the record says?

A report is made again from the lines before it. Its attached data must be the same, and where this program's renderer
is the one that set it, so must every byte of the page. The check is left out where it is another renderer: then the
page is vouched for by the venue's certification and by each member who read and signed it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from msgspec import Struct
from pyhanko.pdf_utils.misc import PdfError

from server.domain.commands import AnyCommand, IssueReport, SignReport, parse_command
from server.domain.committee import members
from server.domain.events import ReportFiled, ReportIssued, ReportRevised
from server.domain.fold import fold
from server.domain.ids import Alias, Digest, Millis
from server.domain.lines import Line
from server.domain.moment import Moment
from server.domain.state import EMPTY, RoomState
from server.evidence.canonical import canonical
from server.evidence.check_lines import place
from server.evidence.ledger import entries_of
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.report_files import report_name
from server.evidence.verdict import Check, Finding, Outcome
from server.reports.document import ReportDocument
from server.reports.fonts import FontsMissing
from server.reports.pdf_checks import check_signed_pdf
from server.reports.pdf_findings import Expectation, PdfFinding
from server.reports.report_document import report_document
from server.reports.report_inputs import opened, report_facts
from server.reports.report_pdf import read_report_data, render_report
from server.reports.signature_facts import SignatureFacts, signatures_in
from server.reports.signing_record import SigningRecord, render_signing_record
from server.reports.signing_rows import signing_record_of
from server.reports.subject import field_of
from server.reports.typesetting import renderer


class _Signature(Struct, frozen=True):
    """What the record says of one member's signature."""

    certificate: bytes
    command: SignReport
    line: Line


class _Story(Struct, kw_only=True):
    """One version of a lot's report, as the lines tell it."""

    line: Line
    issued: ReportIssued
    members: tuple[Alias, ...]
    document: ReportDocument
    signatures: dict[Alias, _Signature] = {}
    is_sealed: bool = False
    filed: ReportFiled | None = None
    signing_record: SigningRecord | None = None

    @property
    def name(self) -> str:
        """In the package."""
        return report_name(self.issued.lot, self.issued.version)

    @property
    def record_name(self) -> str:
        """Of its signing record, in the package."""
        return report_name(self.issued.lot, self.issued.version, "signing-record")


def judge_reports(
    contents: Mapping[str, bytes], raws: Sequence[bytes], lines: Sequence[Line], at: Millis
) -> tuple[Check, ...]:
    """Everything about the reports of a record whose lines, commands and files have been found sound.

    Args:
        contents: the package's files; a report that is not there is not judged.
        raws: the record's lines, and the same parsed.
        lines: see `raws`.
        at: for when the archive's time stamps are judged.
    """
    stories = [story for story in _stories(raws, lines).values() if story.name in contents]
    if not stories:
        return ()
    anchors = tuple(venue.issuing_certificate for venue in opened(fold(lines[:1])).venues.values())
    signed = [(story, check_signed_pdf(contents[story.name], _expected(story, anchors), at)) for story in stories]
    return (
        _broken("report_data", (each for story in stories for each in _other_data(story, contents))),
        *_typeset_again(stories, contents),
        _broken("report_signatures", (_told(s, each) for s, all_ in signed for each in all_ if not each.flaw.is_gap)),
        Check(
            code="report_signatures_present",
            failure=Outcome.INCOMPLETE,
            findings=tuple(_told(story, each) for story, found in signed for each in found if each.flaw.is_gap),
        ),
        _broken("report_commands", (each for story in stories for each in _other_signatures(story, contents))),
    )


def _broken(code: str, findings: Iterable[Finding]) -> Check:
    return Check(code=code, failure=Outcome.BROKEN, findings=tuple(findings))


# -- what the lines tell ---------------------------------------------------------------------------------------------


def _stories(raws: Sequence[bytes], lines: Sequence[Line]) -> dict[str, _Story]:
    stories: dict[str, _Story] = {}
    room, tree = EMPTY, MerkleTree()
    for entry in entries_of(lines):
        for line in entry:
            _tell(stories, entry, line, _Then(room, tree))
        room = fold(entry, room)
        for raw in raws[tree.size : tree.size + len(entry)]:
            tree.append(leaf_hash(raw))
    return stories


class _Then(Struct, frozen=True):
    """The room and its tree before an entry."""

    room: RoomState
    tree: MerkleTree

    def moment(self, line: Line) -> Moment:
        """What the entry's documents were made with."""
        return Moment(
            now=line.head.at,
            size=self.tree.size,
            root_at=lambda size: Digest(self.tree.root(size).hex()),
            last_n=0,
            certificate=b"",
            draws={},
        )


def _tell(stories: dict[str, _Story], entry: Sequence[Line], line: Line, then: _Then) -> None:
    event = line.event
    match event:
        case ReportIssued():
            command = _command(entry)
            if isinstance(command, IssueReport):
                facts = report_facts(command, then.room, then.moment(line))
                stories[report_name(event.lot, event.version)] = _Story(
                    line=line,
                    issued=event,
                    members=members(then.room),
                    document=report_document(then.room, event.lot, facts),
                )
        case ReportRevised():
            command = _command(entry)
            if isinstance(command, SignReport):
                certificate = then.room.document_keys[line.by].certificate
                story = stories[report_name(event.lot, event.version)]
                story.signatures = {**story.signatures, line.by: _Signature(certificate, command, line)}
        case ReportFiled():
            story = stories[report_name(event.lot, event.version)]
            story.is_sealed, story.filed = True, event
            story.signing_record = signing_record_of(then.room, event.lot, then.moment(line), event.report.sha256)
        case _:
            pass


def _command(entry: Sequence[Line]) -> AnyCommand | None:
    return next((parse_command(line.head.signed.text)[1] for line in entry if line.head.signed), None)


# -- what the files say ----------------------------------------------------------------------------------------------


def _other_data(story: _Story, contents: Mapping[str, bytes]) -> Iterator[Finding]:
    if read_report_data(contents[story.name]) != canonical(msgspec.to_builtins(story.document)):
        reason = f"its data are not what the lines before {place(story.line.seq)} come to"
        yield Finding(reason=reason, where=story.name)


def _typeset_again(stories: Sequence[_Story], contents: Mapping[str, bytes]) -> tuple[Check, ...]:
    """Whether the pages are those that this renderer sets; left out where none was set by it."""
    own = _own_renderer()
    findings: list[Finding] = []
    again = 0
    for story in stories:
        if story.issued.renderer == own:
            again += 1
            typeset = contents[story.name][: story.issued.typeset.size]
            if render_report(story.document).pdf != typeset:
                findings.append(Finding(reason="its pages are not what its data come to", where=story.name))
        if story.filed is not None and story.filed.renderer == own and story.record_name in contents:
            again += 1
            record = story.signing_record
            if record is None or render_signing_record(record) != contents[story.record_name]:
                reason = "it is not what the lines come to"
                findings.append(Finding(reason=reason, where=story.record_name))
    return (_broken("report_typeset_again", findings),) if again else ()


def _own_renderer() -> str | None:
    try:
        return renderer()
    except FontsMissing:
        return None


def _expected(story: _Story, anchors: tuple[bytes, ...]) -> Expectation:
    signed = {field_of(member): signature.certificate for member, signature in story.signatures.items()}
    return Expectation(
        anchors=anchors,
        certificates=signed,
        unsigned=frozenset(field_of(member) for member in story.members) - signed.keys(),
        seal=None,
        is_closed=story.is_sealed,
    )


def _told(story: _Story, finding: PdfFinding) -> Finding:
    detail = f" ({finding.detail})" if finding.detail else ""
    return Finding(reason=f"{finding.flaw.value}{detail}", where=f"{story.name} {finding.where}")


def _other_signatures(story: _Story, contents: Mapping[str, bytes]) -> Iterator[Finding]:
    """Where a signature in the file is not the one that the member sent in a signed command."""
    try:
        found = {facts.field: facts for facts in signatures_in(contents[story.name])}
    except (PdfError, ValueError) as error:
        yield Finding(reason=f"its signatures cannot be read: {error}", where=story.name)
        return
    for member, signature in story.signatures.items():
        facts = found.get(field_of(member))
        if facts is not None and not _is_as_sent(facts, signature.command):
            reason = f"it is not the signature that {place(signature.line.seq)} was caused by"
            yield Finding(reason=reason, where=f"{story.name} {field_of(member)}")


def _is_as_sent(facts: SignatureFacts, command: SignReport) -> bool:
    r, s = (int.from_bytes(half) for half in (command.signature[:32], command.signature[32:]))
    return facts.signature == encode_dss_signature(r, s) and facts.message_digest.hex() == command.document
