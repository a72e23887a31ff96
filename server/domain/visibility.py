"""The one door between what is stored and what is shown.

Laws, each a test: what a viewer may see, it may see for ever; who has left sees nothing new; a reveal opens only
earlier lines of its own lot, stage and round, and to a member whose first sheet of the stage it reveals also what the
earlier rounds came to; the lines of a member replaced before the reveal open to supervisor and auditor only.
"""

from typing import Final, assert_never

from msgspec import Struct

from server.domain.audiences import AUDIENCES, Condition
from server.domain.events import (
    AnnexFiled,
    AnyEvent,
    BallotCast,
    BidFileListed,
    BidSealed,
    BidsRanked,
    DissentStated,
    DocumentKeyCertified,
    ExaminationConcluded,
    LotDrawn,
    LotPhaseChanged,
    MembersScored,
    NamesOpened,
    PersonSealed,
    PrecheckReported,
    PricesOpened,
    PricesScored,
    RefusalMinute,
    ReportFiled,
    ReportIssued,
    ReportRevised,
    ResultLocked,
    ReturnGrounds,
    RoomClosed,
    SheetExamined,
    SheetScored,
    StaffCallAnswered,
    StaffCalled,
    StageRevealed,
)
from server.domain.ids import Alias, LotId, Seq, VenueId
from server.domain.lines import Line
from server.domain.phases import Stage
from server.domain.plan import MemberNames
from server.domain.roles import Role
from server.domain.state import RoomState, StageState

OPENED_BY: Final[dict[Condition, type[AnyEvent]]] = {
    Condition.AFTER_OWN_REVEAL: StageRevealed,
    Condition.AFTER_REVEAL: StageRevealed,
    Condition.AFTER_REVEAL_OF_ALL: StageRevealed,
    Condition.AFTER_LOCK: ResultLocked,
    Condition.AFTER_PRICES_OPENED: PricesOpened,
    Condition.AFTER_BIDS_OPENED: LotPhaseChanged,
    Condition.AFTER_CLOSE: RoomClosed,
    Condition.OWN_VENUE: NamesOpened,
    Condition.NAMES_OPEN: NamesOpened,
}
"The events that fulfil a condition; one that is not here holds from the start or never."

OPENING_EVENTS: Final = (LotPhaseChanged, StageRevealed, PricesOpened, ResultLocked, NamesOpened, RoomClosed)
"The events that open older lines to somebody."

_OF_THE_ROOM: Final = frozenset({NamesOpened, RoomClosed})

Opening = tuple[type[AnyEvent], LotId | None]
"An event that opens older lines, with the lot it is about; none for the whole room and for the election."


class Viewer(Struct, frozen=True):
    """Someone who looks at the room."""

    alias: Alias
    role: Role
    venue: VenueId


def viewer_of(alias: Alias, room: RoomState) -> Viewer:
    """The viewer that sits at a planned seat."""
    seat = room.seats[alias]
    return Viewer(alias, seat.role, seat.venue)


def is_visible(line: Line, viewer: Viewer, room: RoomState) -> bool:
    """Whether this viewer may hold this line now; its hash everyone holds."""
    horizon = _horizon(viewer, room)
    if horizon is not None and line.seq > horizon:
        return False
    if viewer.alias in (line.by, _subject(line)):
        return True
    condition = AUDIENCES[type(line.event).audience][viewer.role]
    return _holds(condition, line, viewer, room)


def opening_of(event: AnyEvent) -> Opening | None:
    """What an event can open of the older lines."""
    if not isinstance(event, OPENING_EVENTS):
        return None
    return type(event), None if isinstance(event, NamesOpened | RoomClosed) else event.lot


def awaited_opening(line: Line, viewer: Viewer) -> Opening | None:
    """What alone can still open a hidden line to a viewer who has not left; none where nothing can."""
    opener = OPENED_BY.get(AUDIENCES[type(line.event).audience][viewer.role])
    if opener is None:
        return None
    return opener, None if opener in _OF_THE_ROOM else getattr(line.event, "lot", None)


def _horizon(viewer: Viewer, room: RoomState) -> Seq | None:
    """The line by which the viewer left, if so."""
    seat = room.seats.get(viewer.alias)
    return seat.left_at if seat else None


