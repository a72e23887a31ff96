from server.domain.phases import Phase
from tests.support.room_plan import L1
from tests.support.room_scenes import at


def test_lot_goes_through_its_phases_to_the_lock() -> None:
    world = at(Phase.LOCKED)
    lot = world.room.lots[L1]

    assert lot.phase is Phase.LOCKED
    assert lot.examination is not None
    assert lot.members is not None
    assert lot.prices is not None
    assert lot.ranked is not None
    assert lot.prices_opened_at is not None
    assert lot.locked_at is not None
    assert lot.prices_opened_at < lot.locked_at
    assert set(lot.points) == set(lot.verdicts) == {"E1", "E2", "E3", "E4", "R1"}
