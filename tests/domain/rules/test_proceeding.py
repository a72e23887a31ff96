import pytest

from server.domain import commands as c
from server.domain.events import RoomClosed, RoomPaused, RoomResumed
from server.domain.phases import Phase
from server.domain.rejections import ReasonMissing, TextTooLong, WrongPhase
from tests.support.room_scenes import HOST, at


def test_room_is_paused_with_a_reason() -> None:
    assert at(Phase.SCORING).attempt(HOST, c.PauseRoom(reason=" 停电 ")) == [RoomPaused(reason="停电")]


def test_room_is_resumed() -> None:
    world = at(Phase.PAUSED)

    assert world.attempt(HOST, c.ResumeRoom()) == [RoomResumed()]
    with pytest.raises(WrongPhase):
        world.attempt(HOST, c.PauseRoom(reason="停电"))


@pytest.mark.parametrize("phase", [Phase.PREPARED, Phase.SCORING, Phase.PAUSED, Phase.LOCKED])
def test_room_is_closed_from_wherever_it_stands(phase: Phase) -> None:
    assert at(phase).attempt(HOST, c.CloseRoom(reason="改期")) == [RoomClosed(reason="改期")]


@pytest.mark.parametrize("command", [c.PauseRoom, c.CloseRoom])
def test_pause_and_close_need_a_reason(command: type[c.PauseRoom] | type[c.CloseRoom]) -> None:
    world = at(Phase.CHECK_IN)

    with pytest.raises(ReasonMissing):
        world.attempt(HOST, command(reason=" "))
    with pytest.raises(TextTooLong):
        world.attempt(HOST, command(reason="理" * 401))
