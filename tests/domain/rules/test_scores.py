import pytest

from server.domain import commands as c
from server.domain.events import (
    LotDrawn,
    LotPhaseChanged,
    MembersScored,
    ReturnGrounds,
    SheetHandedIn,
    SheetReturned,
    SheetScored,
    StageRevealed,
)
from server.domain.ids import Alias, BidAlias, CriterionId
from server.domain.phases import Phase, Stage
from server.domain.rejections import CannotReturn, NothingToHandIn, ReasonMissing, TextTooLong, WrongRound
from server.domain.scoring import DrawKind, PointsMissing, PointsOutOfRange, PointsUnknown
from tests.support.room_plan import DESIGN, L1, L2, SAFETY, A, B, C
from tests.support.room_scenes import Points, at, examine, points_of, replaced, returned, score
from tests.support.room_world import World, types_of

CHAIR, E2, E3 = Alias("E1"), Alias("E2"), Alias("E3")
MEMBERS = ("E1", "E2", "E3", "E4", "R1")


def sheet(world: World, member: Alias = E2) -> Points:
    return points_of(world.room, L1, member)


def hand_in(points: Points, number: int = 1) -> c.HandInScores:
    return c.HandInScores(lot=L1, round=number, points=points)


# -- handing in --------------------------------------------------------------------------------------------------


def test_points_and_progress_are_two_events() -> None:
    world = at(Phase.SCORING)

    assert world.attempt("E2", hand_in(sheet(world))) == [
        SheetHandedIn(lot=L1, stage=Stage.SCORING, round=1),
        SheetScored(lot=L1, round=1, points=sheet(world)),
    ]


def test_last_sheet_reveals_adds_up_and_goes_on_to_the_prices() -> None:
    world = at(Phase.SCORING)
    for member in MEMBERS[:-1]:
        score(world, L1, member)

    *_, revealed, scored, phase = world.attempt("R1", hand_in(sheet(world, Alias("R1"))))

    assert revealed == StageRevealed(lot=L1, stage=Stage.SCORING, round=1)
    assert isinstance(scored, MembersScored)
    assert (scored.round, scored.result.remaining) == (1, (A, B, C))
    assert scored.result.points[A][DESIGN] == "19.2"  # the mean of 19.19, 19.20 and 19.21
    assert phase == LotPhaseChanged(lot=L1, phase=Phase.PRICES)


def test_draw_among_equally_wide_members_is_recorded() -> None:
    world = at(Phase.SCORING)
    for member in MEMBERS:
        score(world, L2, member)

    assert types_of(world.entries[-1]) == [
        "sheet_handed_in",
        "sheet_scored",
        "stage_revealed",
        "lot_drawn",
        "members_scored",
        "lot_phase_changed",
    ]
    drawn = world.entries[-1][3].event
    assert isinstance(drawn, LotDrawn)
    assert (drawn.draw, set(drawn.order)) == (DrawKind.WIDEST_MEMBER, set(MEMBERS))


def test_entry_without_cells_is_no_place_for_a_message() -> None:
    world = at(Phase.SCORING)

    with pytest.raises(PointsUnknown):
        world.attempt("E2", hand_in({**sheet(world), BidAlias("私下留言"): {}}))


def test_wrong_cells_are_refused() -> None:
    world = at(Phase.SCORING)
    whole = sheet(world)

    with pytest.raises(PointsMissing):
        world.attempt("E2", hand_in({A: whole[A], B: whole[B]}))
    with pytest.raises(PointsUnknown):
        world.attempt("E2", hand_in({**whole, A: {**whole[A], CriterionId("colour"): "1"}}))
    with pytest.raises(PointsOutOfRange):
        world.attempt("E2", hand_in({**whole, A: {DESIGN: "40.01", SAFETY: "1"}}))


def test_sheet_is_handed_in_once_and_in_the_open_round() -> None:
    world = at(Phase.SCORING)
    score(world, L1, "E2")

    with pytest.raises(NothingToHandIn):
        world.attempt("E2", hand_in(sheet(world)))
    with pytest.raises(WrongRound):
        world.attempt("E3", hand_in(sheet(world), number=2))


# -- returning ---------------------------------------------------------------------------------------------------


