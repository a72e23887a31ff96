"""How the rounds of the election and of a lot's stages go on: who has still to hand in, and when they are revealed."""

from typing import assert_never

from msgspec.structs import replace

from server.domain.events import RoundOpened, SheetHandedIn, SheetReturned, StageRevealed
from server.domain.ids import Alias, LotId
from server.domain.lines import Line
from server.domain.phases import Stage
from server.domain.state import RoomState, Round, StageState

RoundEvent = RoundOpened | SheetHandedIn | StageRevealed | SheetReturned
"The events that change the rounds of a stage."


def apply(room: RoomState, event: RoundEvent, line: Line) -> RoomState:
    """The room after one more of these events, which stands in this line."""
    stage = room.election.stage if event.lot is None else room.lots[event.lot].stages[event.stage]
    match event:
        case RoundOpened():
            changed = _with_pending(stage, event.round, event.members)
            room = room if event.lot is not None else replace(room, election=replace(room.election, ballots={}))
        case SheetHandedIn():
            changed = _handed_in(stage, line.by)
        case StageRevealed():
            changed = _with_last(stage, replace(stage.rounds[-1], revealed_at=line.seq))
        case SheetReturned():
            changed = _with_pending(stage, event.round, (event.member,))
        case _:
            assert_never(event)
    return _with_stage(room, event.lot, event.stage, changed)


def without(room: RoomState, member: Alias) -> RoomState:
    """The room without a member's part in the rounds that are still open."""
    lots = {
        name: replace(lot, stages={key: _without(stage, member) for key, stage in lot.stages.items()})
        for name, lot in room.lots.items()
    }
    return replace(room, lots=lots, election=replace(room.election, stage=_without(room.election.stage, member)))


def _with_stage(room: RoomState, lot: LotId | None, stage: Stage, state: StageState) -> RoomState:
    if lot is None:
        return replace(room, election=replace(room.election, stage=state))
    changed = replace(room.lots[lot], stages={**room.lots[lot].stages, stage: state})
    return replace(room, lots={**room.lots, lot: changed})


def _with_pending(stage: StageState, number: int, members: tuple[Alias, ...]) -> StageState:
    """The stage with these members to hand in, in a new round or in the open one."""
    if number > len(stage.rounds):
        return StageState(rounds=(*stage.rounds, Round(pending=members)))
    last = stage.rounds[-1]
    handed_in = tuple(alias for alias in last.handed_in if alias not in members)
    return _with_last(stage, replace(last, pending=(*last.pending, *members), handed_in=handed_in))


def _handed_in(stage: StageState, member: Alias) -> StageState:
    last = stage.rounds[-1]
    pending = tuple(alias for alias in last.pending if alias != member)
    return _with_last(stage, replace(last, pending=pending, handed_in=(*last.handed_in, member)))


def _without(stage: StageState, member: Alias) -> StageState:
    if stage.open_round is None:
        return stage
    last = stage.rounds[-1]
    pending = tuple(alias for alias in last.pending if alias != member)
    handed_in = tuple(alias for alias in last.handed_in if alias != member)
    return _with_last(stage, replace(last, pending=pending, handed_in=handed_in))


def _with_last(stage: StageState, last: Round) -> StageState:
    return StageState(rounds=(*stage.rounds[:-1], last))
