"""呼叫工作人员: a person calls the staff of the own venue, whose operator answers."""

from server.domain.commands import AnswerCall, CallStaff
from server.domain.events import AnyEvent, StaffCallAnswered, StaffCalled
from server.domain.ids import Alias
from server.domain.rejections import AlreadyDone, NobodyCalls, OtherVenue
from server.domain.rules.checks import present_seat
from server.domain.state import RoomState


def call_staff(by: Alias, command: CallStaff, room: RoomState) -> list[AnyEvent]:
    """Ring at the operator's of the venue."""
    if room.calls.get(by) is command.need:
        raise AlreadyDone
    return [StaffCalled(need=command.need)]


def answer_call(by: Alias, command: AnswerCall, room: RoomState) -> list[AnyEvent]:
    """Take a call from a seat of the operator's own venue."""
    if present_seat(command.seat, room).venue != room.seats[by].venue:
        raise OtherVenue(alias=command.seat)
    if command.seat not in room.calls:
        raise NobodyCalls(alias=command.seat)
    return [StaffCallAnswered(alias=command.seat)]
