"""Who sits where with which key, what each has stated at the check-in, and who has left."""

from typing import assert_never

from msgspec.structs import replace

from server.domain.events import (
    MemberReplaced,
    PersonSealed,
    PledgeMade,
    RecusalGrounds,
    RecusalStated,
    SeatConfirmed,
    SeatEnrolled,
    SeatPlanned,
    SeatReleased,
)
from server.domain.folds import rounds, walls
from server.domain.ids import Alias
from server.domain.lines import Line
from server.domain.state import RoomState, Seat

SeatEvent = (
    SeatPlanned
    | PersonSealed
    | SeatEnrolled
    | SeatConfirmed
    | SeatReleased
    | RecusalStated
    | RecusalGrounds
    | PledgeMade
    | MemberReplaced
)
"The events that change a seat."


def apply(room: RoomState, event: SeatEvent, line: Line) -> RoomState:
    """The room after one more of these events, which stands in this line."""
    match event:
        case SeatPlanned():
            return _with_seat(room, event.alias, Seat(role=event.role, venue=event.venue))
        case PersonSealed():
            return replace(room, people={**room.people, event.alias: event.person})
        case SeatEnrolled():
            room = replace(room, keys={**room.keys, event.key: event.spki})
            return _with_seat(room, event.alias, replace(room.seats[event.alias], key=event.key, confirmed=False))
        case SeatConfirmed():
            seat = room.seats[event.alias]
            joined = line.seq if seat.joined_at is None else seat.joined_at
            return _with_seat(room, event.alias, replace(seat, confirmed=True, joined_at=joined))
        case SeatReleased():
            return _released(room, event, line)
        case RecusalStated():
            return _with_seat(room, line.by, replace(room.seats[line.by], conflict=event.conflict))
        case RecusalGrounds():
            return replace(room, grounds={**room.grounds, line.by: event.grounds})
        case PledgeMade():
            return _with_seat(room, line.by, replace(room.seats[line.by], pledged=True))
        case MemberReplaced():
            return _replaced(room, event, line)
        case _:
            assert_never(event)


def _with_seat(room: RoomState, alias: Alias, seat: Seat) -> RoomState:
    return replace(room, seats={**room.seats, alias: seat})


def _released(room: RoomState, event: SeatReleased, line: Line) -> RoomState:
    seat = room.seats[event.alias]
    checked = {alias: each for alias, each in room.prechecks.items() if alias != event.alias}
    room = walls.ended(replace(room, prechecks=checked), line, by=event.alias)
    return _with_seat(room, event.alias, replace(seat, key=None, confirmed=False, moves=seat.moves + 1))


def _replaced(room: RoomState, event: MemberReplaced, line: Line) -> RoomState:
    seat = replace(room.seats[event.member], key=None, confirmed=False, successor=event.successor, left_at=line.seq)
    chair = None if room.chair == event.member else room.chair
    return _with_seat(replace(rounds.without(room, event.member), chair=chair), event.member, seat)
