"""Are the reports that the lines name in the package, and are they those files?

What they say and who signed them is judged by whoever reads PDF; here they are bytes with a name.
"""

import hashlib
from collections.abc import Iterator, Mapping

from server.evidence.check_lines import place
from server.evidence.report_files import ReportFile
from server.evidence.verdict import Check, Finding, Outcome


def check_reports(contents: Mapping[str, bytes], reports: Mapping[str, ReportFile]) -> tuple[Check, ...]:
    """Check the report files of a package against the lines that name them."""
    missing = [
        Finding(reason=f"missing: line {report.last.seq + 1} names it", where=name)
        for name, report in reports.items()
        if name not in contents
    ]
    changed = [
        finding for name, report in reports.items() if name in contents for finding in _changes(contents[name], report)
    ]
    return (
        Check(code="reports_present", failure=Outcome.INCOMPLETE, findings=tuple(missing)),
        Check(code="report_files", failure=Outcome.BROKEN, findings=tuple(changed)),
    )


def _changes(data: bytes, report: ReportFile) -> Iterator[Finding]:
    last = report.last.file
    if len(data) != last.size:
        reason = f"it has {len(data)} bytes, {place(report.last.seq)} says {last.size}"
        yield Finding(reason=reason, where=report.name)
    for revision in report.revisions:
        beginning = data[: revision.file.size]
        if hashlib.sha256(beginning).hexdigest() != revision.file.sha256:
            reason = f"its first {revision.file.size} bytes are not those that {place(revision.seq)} names"
            yield Finding(reason=reason, where=report.name)
