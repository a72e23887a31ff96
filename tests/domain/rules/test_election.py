import pytest

from server.domain import commands as c
from server.domain.events import (
    BallotCast,
    ChairElected,
    LotPhaseChanged,
    PhaseChanged,
    RoundOpened,
    SheetHandedIn,
    StageRevealed,
)
from server.domain.ids import Alias
from server.domain.phases import Phase, Stage
from server.domain.plan import Regime
from server.domain.rejections import GateClosed, NotEligible, NothingToHandIn, WrongRound
from tests.support.room_plan import L1, L2, opening
from tests.support.room_scenes import HOST, at, check_in, replaced, run_to, vote
from tests.support.room_world import World

E1, E2 = Alias("E1"), Alias("E2")
MEMBERS = tuple(map(Alias, ("E1", "E2", "E3", "E4", "R1")))


def ballot(candidate: str, number: int = 1) -> c.CastBallot:
    return c.CastBallot(round=number, candidate=Alias(candidate))


def test_election_opens_once_all_have_checked_in() -> None:
    world = at(Phase.CHECK_IN)
    for member in MEMBERS:
        check_in(world, member)

    assert world.attempt(HOST, c.OpenElection()) == [
        PhaseChanged(phase=Phase.CHAIR_ELECTION),
        RoundOpened(lot=None, stage=Stage.ELECTION, round=1, members=MEMBERS),
    ]


def test_election_waits_for_the_last_check_in() -> None:
    world = at(Phase.CHECK_IN)
    for member in MEMBERS[:-1]:
        check_in(world, member)

    with pytest.raises(GateClosed, match="R1: no_recusal_statement, R1: no_pledge"):
        world.act(HOST, c.OpenElection())


def test_ballot_and_progress_are_two_events() -> None:
    assert at(Phase.CHAIR_ELECTION).attempt("E1", ballot("E2")) == [
        SheetHandedIn(lot=None, stage=Stage.ELECTION, round=1),
        BallotCast(round=1, candidate=E2),
    ]


def test_last_ballot_elects_who_has_most_and_begins_every_lot() -> None:
    world = at(Phase.CHAIR_ELECTION)
    for member, candidate in zip(MEMBERS[:-1], ("E1", "E1", "E2", "E3"), strict=True):
        world.act(member, ballot(candidate))

    events = world.attempt("R1", ballot("E2")), world.attempt("R1", ballot("E1"))

    assert events[0][2:] == [
        StageRevealed(lot=None, stage=Stage.ELECTION, round=1),
        RoundOpened(lot=None, stage=Stage.ELECTION, round=2, members=MEMBERS),
    ]
    assert events[1][2:] == [
        StageRevealed(lot=None, stage=Stage.ELECTION, round=1),
        ChairElected(chair=E1, round=1, votes={E1: 3, E2: 1, Alias("E3"): 1}),
        PhaseChanged(phase=Phase.EVALUATION),
        LotPhaseChanged(lot=L1, phase=Phase.EXAMINATION),
        RoundOpened(lot=L1, stage=Stage.EXAMINATION, round=1, members=MEMBERS),
        LotPhaseChanged(lot=L2, phase=Phase.EXAMINATION),
        RoundOpened(lot=L2, stage=Stage.EXAMINATION, round=1, members=MEMBERS),
    ]


def test_ballots_of_the_first_round_do_not_count_in_the_second() -> None:
    world = at(Phase.CHAIR_ELECTION)
    vote(world, {"E1": "E1", "E2": "E1", "E3": "E2", "E4": "E2", "R1": "E3"})
    vote(world, {"E1": "E2", "E2": "E2", "E3": "E2", "E4": "E1", "R1": "E1"})

    assert world.room.chair == E2
    assert world.room.election.votes == {E2: 3, E1: 2}


def test_member_may_vote_for_oneself() -> None:
    assert at(Phase.CHAIR_ELECTION).attempt("E1", ballot("E1"))


@pytest.mark.parametrize("candidate", ["H1", "W1", "E99"])
def test_who_is_no_member_cannot_be_voted_for(candidate: str) -> None:
    with pytest.raises(NotEligible, match=candidate):
        at(Phase.CHAIR_ELECTION).attempt("E1", ballot(candidate))


def test_purchasers_representative_cannot_be_voted_for_in_government_procurement() -> None:
    world = run_to(World(opening(regime=Regime.GOVERNMENT_PROCUREMENT)), Phase.CHAIR_ELECTION)

    with pytest.raises(NotEligible, match="R1"):
        world.attempt("R1", ballot("R1"))
    assert at(Phase.CHAIR_ELECTION).attempt("R1", ballot("R1"))


def test_ballot_is_cast_once_and_in_the_open_round() -> None:
    world = at(Phase.CHAIR_ELECTION)
    world.act("E1", ballot("E2"))

    with pytest.raises(NothingToHandIn):
        world.act("E1", ballot("E3"))
    with pytest.raises(WrongRound):
        world.act("E2", ballot("E3", number=2))


def test_unfinished_ballots_are_void_when_a_member_is_replaced() -> None:
    world = at(Phase.CHAIR_ELECTION)
    for member in MEMBERS[:-1]:
        world.act(member, ballot("E1"))
    replaced(world, "R1", "E9")
    pending = world.room.election.stage.pending
    vote(world, dict.fromkeys(pending, "E2"))

    assert pending == ("E1", "E2", "E3", "E4", "E9")
    assert world.room.election.votes == {E2: 5}
    assert world.room.election.stage.revealed_at(1) is None


def test_chair_elected_in_mid_evaluation_leaves_the_lots_where_they_are() -> None:
    world = at(Phase.SCORING)
    replaced(world, "E1", "E9")
    vote(world, dict.fromkeys(world.room.election.stage.pending, "E2"))

    assert (world.room.chair, world.room.phase) == (E2, Phase.EVALUATION)
    assert world.room.lots[L1].stages[Stage.EXAMINATION].open_round == 2
