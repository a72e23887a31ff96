import pytest

from server.domain import commands as c
from server.domain.events import (
    LotPhaseChanged,
    MemberReplaced,
    PersonSealed,
    PhaseChanged,
    RoundOpened,
    SeatPlanned,
)
from server.domain.ids import Alias
from server.domain.phases import Phase, Stage
from server.domain.plan import Person
from server.domain.rejections import AliasUsed, GateClosed, ReasonMissing, SeatLeft, SeatUnknown, TextTooLong
from server.domain.roles import Role
from tests.support.room_plan import BING, L1, L2, person
from tests.support.room_scenes import HOST, at, conclude, examine, replaced, run_to, score, vote
from tests.support.room_world import World

E9 = Alias("E9")


def replace(
    member: str = "E4", successor: str = "E9", reason: str = "突发疾病", who: Person | None = None
) -> c.ReplaceMember:
    return c.ReplaceMember(
        member=Alias(member), reason=reason, successor=Alias(successor), person=who or person(Alias(successor))
    )


def put_in_place(member: str = "E4") -> list[object]:
    return [
        MemberReplaced(member=Alias(member), successor=E9, reason="突发疾病"),
        SeatPlanned(alias=E9, role=Role.EXPERT, venue=BING),
        PersonSealed(alias=E9, person=person(E9)),
    ]


def test_successor_takes_role_and_venue() -> None:
    assert at(Phase.CHECK_IN).attempt(HOST, replace()) == put_in_place()


def test_election_that_is_under_way_begins_anew() -> None:
    world = at(Phase.CHAIR_ELECTION)

    assert world.attempt(HOST, replace()) == [
        *put_in_place(),
        RoundOpened(lot=None, stage=Stage.ELECTION, round=2, members=tuple(map(Alias, ("E1", "E2", "E3", "R1", "E9")))),
    ]


def test_successor_joins_the_examination_that_is_open() -> None:
    assert at(Phase.EXAMINATION).attempt(HOST, replace()) == [
        *put_in_place(),
        RoundOpened(lot=L1, stage=Stage.EXAMINATION, round=1, members=(E9,)),
        RoundOpened(lot=L2, stage=Stage.EXAMINATION, round=1, members=(E9,)),
    ]


@pytest.mark.parametrize("phase", [Phase.SCORING, Phase.PRICES])
def test_lots_that_are_further_go_back_to_the_examination(phase: Phase) -> None:
    assert at(phase).attempt(HOST, replace()) == [
        *put_in_place(),
        LotPhaseChanged(lot=L1, phase=Phase.EXAMINATION),
        RoundOpened(lot=L1, stage=Stage.EXAMINATION, round=2, members=(E9,)),
        LotPhaseChanged(lot=L2, phase=Phase.EXAMINATION),
        RoundOpened(lot=L2, stage=Stage.EXAMINATION, round=2, members=(E9,)),
    ]


def test_chair_who_leaves_is_elected_anew() -> None:
    events = at(Phase.EXAMINATION).attempt(HOST, replace("E1"))

    assert events[-2:] == [
        PhaseChanged(phase=Phase.CHAIR_ELECTION),
        RoundOpened(lot=None, stage=Stage.ELECTION, round=2, members=tuple(map(Alias, ("E2", "E3", "E4", "R1", "E9")))),
    ]


@pytest.mark.parametrize("successor", ["E1", "W1", "e9", "E0", "E09", "E1000", "9", "EXP1", "E9 ", "专家9", ""])
def test_alias_is_of_the_form_and_never_given_twice(successor: str) -> None:
    with pytest.raises(AliasUsed):
        at(Phase.CHECK_IN).attempt(HOST, replace(successor=successor))


def test_alias_of_who_left_is_not_given_again() -> None:
    world = at(Phase.CHECK_IN)
    replaced(world, "E4", "E9")
    replaced(world, "E9", "E10")

    with pytest.raises(AliasUsed, match="E4"):
        world.attempt(HOST, replace("E10", "E4"))
    with pytest.raises(SeatLeft, match="E9"):
        world.attempt(HOST, replace("E9", "E11"))


@pytest.mark.parametrize("member", ["W1", "H1", "E99"])
def test_only_members_are_replaced(member: str) -> None:
    with pytest.raises(SeatUnknown, match=member):
        at(Phase.CHECK_IN).attempt(HOST, replace(member))


def test_reason_and_name_are_needed() -> None:
    world = at(Phase.CHECK_IN)
    nobody = Person(name=" ", organisation="", title="")

    with pytest.raises(ReasonMissing, match="reason"):
        world.attempt(HOST, replace(reason=" "))
    with pytest.raises(ReasonMissing, match=r"person\.name"):
        world.attempt(HOST, replace(who=nobody))
    with pytest.raises(TextTooLong):
        world.attempt(HOST, replace(who=Person(name="王五", organisation="理" * 401, title="")))


def test_person_is_trimmed() -> None:
    who = Person(name=" 王五 ", organisation=" 设计院 ", title=" 高工 ")

    events = at(Phase.CHECK_IN).attempt(HOST, replace(who=who))

    assert events[2] == PersonSealed(alias=E9, person=Person(name="王五", organisation="设计院", title="高工"))


def test_nobody_is_replaced_once_any_prices_are_open() -> None:
    world = at(Phase.PRICES)
    world.act("E1", c.ScorePrices(lot=L2))

    with pytest.raises(GateClosed, match="prices_opened"):
        world.attempt(HOST, replace())


def test_successor_of_the_last_one_pending_reveals_the_round() -> None:
    world = at(Phase.SCORING)
    for member in ("E1", "E2", "E3", "R1"):
        score(world, L1, member)
    replaced(world, "E4", "E9")
    examine(world, L1, "E9")
    conclude(world, L1)
    score(world, L1, "E9")

    lot = world.room.lots[L1]
    assert (lot.phase, lot.stages[Stage.SCORING].open_round) == (Phase.PRICES, None)
    assert lot.stages[Stage.SCORING].rounds[0].handed_in == ("E1", "E2", "E3", "R1", "E9")


def test_result_counts_the_present_members_only() -> None:
    world = at(Phase.PRICES)
    replaced(world, "E4", "E9")
    for lot in (L1, L2):
        examine(world, lot, "E9")
        conclude(world, lot)
    run_to(world, Phase.PRICES)

    members = world.room.lots[L1].members
    steps = members.result.trace if members else ()
    counted = {name for step in steps for name in (*step.operands, step.who)}
    assert "E9" in counted
    assert "E4" not in counted


def test_two_successors_one_after_the_other_bring_a_room_to_its_end() -> None:
    world: World = at(Phase.SCORING)
    score(world, L1, "E2")
    replaced(world, "E2", "E9")
    replaced(world, "E9", "E10")
    replaced(world, "E1", "E11")
    vote(world, dict.fromkeys(world.room.election.stage.pending, "E3"))
    for lot in (L1, L2):
        for member in world.room.lots[lot].stages[Stage.EXAMINATION].pending:
            examine(world, lot, member)
        conclude(world, lot)

    assert run_to(world, Phase.CLOSED).room.phase is Phase.CLOSED
