"""Seats: enrolment of a device's key, confirmation by the venue, moving to another device."""

from server.domain.commands import ConfirmSeat, EnrolSeat, ReleaseSeat
from server.domain.events import AnyEvent, SeatConfirmed, SeatEnrolled, SeatReleased
from server.domain.ids import Alias
from server.domain.moment import Moment, Received
from server.domain.rejections import (
    AlreadyDone,
    KeyUnusable,
    OtherVenue,
    SeatAlreadyConfirmed,
    SeatNotEnrolled,
    SeatTaken,
)
from server.domain.roles import OPERATORS
from server.domain.rules.checks import present_seat, require_text
from server.domain.state import RoomState, Seat


def enrol(received: Received, command: EnrolSeat, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """Bind a new key to the author's seat; an operator's seat needs nobody's confirmation."""
    alias, key = received.envelope.by, received.key
    seat = present_seat(alias, room)
    if seat.key == key:
        raise AlreadyDone
    if seat.key is not None:
        raise SeatTaken(alias=alias)
    if key in room.keys:
        raise KeyUnusable
    enrolled = SeatEnrolled(alias=alias, key=key, spki=command.spki, certificate=moment.certificate)
    return [enrolled, SeatConfirmed(alias=alias, key=key)] if seat.role in OPERATORS else [enrolled]


def confirm(by: Alias, command: ConfirmSeat, room: RoomState) -> list[AnyEvent]:
    """Vouch for the key of a seat of the operator's own venue."""
    seat = _own_seat(by, command.seat, room)
    if seat.key is None or seat.key != command.key:
        raise SeatNotEnrolled(alias=command.seat)
    if seat.confirmed:
        raise SeatAlreadyConfirmed(alias=command.seat)
    return [SeatConfirmed(alias=command.seat, key=command.key)]


def release(by: Alias, command: ReleaseSeat, room: RoomState) -> list[AnyEvent]:
    """Revoke the key of a seat of the operator's own venue."""
    seat = _own_seat(by, command.seat, room)
    if seat.key is None:
        raise SeatNotEnrolled(alias=command.seat)
    return [SeatReleased(alias=command.seat, key=seat.key, reason=require_text(command.reason, "reason"))]


def _own_seat(operator: Alias, alias: Alias, room: RoomState) -> Seat:
    seat = present_seat(alias, room)
    if seat.venue != room.seats[operator].venue:
        raise OtherVenue(alias=alias)
    return seat
