"""The election of the chair: one ballot a member, the most votes win, equal votes are voted on again."""

from collections import Counter

from server.domain.commands import CastBallot
from server.domain.committee import is_eligible, members
from server.domain.events import (
    AnyEvent,
    BallotCast,
    ChairElected,
    LotPhaseChanged,
    PhaseChanged,
    RoundOpened,
    SheetHandedIn,
    StageRevealed,
)
from server.domain.gates import election_blockers, require
from server.domain.ids import Alias, Millis
from server.domain.phases import Phase, Stage
from server.domain.rejections import NotEligible
from server.domain.rules.checks import require_pending
from server.domain.state import RoomState


def open_election(room: RoomState) -> list[AnyEvent]:
    """Begin the election once every member has checked in."""
    require(election_blockers(room))
    return [PhaseChanged(phase=Phase.CHAIR_ELECTION), election_round(members(room), room)]


def election_round(voters: tuple[Alias, ...], room: RoomState) -> RoundOpened:
    """A fresh round of the election, the ballots of an unfinished one being void."""
    number = len(room.election.stage.rounds) + 1
    return RoundOpened(lot=None, stage=Stage.ELECTION, round=number, members=voters)


def cast_ballot(by: Alias, command: CastBallot, room: RoomState, now: Millis) -> list[AnyEvent]:
    """Take a ballot and, when it is the last, count."""
    stage = room.election.stage
    require_pending(by, command.round, stage, room, now=now)
    if not is_eligible(command.candidate, room):
        raise NotEligible(alias=command.candidate)
    events: list[AnyEvent] = [
        SheetHandedIn(lot=None, stage=Stage.ELECTION, round=command.round),
        BallotCast(round=command.round, candidate=command.candidate),
    ]
    if stage.pending != (by,):
        return events
    ballots = {**room.election.ballots, by: command.candidate}
    return [*events, *_count(ballots, command.round, room)]


def _count(ballots: dict[Alias, Alias], number: int, room: RoomState) -> list[AnyEvent]:
    votes = Counter(ballots.values())
    revealed = StageRevealed(lot=None, stage=Stage.ELECTION, round=number)
    (chair, most), *others = votes.most_common()
    if any(count == most for _, count in others):
        return [revealed, election_round(members(room), room)]
    elected = ChairElected(chair=chair, round=number, votes=dict(votes))
    return [revealed, elected, PhaseChanged(phase=Phase.EVALUATION), *_begin_lots(room)]


def _begin_lots(room: RoomState) -> list[AnyEvent]:
    """The examination of every lot that has not begun (a chair may be elected anew in mid-evaluation)."""
    events: list[AnyEvent] = []
    for name, lot in room.lots.items():
        if lot.phase is Phase.PREPARED:
            events.append(LotPhaseChanged(lot=name, phase=Phase.EXAMINATION))
            events.append(RoundOpened(lot=name, stage=Stage.EXAMINATION, round=1, members=members(room)))
    return events
