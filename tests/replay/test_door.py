import pytest

from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.rejections import RoleMayNot
from server.domain.state import RoomState
from server.replay.door import ReplayClosed, demand_replay
from tests.support.room_scenes import at


@pytest.fixture(scope="module")
def closed() -> RoomState:
    return at(Phase.CLOSED).room


def test_the_auditor_replays_a_closed_room(closed: RoomState) -> None:
    demand_replay(closed.seats[Alias("U1")], closed)


@pytest.mark.parametrize("alias", ["E1", "R1", "H1", "V1", "A1", "W1", "S1"])
def test_nobody_else_does(closed: RoomState, alias: str) -> None:
    with pytest.raises(RoleMayNot):
        demand_replay(closed.seats[Alias(alias)], closed)


def test_an_open_room_is_not_replayed() -> None:
    room = at(Phase.SUMMARY).room

    with pytest.raises(ReplayClosed):
        demand_replay(room.seats[Alias("U1")], room)
