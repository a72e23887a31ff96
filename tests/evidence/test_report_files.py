from server.domain.ids import LotId
from server.evidence.report_files import report_files, report_name
from tests.evidence.reported_room import fully_reported, plainly_reported, reported
from tests.support.room_plan import L1, L2, LOTS


def test_every_version_is_a_file_and_the_sealed_one_has_a_signing_record() -> None:
    named = report_files(fully_reported().world.lines)

    assert {name: (each.name, each.lot, each.version) for name, each in named.items()} == {
        "reports/L2-v1-report.pdf": ("reports/L2-v1-report.pdf", L2, 1),
        "reports/L2-v2-report.pdf": ("reports/L2-v2-report.pdf", L2, 2),
        "reports/L2-v2-signing-record.pdf": ("reports/L2-v2-signing-record.pdf", L2, 2),
    }


def test_revisions_follow_the_lines_from_typeset_to_sealed() -> None:
    room = plainly_reported()
    report = room.report()
    assert report.issued is not None
    assert report.filed is not None

    file, record = report_files(room.world.lines).values()

    files = [revision.file for revision in file.revisions]
    assert (files[0], files[1], files[-1]) == (report.issued.typeset, report.issued.certified, report.filed.report)
    assert len(files) == 2 + len(report.members) + 1
    assert [each.seq for each in file.revisions] == sorted(each.seq for each in file.revisions)
    assert (file.last.file, record.last.file) == (report.filed.report, report.filed.signing_record)


def test_revisions_are_beginnings_of_the_last_one() -> None:
    room = plainly_reported()
    sizes = [each.file.size for each in report_files(room.world.lines)["reports/L2-v1-report.pdf"].revisions]

    whole = room.files()["reports/L2-v1-report.pdf"]

    assert sizes == sorted(set(sizes))
    assert sizes[-1] == len(whole)


def test_each_lot_has_files_of_its_own() -> None:
    room = reported(lots=LOTS)
    room.issue(L1)
    room.issue(L2)

    assert list(report_files(room.world.lines)) == ["reports/L1-v1-report.pdf", "reports/L2-v1-report.pdf"]


def test_record_without_reports_names_none() -> None:
    assert report_files(reported().world.lines) == {}


def test_name_of_a_lot_stays_within_the_folder() -> None:
    assert report_name(LotId("../标段/1"), 3) == "reports/..%2F%E6%A0%87%E6%AE%B5%2F1-v3-report.pdf"
    assert report_name(L1, 12, "signing-record") == "reports/L1-v12-signing-record.pdf"
