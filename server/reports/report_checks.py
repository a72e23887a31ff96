"""What the reports of a package are worth: do they say what the record says, and did those sign who the record says?

The files are known to be those that the lines name, byte for byte; so whatever a file lacks of what its lines say is a
contradiction and no gap. Only what the lines do not speak of can be missing: the time stamps and revocation lists by
which a signature can be judged years later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from server.domain.ids import Millis
from server.domain.lines import Line
from server.evidence.check_lines import place
from server.evidence.progress import Stage, Tell
from server.evidence.report_accounts import ReportAccount
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

_UNTOLD: Final = (ArithmeticError, LookupError, TypeError, ValueError, OSError, StopIteration, RecursionError)
"What making a report may run into over a first entry that no tender file gave: no main venue, a time zone of nowhere."


PAGES: Final = "report_pages"
CODES: Final = {
    "report_data": Outcome.BROKEN,
    "report_preparation": Outcome.BROKEN,
    PAGES: Outcome.BROKEN,
    "report_signatures": Outcome.BROKEN,
    "report_commands": Outcome.BROKEN,
    "report_archive": Outcome.INCOMPLETE,
}
"The checks, and what a finding of each makes of the package."

_Look = Callable[[ReportStory], Iterable[Finding]]


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
    try:
        stories = [story for story in stories_of(raws, lines) if story.name in contents]
    except _UNTOLD as error:
        finding = Finding(reason=f"its lines do not come to a report: {told(error)}", where=place(0))
        return JudgedReports(checks=(Check(code="report_lines", failure=Outcome.UNREADABLE, findings=(finding,)),))
    found: dict[str, list[Finding]] = {code: [] for code in CODES}
    steps = [(story, *look) for story in stories for look in _looks(contents, at, judge_seal).items()]
    for done, (story, code, look) in enumerate(steps):
        tell(Stage.REPORTS, done, len(steps))
        found[code] += _seen(look, story)
    if not stories:
        return JudgedReports()
    tell(Stage.REPORTS, len(steps), len(steps))
    if not any(flag for story in stories for flag in set_by_this_renderer(story)):
        del found[PAGES]
    checks = tuple(Check(code=code, failure=CODES[code], findings=tuple(each)) for code, each in found.items())
    return JudgedReports(checks=checks, accounts=tuple(_accounts(stories, contents, checks)))


def _looks(contents: Mapping[str, bytes], at: Millis, judge_seal: JudgeSeal) -> dict[str, _Look]:
    """What is looked for in one report, by the check that it belongs to."""
    signed: list[PdfFinding] = []

    def signatures(story: ReportStory) -> Iterator[Finding]:
        signed.extend(_signed(story, contents[story.name], at))
        return (_shown(story, each) for each in signed if not _is_gap(each))

    return {
        "report_data": lambda story: other_data(story, contents),
        "report_preparation": lambda story: prepared_otherwise(story, contents),
        PAGES: lambda story: set_otherwise(story, contents),
        "report_signatures": signatures,
        "report_commands": lambda story: mismatches(story, signatures_in(contents[story.name]), judge_seal),
        "report_archive": lambda story: (_shown(story, each) for each in signed if _is_gap(each)),
    }


def _seen(look: _Look, story: ReportStory) -> list[Finding]:
    try:
        return list(look(story))
    except UNREADABLE as error:
        return [Finding(reason=f"it cannot be read: {told(error)}", where=story.name)]


def _accounts(
    stories: Sequence[ReportStory], contents: Mapping[str, bytes], checks: Sequence[Check]
) -> Iterator[ReportAccount]:
    """Of the reports that nothing was found against, and nothing against their signing records."""
    named = {finding.where.partition(" ")[0] for check in checks for finding in check.findings}
    for story in stories:
        if not named & {story.name, story.record_name}:
            yield account_of(story, contents[story.name])


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
