"""Verification of a package, whole: every check, with every reason.

It believes nothing but the keys: those of the room's first event, or better the log key that came by another way.
"""

import hashlib
from collections.abc import Mapping

from server.domain.events import RoomOpened
from server.evidence.check_commands import JudgeCertificate, check_commands
from server.evidence.check_lines import place, read_lines, rules_known
from server.evidence.check_tree import check_tree, keys_of
from server.evidence.errors import MalformedText
from server.evidence.package import LINES, SUMS, PackageUnreadable, archive, read_package
from server.evidence.verdict import Check, Finding, Outcome, Verdict


def verify(data: bytes, judge_certificate: JudgeCertificate, *, log_key: str | None = None) -> Verdict:
    """What a package is worth.

    Args:
        data: its bytes.
        judge_certificate: says what is wrong with a seat's certificate.
        log_key: the vkey of the room's log as it was published elsewhere; none trusts the package's own first line.
    """
    try:
        contents = read_package(data)
    except PackageUnreadable as error:
        finding = Finding(reason=str(error), where="package")
        return Verdict(checks=(Check(code="package_readable", failure=Outcome.UNREADABLE, findings=(finding,)),))
    checks = [Check(code="package_readable", failure=Outcome.UNREADABLE), *_check_archive(data, contents)]
    record = read_lines(contents[LINES])
    checks += record.checks
    opening = record.opening
    if opening is None or len(record.lines) < len(record.raws):
        return Verdict(checks=tuple(checks))
    checks += [rules_known(opening), _check_log_key(opening, log_key)]
    try:
        keys = keys_of(opening)
    except MalformedText as error:
        finding = Finding(reason=str(error), where=place(0))
        return Verdict(checks=(*checks, Check(code="keys_readable", failure=Outcome.UNREADABLE, findings=(finding,))))
    checks += check_tree(record.raws, record.lines, contents, keys)
    if all(check.ok for check in record.checks) and checks[-1].failure is Outcome.INCOMPLETE:
        checks += check_commands(record.raws, record.lines, opening, judge_certificate)
    return Verdict(checks=tuple(checks))


def _check_archive(data: bytes, contents: Mapping[str, bytes]) -> list[Check]:
    """Whether the archive is exactly the one that its contents make, and its digests are theirs."""
    differs = archive(contents) != data
    findings = [Finding(reason="its tables were changed", where="package")] if differs else []
    listed = contents.get(SUMS, b"").decode(errors="replace").split("\n")
    wrong = [
        Finding(reason="its digest is not the one in SHA256SUMS", where=name)
        for name, content in contents.items()
        if name != SUMS and f"{hashlib.sha256(content).hexdigest()}  {name}" not in listed
    ]
    return [
        Check(code="archive_exact", failure=Outcome.BROKEN, findings=tuple(findings)),
        Check(code="digests", failure=Outcome.BROKEN, findings=tuple(wrong)),
    ]


def _check_log_key(opening: RoomOpened, log_key: str | None) -> Check:
    differs = log_key is not None and log_key != opening.log_key
    findings = (Finding(reason="the room's log key is not the published one", where=place(0)),) if differs else ()
    return Check(code="log_key", failure=Outcome.BROKEN, findings=findings)