def _holds(  # noqa: C901  # routes only: one case a condition
    condition: Condition, line: Line, viewer: Viewer, room: RoomState
) -> bool:
    match condition:
        case Condition.ALWAYS:
            return True
        case Condition.NEVER:
            return False
        case Condition.SEATED:
            seat = room.seats.get(viewer.alias)
            return seat is not None and seat.joined_at is not None and seat.joined_at < line.seq
        case Condition.OWN_VENUE:
            return _subject_venue(line, room) == viewer.venue or (_is_name(line) and _names_are_open(viewer, room))
        case Condition.NAMES_OPEN:
            return _names_are_open(viewer, room)
        case Condition.AFTER_CLOSE:
            return room.closed_at is not None
        case Condition.AFTER_LOCK | Condition.AFTER_PRICES_OPENED | Condition.AFTER_BIDS_OPENED:
            return _reached(_lot_milestone(condition, line.event, room), viewer, room)
        case Condition.AFTER_OWN_REVEAL:
            return _reached(_own_reveal(line.event, viewer, room), viewer, room)
        case Condition.AFTER_REVEAL:
            reveal, own = _reveal_of(line, room), _own_reveal(line.event, viewer, room)
            is_open = _reached(reveal, viewer, room) and _reached(own, viewer, room)
            return is_open and _was_member(line.by, reveal, room)
        case Condition.AFTER_REVEAL_OF_ALL:
            return _reached(_reveal_of(line, room), viewer, room)
        case _:
            assert_never(condition)


def _reached(milestone: Seq | None, viewer: Viewer, room: RoomState) -> bool:
    """Whether a milestone has come, and before the viewer left."""
    if milestone is None:
        return False
    horizon = _horizon(viewer, room)
    return horizon is None or milestone <= horizon


def _lot_milestone(condition: Condition, event: AnyEvent, room: RoomState) -> Seq | None:
    lot = room.lots[_lot_of(event)]
    match condition:
        case Condition.AFTER_LOCK:
            return lot.locked_at
        case Condition.AFTER_PRICES_OPENED:
            return lot.prices_opened_at
        case _:
            return lot.opened_at


def _lot_of(event: AnyEvent) -> LotId:
    match event:
        case BidSealed() | BidFileListed() | ExaminationConcluded() | LotDrawn() | PricesScored() | BidsRanked():
            return event.lot
        case ReportIssued() | ReportRevised() | ReportFiled() | DissentStated() | RefusalMinute():
            return event.lot
        case _:
            raise TypeError(f"{type(event).__name__} belongs to no lot")


def _reveal_of(line: Line, room: RoomState) -> Seq | None:
    """The line that revealed the round of this line, if it stands after it."""
    event = line.event
    if not isinstance(event, BallotCast | SheetExamined | SheetScored):
        raise TypeError(f"{type(event).__name__} belongs to no round")
    reveal = _stage_of(event, room).revealed_at(event.round)
    return reveal if reveal is not None and line.seq < reveal else None


def _own_reveal(event: AnyEvent, viewer: Viewer, room: RoomState) -> Seq | None:
    """The line that revealed the viewer's first sheet of the event's stage."""
    reveals = (number.revealed_at for number in _stage_of(event, room).rounds if viewer.alias in number.handed_in)
    return next((reveal for reveal in reveals if reveal is not None), None)


def _stage_of(event: AnyEvent, room: RoomState) -> StageState:
    match event:
        case BallotCast():
            return room.election.stage
        case SheetExamined() | ExaminationConcluded():
            return room.lots[event.lot].stages[Stage.EXAMINATION]
        case SheetScored() | MembersScored() | LotDrawn() | PricesScored() | BidsRanked():
            return room.lots[event.lot].stages[Stage.SCORING]
        case ReturnGrounds():
            return room.lots[event.lot].stages[event.stage]
        case _:
            raise TypeError(f"{type(event).__name__} belongs to no stage")


def _was_member(author: Alias, at: Seq | None, room: RoomState) -> bool:
    """Whether the author had not left when a round was revealed."""
    left = room.seats[author].left_at
    return left is None or (at is not None and at < left)


def _subject(line: Line) -> Alias | None:
    """The person whom a line is about, where it is about one."""
    match line.event:
        case PersonSealed() | DocumentKeyCertified() | StaffCallAnswered():
            return line.event.alias
        case StaffCalled() | AnnexFiled() | PrecheckReported():
            return line.by
        case _:
            return None


def _subject_venue(line: Line, room: RoomState) -> VenueId | None:
    subject = _subject(line)
    seat = room.seats.get(subject) if subject else None
    return seat.venue if seat else None


def _is_name(line: Line) -> bool:
    """Whether the line tells who somebody is."""
    return isinstance(line.event, PersonSealed | DocumentKeyCertified | AnnexFiled)


def _names_are_open(viewer: Viewer, room: RoomState) -> bool:
    """Whether this viewer may know who the others are."""
    match room.opening.policy.member_names if room.opening else MemberNames.NEVER:
        case MemberNames.OPEN:
            return True
        case MemberNames.AT_SIGNING:
            return _reached(room.names_opened_at, viewer, room)
        case _:
            return False
