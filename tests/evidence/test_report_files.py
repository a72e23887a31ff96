from server.domain.events import ReportFiled, ReportIssued, ReportRevised
from server.domain.ids import LotId
from server.evidence.report_files import report_files, report_name
from tests.evidence.reported_room import fully_reported, plainly_reported
from tests.support.room_plan import L2

FIRST, SECOND, RECORD = report_name(L2, 1), report_name(L2, 2), report_name(L2, 2, "signing-record")


def test_every_version_and_the_signing_record_of_the_sealed_one_have_a_name() -> None:
    plain = [FIRST, report_name(L2, 1, "signing-record")]

    assert list(report_files(plainly_reported().world.lines)) == plain
    assert list(report_files(fully_reported().world.lines)) == [FIRST, SECOND, RECORD]


def test_revisions_of_a_version_follow_one_another_to_the_sealed_one() -> None:
    lines = fully_reported().world.lines
    report = report_files(lines)[SECOND]

    events = [line.event for line in lines]
    [issued] = [each for each in events if isinstance(each, ReportIssued) and each.version == 2]
    revised = [each.file for each in events if isinstance(each, ReportRevised) and each.version == 2]
    [filed] = [each for each in events if isinstance(each, ReportFiled)]
    assert [each.file for each in report.revisions] == [issued.typeset, issued.certified, *revised, filed.report]
    assert report.last.file == filed.report
    assert (report.lot, report.version) == (L2, 2)


def test_name_has_no_separator_in_it() -> None:
    assert report_name(LotId("../L1"), 1) == "reports/..%2FL1-v1-report.pdf"
