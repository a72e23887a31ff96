"""The rules: what a command causes in a room, or why it is refused.

Pure: time, chance, the tree's roots and a certificate come as a `Moment`, so that `verify` can decide again years
later. Order of checks: is it meant for this room and in its turn, may this seat ask for it now, then the rule itself.
"""

from typing import assert_never

from server.domain import commands as c
from server.domain.committee import roles_of
from server.domain.events import AnyEvent
from server.domain.ids import Alias
from server.domain.moment import Moment, Received
from server.domain.permissions import ALLOWED, phase_of
from server.domain.rejections import (
    ForeignRoom,
    ForkedView,
    NumberNotRising,
    RoleMayNot,
    SeatNotConfirmed,
    SeatNotEnrolled,
    StaleView,
    WrongPhase,
)
from server.domain.rules import (
    agent_talks,
    calls,
    check_in,
    election,
    examination,
    members,
    messages,
    prechecks,
    proceeding,
    reports,
    results,
    room_cameras,
    scores,
    seats,
    waivers,
    wall_passes,
)
from server.domain.rules.checks import known_lot, present_seat
from server.domain.state import RoomState


def decide(received: Received, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """The events that a command causes in this room.

    Raises:
        Rejection: the rules forbid it; the room is unchanged.
    """
    _check_envelope(received.envelope, room, moment)
    _check_seat(received, room)
    check_permission(received.envelope.by, received.command, room)
    events = _route(received, room, moment)
    return [*agent_talks.ended_by(events, room), *events]


def _check_envelope(envelope: c.Envelope, room: RoomState, moment: Moment) -> None:
    opening = room.opening
    if opening is None or envelope.room.id != opening.room or envelope.room.first != moment.root_at(1):
        raise ForeignRoom
    if envelope.n <= moment.last_n:
        raise NumberNotRising(n=envelope.n, last=moment.last_n)
    if not 0 < envelope.seen.size <= moment.size or moment.root_at(envelope.seen.size) != envelope.seen.root:
        raise ForkedView
    if envelope.seen.size <= room.phase_at:
        raise StaleView


def _check_seat(received: Received, room: RoomState) -> None:
    by = received.envelope.by
    seat = present_seat(by, room)
    if isinstance(received.command, c.EnrolSeat):
        return
    if seat.key != received.key:
        raise SeatNotEnrolled(alias=by)
    if not seat.confirmed:
        raise SeatNotConfirmed(alias=by)


def check_permission(by: Alias, command: c.AnyCommand, room: RoomState) -> None:
    """Whether role and phase let a present seat ask for a command; the command's own rule is not looked at.

    Raises:
        LotUnknown, WrongPhase, RoleMayNot: they do not.
    """
    if isinstance(command, c.LotCommand):
        known_lot(command.lot, room)
    phase = phase_of(command, room)
    roles = ALLOWED[phase].get(type(command))
    tag = c.tag_of(type(command))
    if roles is None:
        raise WrongPhase(command=tag, phase=phase)
    if not roles & roles_of(by, room):
        raise RoleMayNot(command=tag, role=room.seats[by].role, phase=phase)


def _route(received: Received, room: RoomState, moment: Moment) -> list[AnyEvent]:  # noqa: C901  # routes only
    by, command = received.envelope.by, received.command
    if isinstance(command, c.LotCommand):
        return _route_of_lot(by, command, room, moment)
    match command:
        case c.EnrolSeat():
            return seats.enrol(received, command, room, moment)
        case c.ConfirmSeat():
            return seats.confirm(by, command, room)
        case c.ReleaseSeat():
            return seats.release(by, command, room)
        case c.OpenCheckIn():
            return check_in.open_check_in()
        case c.StateRecusal():
            return check_in.state_recusal(by, command, room)
        case c.MakePledge():
            return check_in.make_pledge(by, room)
        case c.ReplaceMember():
            return members.replace_member(command, room)
        case c.OpenElection():
            return election.open_election(room)
        case c.CastBallot():
            return election.cast_ballot(by, command, room, moment.now)
        case c.EnrolDocumentKey():
            return reports.enrol_document_key(by, room, moment)
        case c.CallStaff():
            return calls.call_staff(by, command, room)
        case c.AnswerCall():
            return calls.answer_call(by, command, room)
        case c.SendMessage():
            return messages.send_message(command, room)
        case c.AskForTalk():
            return agent_talks.ask(by, command, room)
        case c.OpenTalk():
            return agent_talks.open_talk(by, command, room)
        case c.EndTalk():
            return agent_talks.end(by, command, room)
        case c.ReportPrecheck():
            return prechecks.report(command)
        case c.AddRoomCamera():
            return room_cameras.add(by, command, room)
        case c.RemoveRoomCamera():
            return room_cameras.remove(by, command, room)
        case c.GiveWallPass():
            return wall_passes.give(command, room)
        case c.WithdrawWallPass():
            return wall_passes.withdraw(command, room)
        case c.WaiveRecording():
            return waivers.waive_recording(command, room)
        case c.PauseRoom():
            return proceeding.pause(command)
        case c.ResumeRoom():
            return proceeding.resume()
        case c.CloseRoom():
            return proceeding.close(command)
        case _:
            assert_never(command)


def _route_of_lot(  # noqa: C901  # routes only
    by: Alias, command: c.LotCommand, room: RoomState, moment: Moment
) -> list[AnyEvent]:
    match command:
        case c.HandInExamination():
            return examination.hand_in(by, command, room, moment.now)
        case c.ConcludeExamination():
            return examination.conclude(command, room)
        case c.HandInScores():
            return scores.hand_in(by, command, room, moment)
        case c.ReturnSheet():
            return scores.return_sheet(command, room)
        case c.ScorePrices():
            return results.open_prices(command, room, moment)
        case c.LockResult():
            return results.lock(command)
        case c.IssueReport():
            return reports.issue(command, room, moment)
        case c.SignReport():
            return reports.sign(by, command, room, moment)
        case c.SignAnnex():
            return reports.sign_annex(by, command, room, moment)
        case c.RefuseReport():
            return reports.refuse(by, command, room)
        case c.MinuteRefusal():
            return reports.minute_refusal(command, room)
        case c.SealReport():
            return reports.seal_report(command, room, moment)
        case _:
            assert_never(command)
