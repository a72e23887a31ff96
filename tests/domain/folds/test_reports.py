from msgspec.structs import replace

from server.domain.events import AnnexFiled, AnnexSigned, RefusalMinuted, ReportAnswered, SigningEnd
from server.domain.folds import reports
from server.domain.folds.reports import ReportEvent
from server.domain.ids import Alias, Digest, LotId, Millis, Seq
from server.domain.lines import Line, LineHead
from server.domain.plan import DocumentFile
from server.domain.state import Report

L1, E1, E2 = LotId("L1"), Alias("E1"), Alias("E2")
AT = Millis(1_774_400_090_000)
OPENED = Report(version=2, members=(E1, E2))


def changed(report: Report, event: ReportEvent) -> Report:
    head = LineHead(seq=Seq(90), at=AT, by=E1, salt=bytes(16))
    return reports.apply(report, event, Line(head=head, event=event))


def test_report_keeps_the_end_of_each_member_the_later_one_where_there_are_two() -> None:
    refused = changed(OPENED, ReportAnswered(lot=L1, version=2, end=SigningEnd.REFUSED))
    minuted = changed(refused, RefusalMinuted(lot=L1, version=2, member=E1))

    assert refused == replace(OPENED, ends={E1: SigningEnd.REFUSED}, ended_at={E1: AT})
    assert minuted.ends == {E1: SigningEnd.DEEMED_AGREED}


def test_report_tells_who_has_signed_an_annex_and_its_file() -> None:
    file = DocumentFile(sha256=Digest("f" * 64), size=240_100)

    signed = changed(OPENED, AnnexSigned(lot=L1, version=2))
    filed = changed(
        signed, AnnexFiled(lot=L1, version=2, typeset=file, certified=file, file=file, renderer="typesetter 1")
    )

    assert signed == replace(OPENED, annexes=(E1,))
    assert filed == replace(signed, annex_files={E1: file})
