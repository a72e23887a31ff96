from server.evidence.check_lines import place
from server.evidence.check_reports import check_reports
from server.evidence.report_files import report_files
from server.evidence.verdict import Outcome
from tests.evidence.reported_room import plainly_reported
from tests.evidence.signed_room import found_by

ROOM = plainly_reported()
NAMED = report_files(ROOM.world.lines)
FILES = ROOM.files()
REPORT, RECORD = FILES


def test_files_that_the_lines_name_are_there_and_are_those() -> None:
    checks = check_reports(FILES, NAMED)

    assert found_by(checks) == {}
    assert [(check.code, check.failure) for check in checks] == [
        ("reports_present", Outcome.INCOMPLETE),
        ("report_files", Outcome.BROKEN),
    ]


def test_missing_file_is_told_with_the_line_that_names_it() -> None:
    last = NAMED[RECORD].last.seq

    found = found_by(check_reports({REPORT: FILES[REPORT]}, NAMED))

    assert found == {"reports_present": [(RECORD, f"missing: line {last + 1} names it")]}


def test_changed_beginning_is_told_for_every_revision_that_holds_it() -> None:
    changed = b"%PDF-9" + FILES[REPORT][6:]

    found = found_by(check_reports({**FILES, REPORT: changed}, NAMED))

    assert found == {
        "report_files": [
            (REPORT, f"its first {each.file.size} bytes are not those that {place(each.seq)} names")
            for each in NAMED[REPORT].revisions
        ]
    }


def test_changed_end_is_told_for_the_last_revision() -> None:
    last = NAMED[REPORT].last

    found = found_by(check_reports({**FILES, REPORT: FILES[REPORT][:-1] + b" "}, NAMED))

    reason = f"its first {last.file.size} bytes are not those that {place(last.seq)} names"
    assert found == {"report_files": [(REPORT, reason)]}


def test_added_bytes_are_told() -> None:
    last, size = NAMED[REPORT].last, len(FILES[REPORT])

    found = found_by(check_reports({**FILES, REPORT: FILES[REPORT] + b"\n"}, NAMED))

    assert found == {"report_files": [(REPORT, f"it has {size + 1} bytes, {place(last.seq)} says {size}")]}


def test_cut_file_is_told_by_its_size_and_by_what_is_gone() -> None:
    last, before = NAMED[REPORT].revisions[-1], NAMED[REPORT].revisions[-2]

    found = found_by(check_reports({**FILES, REPORT: FILES[REPORT][: before.file.size]}, NAMED))

    assert found == {
        "report_files": [
            (REPORT, f"it has {before.file.size} bytes, {place(last.seq)} says {last.file.size}"),
            (REPORT, f"its first {last.file.size} bytes are not those that {place(last.seq)} names"),
        ]
    }
