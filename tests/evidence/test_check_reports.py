from server.evidence.check_lines import place
from server.evidence.check_reports import check_reports
from server.evidence.report_files import report_files
from server.evidence.verdict import Outcome
from tests.evidence.reported_room import plainly_reported
from tests.evidence.signed_room import found_by

FILES = plainly_reported().files()
REPORTS = report_files(plainly_reported().world.lines)
REPORT, RECORD = REPORTS


def test_files_that_the_lines_name_are_those() -> None:
    assert found_by(check_reports(FILES, REPORTS)) == {}


def test_missing_file_leaves_the_package_incomplete() -> None:
    checks = check_reports({REPORT: FILES[REPORT]}, REPORTS)

    line = REPORTS[RECORD].last.seq + 1
    assert found_by(checks) == {"reports_present": [(RECORD, f"missing: line {line} names it")]}
    assert {check.failure for check in checks if not check.ok} == {Outcome.INCOMPLETE}


def test_changed_file_is_broken_from_the_revision_on_that_holds_the_change() -> None:
    revisions = REPORTS[REPORT].revisions
    at = revisions[2].file.size - 5  # in the first member's revision
    data = FILES[REPORT]
    changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    checks = check_reports({**FILES, REPORT: changed}, REPORTS)

    assert found_by(checks) == {
        "report_files": [
            (REPORT, f"its first {each.file.size} bytes are not those that {place(each.seq)} names")
            for each in revisions[2:]
        ]
    }


def test_cut_file_is_said_to_be_short() -> None:
    last = REPORTS[REPORT].last

    findings = found_by(check_reports({**FILES, REPORT: FILES[REPORT][:-1]}, REPORTS))["report_files"]

    assert findings[0] == (REPORT, f"it has {last.file.size - 1} bytes, {place(last.seq)} says {last.file.size}")
