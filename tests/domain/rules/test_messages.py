import pytest

from server.domain import commands as c
from server.domain.commands import TEXT_LIMIT
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.rejections import MembersApart, ReasonMissing, RoleMayNot, TextTooLong, WrongPhase
from tests.support.room_plan import person
from tests.support.room_scenes import HOST, at, enrol
from tests.support.room_world import types_of


def test_message_is_for_the_committee_and_those_who_hear_it_speak() -> None:
    world = at(Phase.CHAIR_ELECTION)

    lines = world.act("E2", c.SendMessage(text="  推选 E1 如何？ "))

    assert types_of(lines) == ["message_sent"]
    assert lines[0].event.text == "推选 E1 如何？"  # type: ignore[union-attr]  # one type of event was asked for above
    seen_by = {alias for alias in world.room.seats if lines[0] in world.visible(alias)}
    assert seen_by == {"E1", "E2", "E3", "E4", "R1", "W1", "W2", "S1"}


@pytest.mark.parametrize("phase", [Phase.EXAMINATION, Phase.SCORING])
def test_members_do_not_write_while_a_sheet_is_filled_in_alone(phase: Phase) -> None:
    with pytest.raises(MembersApart):
        at(phase).attempt("E2", c.SendMessage(text="给 A 多少分？"))


def test_members_write_again_once_their_points_are_revealed() -> None:
    assert types_of(at(Phase.PRICES).act("E2", c.SendMessage(text="请核对报价"))) == ["message_sent"]


@pytest.mark.parametrize("phase", [Phase.PREPARED, Phase.PAUSED, Phase.CLOSED])
def test_nothing_is_written_before_the_check_in_in_a_pause_and_after_the_close(phase: Phase) -> None:
    with pytest.raises(WrongPhase):
        at(phase).attempt("E2", c.SendMessage(text="在吗？"))


@pytest.mark.parametrize("alias", [HOST, "V1", "W1", "S1"])
def test_only_members_write(alias: str) -> None:
    with pytest.raises(RoleMayNot):
        at(Phase.CHAIR_ELECTION).attempt(alias, c.SendMessage(text="请抓紧"))


def test_message_says_something_and_not_too_much() -> None:
    world = at(Phase.CHAIR_ELECTION)

    with pytest.raises(ReasonMissing):
        world.attempt("E2", c.SendMessage(text=" \n"))
    with pytest.raises(TextTooLong):
        world.attempt("E2", c.SendMessage(text="字" * (TEXT_LIMIT + 1)))


def test_substitute_reads_what_is_written_from_the_own_arrival_on() -> None:
    world = at(Phase.CHECK_IN)
    earlier = world.act("E2", c.SendMessage(text="先前的讨论"))[0]
    successor = Alias("E9")
    world.act(
        HOST,
        c.ReplaceMember(member=Alias("E3"), reason="突发疾病", successor=successor, person=person(successor)),
    )
    meanwhile = world.act("E2", c.SendMessage(text="等待新成员"))[0]
    enrol(world, "E9")

    later = world.act("E2", c.SendMessage(text="新成员已到"))[0]

    assert [line in world.visible("E9") for line in (earlier, meanwhile, later)] == [False, False, True]
    assert [line in world.visible("E3") for line in (earlier, meanwhile, later)] == [True, False, False]
