"""Verification of a package, whole: every check, with every reason.

It believes nothing but the keys: those of the room's first event, or better the log key that came by another way.
"""

from collections.abc import Callable, Mapping, Sequence

from server.domain.events import RoomOpened
from server.domain.ids import Digest
from server.domain.lines import Line
from server.evidence.check_archive import check_archive
from server.evidence.check_commands import JudgeCertificate, check_commands
from server.evidence.check_lines import place, read_lines, rules_known
from server.evidence.check_opening import check_opening
from server.evidence.check_recordings import PieceKey, check_recordings, last_examination
from server.evidence.check_reports import check_reports
from server.evidence.check_tree import check_tree
from server.evidence.destruction import DESTRUCTION, check_destruction
from server.evidence.errors import MalformedText
from server.evidence.package import LINES, PackageUnreadable, read_package
from server.evidence.progress import Tell, untold
from server.evidence.report_files import report_files
from server.evidence.room_keys import RoomKeys, keys_of
from server.evidence.venue_certificates import check_certificates
from server.evidence.verdict import Check, Finding, JudgedReports, Outcome, Verdict

JudgeReports = Callable[[Mapping[str, bytes], Sequence[bytes], Sequence[Line], Tell], JudgedReports]
"Says what the reports of a package are worth, from its files and the lines of its record, as bytes and parsed."


def verify(
    data: bytes,
    judge_certificate: JudgeCertificate,
    judge_reports: JudgeReports,
    *,
    log_key: str | None = None,
    recordings: Mapping[PieceKey, Digest] | None = None,
    note: bytes | None = None,
    tell: Tell = untold,
) -> Verdict:
    """What a package is worth.

    A check that cannot be made is left out: without keys there are no signatures to check, and the rules are applied
    only to a record whose lines are all in their place.

    Args:
        data: its bytes.
        judge_certificate: says what is wrong with a certificate in the record.
        judge_reports: reads the signed reports.
        log_key: the vkey of the room's log as it was published elsewhere; none trusts the package's own first line.
        recordings: the SHA-256 of each file of the room's recordings, which lie beside the package; none if they are
            not to be checked.
        note: that they were destroyed, where it lies with them; one in the package goes before it.
        tell: is told how far it is.
    """
    try:
        contents = read_package(data)
    except PackageUnreadable as error:
        finding = Finding(reason=str(error), where="package")
        return Verdict(checks=(Check(code="package_readable", failure=Outcome.UNREADABLE, findings=(finding,)),))
    record = read_lines(contents[LINES])
    reports = report_files(record.lines)
    checks = [
        Check(code="package_readable", failure=Outcome.UNREADABLE),
        *check_archive(data, contents, {*reports, DESTRUCTION}),
    ]
    checks += record.checks
    opening = record.opening
    if opening is None:
        return Verdict(checks=tuple(checks))
    first = [rules_known(opening), check_opening(record.lines, opening)]
    keys, keys_readable = _read_keys(opening)
    checks += [*first, check_certificates(contents, opening), _check_log_key(opening, log_key), keys_readable]
    if keys is not None:
        checks += check_tree(record.raws, record.lines, contents, keys)
    destruction = None
    note = contents.get(DESTRUCTION, note)
    if keys is not None and note is not None:
        destruction, found = check_destruction(note, record.raws, record.lines, opening, keys.log)
        checks += found
    if recordings is not None:
        checks += check_recordings(record.lines, recordings, are_destroyed=destruction is not None)
    judged = JudgedReports()
    if record.ok and all(check.ok for check in first):
        checks += check_commands(record.raws, record.lines, opening, judge_certificate, tell)
        checks += check_reports(contents, reports)
        if all(check.ok for check in checks if check.failure is Outcome.BROKEN):
            judged = judge_reports(contents, record.raws, record.lines, tell)
    examined = last_examination(record.lines) if recordings is not None else None
    return Verdict(
        checks=(*checks, *judged.checks),
        opening=opening,
        reports=judged.accounts,
        recordings=examined,
        destruction=destruction,
    )


def _check_log_key(opening: RoomOpened, log_key: str | None) -> Check:
    differs = log_key is not None and log_key != opening.log_key
    findings = (Finding(reason="the room's log key is not the published one", where=place(0)),) if differs else ()
    return Check(code="log_key", failure=Outcome.BROKEN, findings=findings)


def _read_keys(opening: RoomOpened) -> tuple[RoomKeys | None, Check]:
    code, failure = "keys_readable", Outcome.UNREADABLE
    try:
        return keys_of(opening), Check(code=code, failure=failure)
    except MalformedText as error:
        return None, Check(code=code, failure=failure, findings=(Finding(reason=str(error), where=place(0)),))
