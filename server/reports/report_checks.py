"""What the reports of a package are worth: do they say what the record says, and did those sign who the record says?

The files are known to be those that the lines name, byte for byte; so whatever a file lacks of what its lines say is a
contradiction and no gap. Only what the lines do not speak of can be missing: the time stamps and revocation lists by
which a signature can be judged years later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from msgspec import Struct

from server.domain.ids import Millis
from server.domain.lines import Line
from server.evidence.check_lines import place
from server.evidence.progress import Stage, Tell
from server.evidence.report_accounts import ReportAccount
from server.evidence.verdict import Check, Finding, JudgedReports, Outcome
from server.reports.paper_story import PaperStory
from server.reports.pdf_checks import check_signed_pdf
from server.reports.pdf_damage import UNREADABLE, told
from server.reports.pdf_findings import Expectation, PdfFinding, PdfFlaw
from server.reports.pdf_signing import ARCHIVE_FIELD
from server.reports.report_account import account_of
from server.reports.report_pages import (
    other_data,
    other_record_data,
    prepared_otherwise,
    record_set_otherwise,
    set_by_this_renderer,
    set_otherwise,
)
from server.reports.report_story import ReportStory, stories_of
from server.reports.signature_facts import signatures_in
from server.reports.signature_matches import JudgeSeal, mismatches
from server.reports.subject import field_of

_UNTOLD: Final = (ArithmeticError, LookupError, TypeError, ValueError, OSError, StopIteration, RecursionError)
"What making a report may run into over a first entry that no tender file gave: no main venue, a time zone of nowhere."


class _Look(Struct, frozen=True):
    """One check over every report and annex, and perhaps over every signing record."""

    code: str
    find: Callable[[PaperStory], Iterable[Finding]]
    find_in_record: Callable[[ReportStory], Iterable[Finding]] | None = None
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
        contents: the package's files; a report or an annex that is not there is not judged.
        raws: the record's lines, and the same parsed.
        lines: see `raws`.
        tell: is told how far it is.
        at: for when the archives' time stamps are judged.
        judge_seal: says what is wrong with the certificate of a seal.
    """
    try:
        told_of = stories_of(raws, lines)
    except _UNTOLD as error:
        finding = Finding(reason=f"its lines do not come to a report: {told(error)}", where=place(0))
        return JudgedReports(checks=(Check(code="report_lines", failure=Outcome.UNREADABLE, findings=(finding,)),))
    stories = [story for story in told_of if story.name in contents]
    papers = [each for story in told_of for each in (story.paper, *story.annexes) if each.name in contents]
    if not papers:
        return JudgedReports()
    looks = tuple(
        _looks(contents, at, judge_seal, is_set_again=any(any(set_by_this_renderer(story)) for story in told_of))
    )
    steps = [step for look in looks for step in _steps(look, papers, stories)]
    found: dict[str, list[Finding]] = {look.code: [] for look in looks}
    for done, step in enumerate(steps):
        tell(Stage.REPORTS, done, len(steps))
        found[step.code] += _seen(step)
    tell(Stage.REPORTS, len(steps), len(steps))
    checks = tuple(Check(code=each.code, failure=each.failure, findings=tuple(found[each.code])) for each in looks)
    return JudgedReports(checks=checks, accounts=tuple(_accounts(stories, contents, checks)))


def _looks(contents: Mapping[str, bytes], at: Millis, judge_seal: JudgeSeal, *, is_set_again: bool) -> Iterator[_Look]:
    """What is looked for, in this order: the archives follow from what was found about the signatures."""
    signed: dict[str, tuple[PdfFinding, ...]] = {}

    def signatures(paper: PaperStory) -> Iterator[Finding]:
        signed[paper.name] = _signed(paper, contents[paper.name], at)
        return (_shown(paper, each) for each in signed[paper.name] if not _is_gap(each))

    def archives(paper: PaperStory) -> Iterator[Finding]:
        return (_shown(paper, each) for each in signed.get(paper.name, ()) if _is_gap(each))

    yield _Look(
        "report_data",
        lambda paper: other_data(paper, contents),
        lambda story: other_record_data(story, contents),
    )
    yield _Look("report_preparation", lambda paper: prepared_otherwise(paper, contents))
    if is_set_again:
        yield _Look(
            "report_pages",
            lambda paper: set_otherwise(paper, contents),
            lambda story: record_set_otherwise(story, contents),
        )
    yield _Look("report_signatures", signatures)
    yield _Look("report_commands", lambda paper: mismatches(paper, signatures_in(contents[paper.name]), judge_seal))
    yield _Look("report_archive", archives, failure=Outcome.INCOMPLETE)


class _Step(Struct, frozen=True):
    """One check over one file."""

    code: str
    name: str
    find: Callable[[], Iterable[Finding]]


def _steps(look: _Look, papers: Sequence[PaperStory], stories: Sequence[ReportStory]) -> Iterator[_Step]:
    yield from (_Step(look.code, paper.name, partial(look.find, paper)) for paper in papers)
    if look.find_in_record is not None:
        yield from (_Step(look.code, story.record_name, partial(look.find_in_record, story)) for story in stories)


def _seen(step: _Step) -> list[Finding]:
    try:
        return list(step.find())
    except UNREADABLE as error:
        return [Finding(reason=f"it cannot be read: {told(error)}", where=step.name)]


def _accounts(
    stories: Sequence[ReportStory], contents: Mapping[str, bytes], checks: Sequence[Check]
) -> Iterator[ReportAccount]:
    """Of the reports that nothing was found against, nor against their signing records and annexes."""
    named = {finding.where.partition(" ")[0] for check in checks for finding in check.findings}
    for story in stories:
        if not named & {story.name, story.record_name, *(each.name for each in story.annexes)}:
            yield account_of(story, contents[story.name])


def _signed(paper: PaperStory, pdf: bytes, at: Millis) -> tuple[PdfFinding, ...]:
    """What speaks against the signatures; a time stamp that has run out since is no contradiction."""
    expectation = _expected(paper)
    findings = check_signed_pdf(pdf, expectation, at)
    if paper.seal is None or not any(_is_untrusted_archive(each) for each in findings):
        return findings
    then = check_signed_pdf(pdf, expectation, paper.seal.line.head.at)
    if any(_is_untrusted_archive(each) for each in then):
        return findings
    ended = PdfFinding(flaw=PdfFlaw.STAMP_ENDED, where=ARCHIVE_FIELD)
    return tuple(ended if _is_untrusted_archive(each) else each for each in findings)


def _is_untrusted_archive(finding: PdfFinding) -> bool:
    return (finding.flaw, finding.where) == (PdfFlaw.UNTRUSTED, ARCHIVE_FIELD)


def _expected(paper: PaperStory) -> Expectation:
    signed = {signature.field: signature.certificate for signature in paper.signatures}
    return Expectation(
        anchors=tuple(venue.issuing_certificate for venue in paper.opening.venues.values()),
        certificates=signed,
        unsigned=frozenset(field_of(member) for member in paper.members) - signed.keys(),
        seal=None,
        is_closed=paper.seal is not None,
    )


def _is_gap(finding: PdfFinding) -> bool:
    """Whether only what the lines do not speak of is missing."""
    return finding.flaw.is_gap and (finding.flaw is not PdfFlaw.SIGNATURE_MISSING or finding.where == ARCHIVE_FIELD)


def _shown(paper: PaperStory, finding: PdfFinding) -> Finding:
    detail = f" ({finding.detail})" if finding.detail else ""
    return Finding(reason=f"{finding.flaw.value}{detail}", where=f"{paper.name} {finding.where}")
