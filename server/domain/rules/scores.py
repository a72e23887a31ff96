"""Scoring (打分): each member alone, the reveal when all have handed in, sheets the chair returns.

Source: 87号令, Art. 51 to 55; 招标投标法, Art. 37 to 40.
"""

from server.domain.commands import HandInScores, ReturnSheet
from server.domain.committee import members, next_round, standing
from server.domain.events import (
    AnyEvent,
    LotPhaseChanged,
    MembersScored,
    ReturnGrounds,
    SheetHandedIn,
    SheetReturned,
    SheetScored,
    StageRevealed,
)
from server.domain.ids import Alias, BidAlias, LotId
from server.domain.moment import Moment
from server.domain.phases import Phase, Stage
from server.domain.rejections import CannotReturn
from server.domain.rules.checks import known_lot, lot_plan, require_pending, require_text
from server.domain.rules.draws import drawn
from server.domain.scoring import MembersResult, TypedPoints, aggregate_members, check_given, check_sheet
from server.domain.state import LotState, RoomState, StageState

RETURNABLE = {
    Phase.EXAMINATION: Stage.EXAMINATION,
    Phase.SCORING: Stage.SCORING,
    Phase.PRICES: Stage.SCORING,
}
"Which stage's sheets can be returned in a phase: none once the prices are known."


def hand_in(by: Alias, command: HandInScores, room: RoomState, moment: Moment) -> list[AnyEvent]:
    """Take a member's points and, when they are the last, reveal the round and add up."""
    lot = known_lot(command.lot, room)
    stage = lot.stages[Stage.SCORING]
    require_pending(by, command.round, stage, room, now=moment.now)
    check_sheet(lot_plan(command.lot, room).scheme, _admitted(lot), command.points)
    events: list[AnyEvent] = [
        SheetHandedIn(lot=command.lot, stage=Stage.SCORING, round=command.round),
        SheetScored(lot=command.lot, round=command.round, points=command.points),
    ]
    if stage.pending != (by,):
        return events
    result = members_result(command.lot, {**lot.points, by: command.points}, room, moment)
    return [
        *events,
        StageRevealed(lot=command.lot, stage=Stage.SCORING, round=command.round),
        *drawn(command.lot, moment),
        MembersScored(lot=command.lot, round=command.round, result=result),
        LotPhaseChanged(lot=command.lot, phase=Phase.PRICES),
    ]


def members_result(name: LotId, points: dict[Alias, TypedPoints], room: RoomState, moment: Moment) -> MembersResult:
    """What the present members' latest sheets come to."""
    plan, bids = lot_plan(name, room), _admitted(room.lots[name])
    sheets = {member: check_sheet(plan.scheme, bids, points[member]) for member in members(room)}
    given = check_given(plan.scheme, bids, {bid: plan.bids[bid].given for bid in bids})
    return aggregate_members(plan.scheme, sheets, bids, given=given, draws=moment.draws)


def return_sheet(command: ReturnSheet, room: RoomState) -> list[AnyEvent]:
    """Open a round in which the member hands the sheet in again."""
    lot = known_lot(command.lot, room)
    stage = lot.stages[command.stage] if command.stage in lot.stages else StageState()
    is_present = command.member in members(room)
    if RETURNABLE.get(lot.phase) is not command.stage or not is_present or not _stands_revealed(stage, command.member):
        raise CannotReturn(member=command.member)
    name, number, member = command.lot, next_round(stage), command.member
    reason = require_text(command.reason, "reason")
    events: list[AnyEvent] = [
        SheetReturned(lot=name, stage=command.stage, round=number, member=member),
        ReturnGrounds(lot=name, stage=command.stage, member=member, reason=reason),
    ]
    return [*events, LotPhaseChanged(lot=name, phase=Phase.SCORING)] if lot.phase is Phase.PRICES else events


def _stands_revealed(stage: StageState, member: Alias) -> bool:
    """Whether the member's latest sheet stands and everyone has seen it."""
    last = next((number for number in reversed(stage.rounds) if member in number.handed_in), None)
    return last is not None and last.revealed_at is not None and bool(standing(stage, [member]))


def _admitted(lot: LotState) -> tuple[BidAlias, ...]:
    return lot.admitted or ()
