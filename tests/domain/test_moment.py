import pytest
from msgspec.structs import replace

from server.domain.commands import OpenCheckIn
from server.domain.moment import Papers, PapersNeeded
from server.domain.phases import Phase
from server.evidence.sealing import open_command
from tests.support.room_scenes import HOST, at
from tests.support.room_world import World


def test_papers_are_asked_for_before_they_are_there() -> None:
    world = at(Phase.PREPARED)
    moment = world.moment(open_command(world.sign(HOST, OpenCheckIn()), world.room))
    papers = Papers(files=(World().document(),))

    with pytest.raises(PapersNeeded):
        moment.required_papers()

    assert replace(moment, papers=papers).required_papers() == papers
