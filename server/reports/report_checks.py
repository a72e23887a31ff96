"""What the reports of a package are worth: do they say what the record says, and did those sign who the record says?

The files are known to be those that the lines name, byte for byte; so whatever a file lacks of what its lines say is a
contradiction and no gap. Only what the lines do not speak of can be missing: the time stamps and revocation lists by
which a signature can be judged years later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from server.domain.ids import Millis
from server.domain.lines import Line
from server.evidence.progress import Stage, Tell
from server.evidence.verdict import Check, Finding, JudgedReports, Outcome
from server.reports.pdf_checks import check_signed_pdf
from server.reports.pdf_damage import UNREADABLE, told
from server.reports.pdf_findings import Expectation, PdfFinding, PdfFlaw
from server.reports.pdf_signing import ARCHIVE_FIELD
from server.reports.report_account import account_of
from server.reports.report_pages import other_data, prepared_otherwise, set_by_this_renderer, set_otherwise
from server.reports.report_story import ReportStory, stories_of
from server.reports.signature_facts import signatures_in
from server.reports.signature_matches import JudgeSeal, mismatches
from server.reports.subject import field_of


class _Look(Struct, frozen=True):
    """One check over every report."""

    code: str
    find: Callable[[ReportStory], Iterable[Finding]]
    failure: Outcome = Outcome.BROKEN


def judge_reports(
    contents: Mapping[str, bytes],
    raws: Sequence[bytes],
    lines: Sequence[Line],
    tell: Tell,
    *,
    at: Millis,
    judge_seal: JudgeSeal,
) -> JudgedReports:
    """Everything about the reports of a record whose lines, commands and files have been found sound.

    Args:
        contents: the package's files; a report that is not there is not judged.
        raws: the record's lines, and the same parsed.
        lines: see `raws`.
        tell: is told how far it is.
        at: for when the archives' time stamps are judged.
        judge_seal: says what is wrong with the certificate of a seal.
    """
    stories = [story for story in stories_of(raws, lines) if story.name in contents]
    if not stories:
        return JudgedReports()
    signed: dict[str, tuple[PdfFinding, ...]] = {}

    def signatures(story: ReportStory) -> Iterator[Finding]:
        signed[story.name] = _signed(story, contents[story.name], at)
        return (_shown(story, each) for each in signed[story.name] if not _is_gap(each))

    looks = [
        _Look("report_data", lambda story: other_data(story, contents)),
        _Look("report_preparation", lambda story: prepared_otherwise(story, contents)),
        _Look("report_signatures", signatures),
        _Look("report_commands", lambda story: mismatches(story, signatures_in(contents[story.name]), judge_seal)),
        _Look(
            "report_archive",
            lambda story: (_shown(story, each) for each in signed.get(story.name, ()) if _is_gap(each)),
            Outcome.INCOMPLETE,
        ),
    ]
    if any(flag for story in stories for flag in set_by_this_renderer(story)):
        looks.insert(2, _Look("report_pages", lambda story: set_otherwise(story, contents)))
    steps = [(look, story) for look in looks for story in stories]
    found: dict[str, list[Finding]] = {look.code: [] for look in looks}
    for done, (look, story) in enumerate(steps):
        tell(Stage.REPORTS, done, len(steps))
        found[look.code] += _seen(look, story)
    tell(Stage.REPORTS, len(steps), len(steps))
    checks = tuple(Check(code=each.code, failure=each.failure, findings=tuple(found[each.code])) for each in looks)
    named = " ".join(finding.where for check in checks for finding in check.findings)
    accounts = tuple(
        account_of(story, contents[story.name])
        for story in stories
        if story.name not in named and story.record_name not in named
    )
    return JudgedReports(checks=checks, accounts=accounts)


def _seen(look: _Look, story: ReportStory) -> list[Finding]:
    try:
        return list(look.find(story))
    except UNREADABLE as error:
        return [Finding(reason=f"it cannot be read: {told(error)}", where=story.name)]


def _signed(story: ReportStory, pdf: bytes, at: Millis) -> tuple[PdfFinding, ...]:
    """What speaks against the signatures; a time stamp that has run out since is no contradiction."""
    expectation = _expected(story)
    findings = check_signed_pdf(pdf, expectation, at)
    if story.filing is None or not any(_is_untrusted_archive(each) for each in findings):
        return findings
    then = check_signed_pdf(pdf, expectation, story.filing.line.head.at)
    if any(_is_untrusted_archive(each) for each in then):
        return findings
    ended = PdfFinding(flaw=PdfFlaw.STAMP_ENDED, where=ARCHIVE_FIELD)
    return tuple(ended if _is_untrusted_archive(each) else each for each in findings)


def _is_untrusted_archive(finding: PdfFinding) -> bool:
    return (finding.flaw, finding.where) == (PdfFlaw.UNTRUSTED, ARCHIVE_FIELD)


def _expected(story: ReportStory) -> Expectation:
    signed = {signature.field: signature.certificate for signature in story.signatures}
    return Expectation(
        anchors=tuple(venue.issuing_certificate for venue in story.opening.venues.values()),
        certificates=signed,
        unsigned=frozenset(field_of(member) for member in story.report.members) - signed.keys(),
        seal=None,
        is_closed=story.filing is not None,
    )


def _is_gap(finding: PdfFinding) -> bool:
    """Whether only what the lines do not speak of is missing."""
    return finding.flaw.is_gap and (finding.flaw is not PdfFlaw.SIGNATURE_MISSING or finding.where == ARCHIVE_FIELD)


def _shown(story: ReportStory, finding: PdfFinding) -> Finding:
    detail = f" ({finding.detail})" if finding.detail else ""
    return Finding(reason=f"{finding.flaw.value}{detail}", where=f"{story.name} {finding.where}")