def give_back(stage: Stage = Stage.SCORING, member: str = "E2", reason: str = " 畸高 ") -> c.ReturnSheet:
    return c.ReturnSheet(lot=L1, stage=stage, member=Alias(member), reason=reason)


def test_returned_sheet_opens_the_next_round_and_the_scoring_again() -> None:
    assert at(Phase.PRICES).attempt(CHAIR, give_back()) == [
        SheetReturned(lot=L1, stage=Stage.SCORING, round=2, member=E2),
        ReturnGrounds(lot=L1, stage=Stage.SCORING, member=E2, reason="畸高"),
        LotPhaseChanged(lot=L1, phase=Phase.SCORING),
    ]


def test_second_returned_sheet_joins_the_open_round() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, "E2")

    assert world.attempt(CHAIR, give_back(member="E3")) == [
        SheetReturned(lot=L1, stage=Stage.SCORING, round=2, member=E3),
        ReturnGrounds(lot=L1, stage=Stage.SCORING, member=E3, reason="畸高"),
    ]


def test_sheet_of_the_examination_is_returned_during_the_examination() -> None:
    world = at(Phase.EXAMINATION)
    for member in MEMBERS:
        examine(world, L1, member)

    assert world.attempt(CHAIR, give_back(Stage.EXAMINATION)) == [
        SheetReturned(lot=L1, stage=Stage.EXAMINATION, round=2, member=E2),
        ReturnGrounds(lot=L1, stage=Stage.EXAMINATION, member=E2, reason="畸高"),
    ]


def test_chair_may_return_the_own_sheet() -> None:
    assert at(Phase.PRICES).attempt(CHAIR, give_back(member="E1"))


def test_points_of_a_returned_sheet_replace_the_earlier_ones() -> None:
    world = at(Phase.PRICES)
    first = world.room.lots[L1].members
    returned(world, L1, "E2")
    given = sheet(world, E3)
    score(world, L1, "E2", given)

    lot = world.room.lots[L1]
    assert lot.points[E2] == given
    assert lot.members is not None
    assert lot.members.round == 2
    assert lot.members != first


@pytest.mark.parametrize("stage", [Stage.EXAMINATION, Stage.ELECTION])
def test_sheet_of_another_stage_cannot_be_returned(stage: Stage) -> None:
    with pytest.raises(CannotReturn, match="no revealed sheet of E2"):
        at(Phase.PRICES).attempt(CHAIR, give_back(stage))


@pytest.mark.parametrize("member", ["W1", "E99"])
def test_who_is_no_member_has_no_sheet(member: str) -> None:
    with pytest.raises(CannotReturn, match=member):
        at(Phase.PRICES).attempt(CHAIR, give_back(member=member))


def test_who_was_replaced_has_no_sheet_to_return() -> None:
    world = at(Phase.PRICES)
    replaced(world, "E2", "E9")

    with pytest.raises(CannotReturn, match="E2"):
        world.attempt(CHAIR, give_back(Stage.EXAMINATION))
    with pytest.raises(CannotReturn, match="E9"):
        world.attempt(CHAIR, give_back(Stage.EXAMINATION, "E9"))


def test_sheet_that_is_not_revealed_cannot_be_returned() -> None:
    world = at(Phase.SCORING)
    score(world, L1, "E2")

    with pytest.raises(CannotReturn):
        world.attempt(CHAIR, give_back())
    with pytest.raises(CannotReturn):
        world.attempt(CHAIR, give_back(member="E3"))


def test_sheet_that_is_returned_already_cannot_be_returned_again() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, "E2")
    returned(world, L1, "E3")
    score(world, L1, "E2")

    with pytest.raises(CannotReturn, match="E3"):
        world.attempt(CHAIR, give_back(member="E3"))
    with pytest.raises(CannotReturn, match="E2"):
        world.attempt(CHAIR, give_back(member="E2"))


def test_return_needs_a_reason() -> None:
    world = at(Phase.PRICES)

    with pytest.raises(ReasonMissing):
        world.attempt(CHAIR, give_back(reason=""))
    with pytest.raises(TextTooLong):
        world.attempt(CHAIR, give_back(reason="理" * 401))
