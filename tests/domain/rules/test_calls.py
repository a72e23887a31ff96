import pytest

from server.domain import commands as c
from server.domain.commands import StaffNeed
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.rejections import AlreadyDone, NobodyCalls, OtherVenue, RoleMayNot
from tests.support.room_scenes import HOST, at
from tests.support.room_world import types_of


def test_call_rings_at_the_own_venue_and_is_nobody_elses_business() -> None:
    world = at(Phase.SCORING)

    lines = world.act("E2", c.CallStaff(need=StaffNeed.DEVICE))

    assert types_of(lines) == ["staff_called"]
    assert world.room.calls == {"E2": StaffNeed.DEVICE}
    seen_by = {alias for alias in world.room.seats if lines[0] in world.visible(alias)}
    assert seen_by == {"E2", "V1", HOST, "W1", "W2", "S1"}


def test_answered_call_is_over_for_the_caller_too() -> None:
    world = at(Phase.SCORING)
    world.act("E2", c.CallStaff(need=StaffNeed.NETWORK))

    world.act("V1", c.AnswerCall(seat=Alias("E2")))

    assert world.room.calls == {}
    assert world.view("E2").calls == {}


def test_call_can_change_what_it_is_about() -> None:
    world = at(Phase.PAUSED)
    world.act("E2", c.CallStaff(need=StaffNeed.NETWORK))

    with pytest.raises(AlreadyDone):
        world.attempt("E2", c.CallStaff(need=StaffNeed.NETWORK))
    world.act("E2", c.CallStaff(need=StaffNeed.UNWELL))

    assert world.room.calls == {"E2": StaffNeed.UNWELL}


def test_call_is_answered_by_the_operator_of_the_same_venue_once() -> None:
    world = at(Phase.SCORING)
    world.act("E2", c.CallStaff(need=StaffNeed.OTHER))

    with pytest.raises(OtherVenue):
        world.attempt(HOST, c.AnswerCall(seat=Alias("E2")))
    with pytest.raises(RoleMayNot):
        world.attempt("E1", c.AnswerCall(seat=Alias("E2")))
    world.act("V1", c.AnswerCall(seat=Alias("E2")))
    with pytest.raises(NobodyCalls):
        world.attempt("V1", c.AnswerCall(seat=Alias("E2")))


def test_supervisor_cannot_call_since_that_would_show_a_presence() -> None:
    with pytest.raises(RoleMayNot):
        at(Phase.SCORING).attempt("S1", c.CallStaff(need=StaffNeed.OTHER))
