import asyncio

from server.demo.narration import SENTENCES, no_pause, standing
from server.domain.phases import Phase
from tests.support.patience import PATIENCE_S
from tests.support.room_scenes import at
from tests.support.room_world import World


def test_standing_is_the_rooms_phase_before_the_evaluation() -> None:
    assert standing(World().room) == {"": Phase.PREPARED}


def test_standing_names_each_lots_phase_in_the_evaluation() -> None:
    assert standing(at(Phase.EXAMINATION).room) == {"L1": Phase.EXAMINATION, "L2": Phase.EXAMINATION}


def test_every_phase_that_people_meet_has_a_sentence() -> None:
    assert set(Phase) - set(SENTENCES) == {Phase.EVALUATION, Phase.PAUSED}


async def test_nobody_waits_where_nobody_watches() -> None:
    async with asyncio.timeout(PATIENCE_S):
        await no_pause("E1", None)
