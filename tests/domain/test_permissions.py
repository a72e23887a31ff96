import pytest
from msgspec.structs import replace

from server.domain.commands import tag_of
from server.domain.ids import LotId
from server.domain.permissions import ALLOWED, phase_of
from server.domain.phases import Phase
from server.domain.roles import Role
from tests.support.room_plan import L1, L2
from tests.support.room_scenes import HOST, at, conclude, examine, run_to
from tests.support.room_world import World
from tests.support.sample_commands import SAMPLES


def test_closed_room_allows_nothing() -> None:
    assert ALLOWED[Phase.CLOSED] == {}


def test_nobody_may_do_in_a_pause_what_needs_the_room_to_stand_still() -> None:
    assert {tag_of(command) for command in ALLOWED[Phase.PAUSED]} == {
        "enrol_seat",
        "confirm_seat",
        "release_seat",
        "call_staff",
        "answer_call",
        "report_precheck",
        "add_room_camera",
        "remove_room_camera",
        "give_wall_pass",
        "withdraw_wall_pass",
        "resume_room",
        "close_room",
    }


def test_table_has_no_empty_cell() -> None:
    assert all(roles <= set(Role) and roles for row in ALLOWED.values() for roles in row.values())


def test_lot_is_in_a_phase_of_its_own_while_the_room_is_in_evaluation() -> None:
    world = at(Phase.EXAMINATION)
    for member in ("E1", "E2", "E3", "E4", "R1"):
        examine(world, L1, member)
    conclude(world, L1)
    other = replace(SAMPLES["score_prices"], lot=L2)

    assert phase_of(SAMPLES["score_prices"], world.room) is Phase.SCORING
    assert phase_of(other, world.room) is Phase.EXAMINATION
    assert phase_of(SAMPLES["make_pledge"], world.room) is Phase.EVALUATION


def test_lot_follows_the_room_before_the_evaluation() -> None:
    assert phase_of(SAMPLES["hand_in_scores"], World().room) is Phase.PREPARED
    assert phase_of(SAMPLES["hand_in_scores"], at(Phase.CHAIR_ELECTION).room) is Phase.CHAIR_ELECTION


def test_unknown_lot_is_in_the_phase_of_the_room() -> None:
    command = replace(SAMPLES["score_prices"], lot=LotId("L9"))

    assert phase_of(command, at(Phase.EXAMINATION).room) is Phase.EVALUATION


@pytest.mark.parametrize("tag", SAMPLES)
def test_pause_stands_for_every_phase(tag: str) -> None:
    assert phase_of(SAMPLES[tag], at(Phase.PAUSED).room) is Phase.PAUSED


@pytest.mark.parametrize("tag", SAMPLES)
def test_room_closed_during_a_pause_is_closed(tag: str) -> None:
    world = run_to(World(), Phase.PAUSED)
    world.act(HOST, SAMPLES["close_room"])

    assert phase_of(SAMPLES[tag], world.room) is Phase.CLOSED
