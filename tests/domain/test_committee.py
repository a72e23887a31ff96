import pytest
from msgspec.structs import replace

from server.domain.committee import has_checked_in, is_eligible, members, next_round, roles_of, standing
from server.domain.ids import Alias, Seq, VenueId
from server.domain.phases import Phase
from server.domain.plan import Regime
from server.domain.roles import Role
from server.domain.state import EMPTY, Round, Seat, StageState
from tests.support.room_plan import opening
from tests.support.room_scenes import at, check_in, replaced
from tests.support.room_world import World

E1, E2, E3, R1 = Alias("E1"), Alias("E2"), Alias("E3"), Alias("R1")
SEAT = Seat(role=Role.EXPERT, venue=VenueId("jia"), confirmed=True, conflict=False, pledged=True)
REVEALED = Round(pending=(), handed_in=(E1, E2, E3), revealed_at=Seq(9))


def test_members_are_the_present_experts_and_representatives_in_planned_order() -> None:
    world = at(Phase.CHECK_IN)
    replaced(world, "E2", "E9")

    assert members(world.room) == ("E1", "E3", "E4", "R1", "E9")


def test_chair_keeps_the_own_role() -> None:
    room = at(Phase.EXAMINATION).room

    assert roles_of(E1, room) == {Role.EXPERT, Role.CHAIR}
    assert roles_of(E2, room) == {Role.EXPERT}
    assert roles_of(Alias("W1"), room) == {Role.WITNESS}


@pytest.mark.parametrize(
    ("seat", "expected"),
    [
        (SEAT, True),
        (replace(SEAT, confirmed=False), False),
        (replace(SEAT, conflict=True), False),
        (replace(SEAT, conflict=None), False),
        (replace(SEAT, pledged=False), False),
    ],
)
def test_check_in_is_complete_with_key_statement_and_pledge(seat: Seat, *, expected: bool) -> None:
    assert has_checked_in(seat) is expected


@pytest.mark.parametrize(
    ("regime", "expected"),
    [(Regime.TENDERING_LAW, True), (Regime.GOVERNMENT_PROCUREMENT, False), (Regime.ENTERPRISE, True)],
)
def test_purchasers_representative_is_no_chair_in_government_procurement(regime: Regime, *, expected: bool) -> None:
    room = World(opening(regime=regime)).room

    assert is_eligible(R1, room) is expected
    assert is_eligible(E1, room)


@pytest.mark.parametrize("alias", ["H1", "W1", "E99"])
def test_who_is_no_member_cannot_be_elected(alias: str) -> None:
    assert not is_eligible(Alias(alias), World().room)


def test_who_was_replaced_cannot_be_elected() -> None:
    world = at(Phase.CHECK_IN)
    check_in(world, "E2")
    replaced(world, "E2", "E9")

    assert not is_eligible(E2, world.room)
    assert is_eligible(Alias("E9"), world.room)


def test_room_without_a_regime_has_no_representative_to_exclude() -> None:
    room = replace(EMPTY, seats={R1: Seat(role=Role.REPRESENTATIVE, venue=VenueId("jia"))})

    assert is_eligible(R1, room)


def test_sheet_stands_that_is_handed_in_and_not_asked_for_again() -> None:
    again = StageState(rounds=(REVEALED, Round(pending=(E2,), handed_in=())))

    assert standing(StageState(), [E1]) == frozenset()
    assert standing(StageState(rounds=(REVEALED,)), [E1, E2]) == {E1, E2}
    assert standing(again, [E1, E2, R1]) == {E1}


def test_next_round_is_the_open_one_or_a_new_one() -> None:
    assert next_round(StageState()) == 1
    assert next_round(StageState(rounds=(REVEALED,))) == 2
    assert next_round(StageState(rounds=(REVEALED, Round(pending=(E1,))))) == 2
