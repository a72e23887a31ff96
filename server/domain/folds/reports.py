"""How a lot's report and its signing grow, line by line; the same as in `client_web/src/session/foldReport.ts`."""

from typing import assert_never

from msgspec.structs import replace

from server.domain.events import (
    AnnexFiled,
    AnnexSigned,
    DissentStated,
    RefusalMinute,
    RefusalMinuted,
    ReportAnswered,
    ReportFiled,
    ReportIssued,
    ReportRevised,
    ReportSealed,
    SigningEnd,
)
from server.domain.ids import Alias
from server.domain.lines import Line
from server.domain.state import Report

ReportEvent = (
    ReportIssued
    | ReportAnswered
    | ReportRevised
    | DissentStated
    | AnnexSigned
    | AnnexFiled
    | RefusalMinuted
    | RefusalMinute
    | ReportSealed
    | ReportFiled
)
"The events that change a report once its signing is open."


def apply(report: Report | None, event: ReportEvent, line: Line) -> Report:  # noqa: C901  # one case an event
    """The report after one more of its events, which stands in this line.

    Raises:
        TypeError: no signing is open.
    """
    if report is None:
        raise TypeError("the signing follows a report")
    match event:
        case ReportIssued():
            return replace(report, issued=event, latest=event.certified)
        case ReportAnswered():
            return _ended(report, line.by, event.end, line)
        case ReportRevised():
            return replace(report, latest=event.file)
        case DissentStated():
            return replace(report, dissents={**report.dissents, line.by: event.text})
        case AnnexSigned():
            return replace(report, annexes=(*report.annexes, line.by))
        case AnnexFiled():
            return replace(report, annex_files={**report.annex_files, line.by: event.file})
        case RefusalMinuted():
            return _ended(report, event.member, SigningEnd.DEEMED_AGREED, line)
        case RefusalMinute():
            return replace(report, minutes={**report.minutes, event.member: event.minute})
        case ReportSealed():
            return replace(report, sealed_at=line.seq)
        case ReportFiled():
            return replace(report, filed=event, latest=event.report)
        case _:
            assert_never(event)


def _ended(report: Report, member: Alias, end: SigningEnd, line: Line) -> Report:
    return replace(report, ends={**report.ends, member: end}, ended_at={**report.ended_at, member: line.head.at})
