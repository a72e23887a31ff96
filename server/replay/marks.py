"""The marks on a room's timeline: what a person looks for who wants to see how it went."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from server.domain import events as e
from server.domain.ids import Alias, LotId, Millis, Seq
from server.domain.lines import Line


class MarkCode(StrEnum):
    """What a mark stands for."""

    OPENED = "opened"
    PHASE = "phase"
    CHAIR = "chair"
    MOVE = "move"
    "A seat goes on at another device."
    REPLACEMENT = "replacement"
    REVEAL = "reveal"
    RETURN = "return"
    PRICES = "prices"
    LOCK = "lock"
    REPORT = "report"
    SIGNATURE = "signature"
    "A member's end of the signing, refusals and their minutes included."
    SEAL = "seal"
    CALL = "call"
    ANSWER = "answer"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"


class Mark(Struct, frozen=True, kw_only=True):
    """A line that stands out; what it says in full stands in the line."""

    seq: Seq
    at: Millis
    code: MarkCode
    alias: Alias | None = None
    "Whom it is about."
    lot: LotId | None = None


def marks(lines: Iterable[Line]) -> tuple[Mark, ...]:
    """In the record's order."""
    return tuple(mark for line in lines if (mark := _mark(line)) is not None)


def _mark(line: Line) -> Mark | None:
    code = _CODES.get(type(line.event))
    if code is None:
        return None
    lot = getattr(line.event, "lot", None)
    return Mark(seq=line.seq, at=line.head.at, code=code, alias=_whom(line), lot=lot)


_CODES: dict[type[e.AnyEvent], MarkCode] = {
    e.RoomOpened: MarkCode.OPENED,
    e.PhaseChanged: MarkCode.PHASE,
    e.LotPhaseChanged: MarkCode.PHASE,
    e.ChairElected: MarkCode.CHAIR,
    e.SeatReleased: MarkCode.MOVE,
    e.MemberReplaced: MarkCode.REPLACEMENT,
    e.StageRevealed: MarkCode.REVEAL,
    e.SheetReturned: MarkCode.RETURN,
    e.PricesOpened: MarkCode.PRICES,
    e.ResultLocked: MarkCode.LOCK,
    e.ReportIssued: MarkCode.REPORT,
    e.ReportAnswered: MarkCode.SIGNATURE,
    e.RefusalMinuted: MarkCode.SIGNATURE,
    e.ReportSealed: MarkCode.SEAL,
    e.StaffCalled: MarkCode.CALL,
    e.StaffCallAnswered: MarkCode.ANSWER,
    e.RoomPaused: MarkCode.PAUSE,
    e.RoomResumed: MarkCode.RESUME,
    e.RoomClosed: MarkCode.CLOSE,
}


def _whom(line: Line) -> Alias | None:
    match line.event:
        case e.ChairElected(chair=alias):
            return alias
        case e.SeatReleased(alias=alias) | e.StaffCallAnswered(alias=alias):
            return alias
        case e.MemberReplaced(member=alias) | e.SheetReturned(member=alias) | e.RefusalMinuted(member=alias):
            return alias
        case e.ReportAnswered() | e.StaffCalled():
            return line.by
        case _:
            return None
