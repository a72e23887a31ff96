from server.domain.ids import Alias
from server.domain.phases import Phase, Stage
from server.domain.state import Round
from tests.support.room_plan import L1, A, B, C
from tests.support.room_scenes import at, conclude, examine, replaced, returned, score, vote

E1, E2, E9 = Alias("E1"), Alias("E2"), Alias("E9")
MEMBERS = ("E1", "E2", "E3", "E4", "R1")


def waiting(*pending: str, handed_in: tuple[str, ...] = ()) -> Round:
    """A round that is open."""
    return Round(pending=tuple(map(Alias, pending)), handed_in=tuple(map(Alias, handed_in)))


def test_second_round_of_the_election_begins_without_ballots() -> None:
    world = at(Phase.CHAIR_ELECTION)
    vote(world, {"E1": "E1", "E2": "E1", "E3": "E2", "E4": "E2", "R1": "E3"})

    first, second = world.room.election.stage.rounds
    assert (world.room.election.ballots, world.room.chair) == ({}, None)
    assert (first.handed_in, second.pending) == (MEMBERS, MEMBERS)
    assert first.revealed_at is not None


def test_hand_in_moves_a_member_from_pending() -> None:
    world = at(Phase.EXAMINATION)
    examine(world, L1, "E3")

    assert world.room.lots[L1].stages[Stage.EXAMINATION].rounds == (waiting("E1", "E2", "E4", "R1", handed_in=("E3",)),)


def test_returned_sheet_is_pending_in_the_next_round() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, E2)

    lot = world.room.lots[L1]
    first, second = lot.stages[Stage.SCORING].rounds
    assert (first.handed_in, second) == (MEMBERS, waiting("E2"))
    assert (lot.phase, lot.return_grounds) == (Phase.SCORING, {E2: "退回理由·E2·"})


def test_second_returned_sheet_joins_the_open_round() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, E2)
    returned(world, L1, "E4")

    assert world.room.lots[L1].stages[Stage.SCORING].rounds[1] == waiting("E2", "E4")


def test_sheet_asked_for_again_in_its_own_round_is_pending_again() -> None:
    world = at(Phase.EXAMINATION)
    for member in MEMBERS:
        examine(world, L1, member)
    conclude(world, L1)
    score(world, L1, E1)
    replaced(world, E2, E9)
    for member in ("E3", "E4"):
        returned(world, L1, member, Stage.EXAMINATION)
        examine(world, L1, member, {C: "无签字盖章"})
    returned(world, L1, "R1", Stage.EXAMINATION)
    examine(world, L1, "R1", {C: "无签字盖章"})
    examine(world, L1, E9)
    conclude(world, L1, {C: "多数认定"})

    assert world.room.lots[L1].admitted == (A, B)
    assert world.room.lots[L1].stages[Stage.SCORING].rounds == (waiting("E3", "E4", "R1", "E1", "E9"),)
