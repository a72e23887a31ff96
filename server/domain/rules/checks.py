"""Checks that several rules share."""

from server.domain.commands import TEXT_LIMIT
from server.domain.committee import has_checked_in
from server.domain.gates import recording_blockers
from server.domain.ids import Alias, LotId, Millis
from server.domain.plan import LotPlan
from server.domain.rejections import (
    LotUnknown,
    NothingToHandIn,
    NotRecorded,
    NotYetCheckedIn,
    ReasonMissing,
    SeatLeft,
    SeatUnknown,
    TextTooLong,
    WrongRound,
)
from server.domain.state import LotState, RoomState, Seat, StageState


def require_text(text: str, where: str) -> str:
    """A reason that says something, without the spaces around it.

    Raises:
        ReasonMissing: it is empty.
        TextTooLong: it has more than `TEXT_LIMIT` characters.
    """
    trimmed = limited(text)
    if not trimmed:
        raise ReasonMissing(where=where)
    return trimmed


def limited(text: str, limit: int = TEXT_LIMIT) -> str:
    """A text of at most `limit` characters, without the spaces around it.

    Raises:
        TextTooLong: it is longer.
    """
    trimmed = text.strip()
    if len(trimmed) > limit:
        raise TextTooLong(length=len(trimmed), limit=limit)
    return trimmed


def present_seat(alias: Alias, room: RoomState) -> Seat:
    """The seat of somebody who takes part.

    Raises:
        SeatUnknown: no such alias.
        SeatLeft: the person has been replaced.
    """
    seat = room.seats.get(alias)
    if seat is None:
        raise SeatUnknown(alias=alias)
    if seat.left_at is not None:
        raise SeatLeft(alias=alias)
    return seat


def known_lot(lot: LotId, room: RoomState) -> LotState:
    """The lot of that name.

    Raises:
        LotUnknown: there is none.
    """
    state = room.lots.get(lot)
    if state is None:
        raise LotUnknown(lot=lot)
    return state


def require_pending(by: Alias, number: int, stage: StageState, room: RoomState, *, now: Millis) -> None:
    """A member who has a sheet to hand in, in this round, and may do so now.

    Raises:
        NotYetCheckedIn: the member's check-in is not complete (a successor's, for example).
        WrongRound: another round is open, or none.
        NothingToHandIn: the member has handed in already.
        NotRecorded: sound and pictures of the member have to be recorded meanwhile, and are not.
    """
    if not has_checked_in(room.seats[by]):
        raise NotYetCheckedIn(alias=by)
    if number != stage.open_round:
        raise WrongRound(round=number, open=stage.open_round or "none")
    if by not in stage.pending:
        raise NothingToHandIn(alias=by)
    if recording_blockers(by, room, now):
        raise NotRecorded(alias=by)


def lot_plan(lot: LotId, room: RoomState) -> LotPlan:
    """What the tender document says of a lot that the room has."""
    if room.opening is None:
        raise TypeError("a room without its first event has no lots")
    return room.opening.lots[lot]
