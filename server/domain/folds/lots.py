"""How a lot grows, from its sealed bids to its report; its rounds are in `rounds.py`."""

from typing import assert_never

from msgspec.structs import replace

from server.domain.events import (
    BidFileListed,
    BidsAdmitted,
    BidSealed,
    BidsRanked,
    ExaminationConcluded,
    LotDrawn,
    LotPhaseChanged,
    MembersScored,
    PricesOpened,
    PricesScored,
    ResultLocked,
    ReturnGrounds,
    SheetExamined,
    SheetScored,
    SigningOpened,
)
from server.domain.folds import reports
from server.domain.folds.reports import ReportEvent
from server.domain.lines import Line
from server.domain.phases import Phase
from server.domain.state import BidFile, Identity, LotState, Report

LotEvent = (
    BidSealed
    | BidFileListed
    | LotPhaseChanged
    | SheetExamined
    | SheetScored
    | ExaminationConcluded
    | BidsAdmitted
    | ReturnGrounds
    | MembersScored
    | LotDrawn
    | PricesOpened
    | PricesScored
    | BidsRanked
    | ResultLocked
    | SigningOpened
    | ReportEvent
)
"The events that change a lot alone."


def apply(lot: LotState, event: LotEvent, line: Line) -> LotState:  # noqa: C901  # one case an event
    """The lot after one more of its events, which stands in this line."""
    if isinstance(event, ReportEvent):
        return replace(lot, report=reports.apply(lot.report, event, line))
    match event:
        case BidSealed():
            identity = Identity(bidder=event.bidder, offer=event.offer)
            return replace(lot, identities={**lot.identities, event.bid: identity})
        case BidFileListed():
            held = (*lot.files.get(event.bid, ()), BidFile(title=event.title, file=event.file))
            return replace(lot, files={**lot.files, event.bid: held})
        case LotPhaseChanged():
            first = lot.opened_at is None and event.phase is Phase.EXAMINATION
            return replace(lot, phase=event.phase, opened_at=line.seq if first else lot.opened_at)
        case SheetExamined():
            return replace(lot, verdicts={**lot.verdicts, line.by: event.verdicts})
        case SheetScored():
            return replace(lot, points={**lot.points, line.by: event.points})
        case ExaminationConcluded():
            return replace(lot, examination=event)
        case BidsAdmitted():
            return replace(lot, admitted=event.bids)
        case ReturnGrounds():
            return replace(lot, return_grounds={**lot.return_grounds, event.member: event.reason})
        case MembersScored():
            return replace(lot, members=event)
        case LotDrawn():
            return replace(lot, draws={**lot.draws, event.draw: event.order})
        case PricesOpened():
            return replace(lot, prices_opened_at=line.seq)
        case PricesScored():
            return replace(lot, prices=event)
        case BidsRanked():
            return replace(lot, ranked=event)
        case ResultLocked():
            return replace(lot, locked_at=line.seq)
        case SigningOpened():
            return replace(lot, report=Report(version=event.version, members=event.members))
        case _:
            assert_never(event)
