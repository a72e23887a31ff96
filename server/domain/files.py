"""Which files an event names: a file may be read by whoever may hold a line that names it."""

from server.domain.events import AnyEvent, BidFileListed, ReportFiled, ReportIssued, ReportRevised
from server.domain.plan import DocumentFile


def named_files(event: AnyEvent) -> tuple[DocumentFile, ...]:
    """The files that stand beside the record because of this event."""
    match event:
        case BidFileListed() | ReportRevised():
            return (event.file,)
        case ReportIssued():
            return (event.certified,)
        case ReportFiled():
            return (event.report, event.signing_record)
        case _:
            return ()
