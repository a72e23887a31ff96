import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.events import (
    BidsAdmitted,
    ExaminationConcluded,
    LotPhaseChanged,
    ResultLocked,
    RoundOpened,
    SheetExamined,
    SheetHandedIn,
    StageRevealed,
    Tally,
)
from server.domain.ids import Alias, BidAlias, CheckId
from server.domain.phases import Phase, Stage
from server.domain.rejections import (
    GateClosed,
    NothingToHandIn,
    ReasonMissing,
    ReasonUnasked,
    SheetForeign,
    SheetIncomplete,
    TextTooLong,
    WrongRound,
)
from tests.support.room_plan import L1, L2, LICENCE, SEAL, A, B, C
from tests.support.room_scenes import Verdicts, at, conclude, examine, replaced, returned, score, verdicts
from tests.support.room_world import World

CHAIR = Alias("E1")
MEMBERS = tuple(map(Alias, ("E1", "E2", "E3", "E4", "R1")))
FAILED = c.Verdict(passed=False, reason="无签字盖章")
PASSED = c.Verdict(passed=True, reason="")


def examined(against: int, *, bid: BidAlias = C) -> World:
    """Lot one with everyone's findings; so many members find that a bid fails."""
    world = at(Phase.EXAMINATION)
    for place, member in enumerate(MEMBERS):
        examine(world, L1, member, {bid: "无签字盖章"} if place < against else None)
    return world


def sheet(world: World, **cells: c.Verdict) -> Verdicts:
    """All passed but these cells, such as `A_seal`."""
    given = verdicts(world.room, L1, {})
    for name, verdict in cells.items():
        bid, check = name.split("_")
        given.setdefault(BidAlias(bid), {})[CheckId(check)] = verdict
    return given


# -- handing in --------------------------------------------------------------------------------------------------


def test_findings_and_progress_are_two_events() -> None:
    world = at(Phase.EXAMINATION)
    given = sheet(
        world, A_seal=c.Verdict(passed=False, reason=" 无签字 "), B_licence=c.Verdict(passed=True, reason=" ")
    )

    assert world.attempt("E2", c.HandInExamination(lot=L1, round=1, verdicts=given)) == [
        SheetHandedIn(lot=L1, stage=Stage.EXAMINATION, round=1),
        SheetExamined(
            lot=L1,
            round=1,
            verdicts={
                A: {SEAL: c.Verdict(passed=False, reason="无签字"), LICENCE: PASSED},
                B: {SEAL: PASSED, LICENCE: PASSED},
                C: {SEAL: PASSED, LICENCE: PASSED},
            },
        ),
    ]


def test_last_sheet_reveals_the_round() -> None:
    world = at(Phase.EXAMINATION)
    for member in MEMBERS[:-1]:
        examine(world, L1, member)

    events = world.attempt("R1", c.HandInExamination(lot=L1, round=1, verdicts=sheet(world)))

    assert events[2:] == [StageRevealed(lot=L1, stage=Stage.EXAMINATION, round=1)]


def hand_in(world: World, given: Verdicts, number: int = 1) -> None:
    world.attempt("E2", c.HandInExamination(lot=L1, round=number, verdicts=given))


def test_sheet_without_a_bid_or_a_check_is_incomplete() -> None:
    world = at(Phase.EXAMINATION)
    whole = sheet(world)

    with pytest.raises(SheetIncomplete, match=r"no entry for B, C\."):
        hand_in(world, {A: whole[A]})
    with pytest.raises(SheetIncomplete, match=r"no entry for B seal\."):
        hand_in(world, {**whole, B: {LICENCE: PASSED}})


def test_sheet_with_a_strange_bid_or_check_is_refused() -> None:
    world = at(Phase.EXAMINATION)

    with pytest.raises(SheetForeign, match=r"not asked for: Z\."):
        hand_in(world, sheet(world, Z_seal=PASSED))
    with pytest.raises(SheetForeign, match=r"not asked for: A colour\."):
        hand_in(world, sheet(world, A_colour=PASSED))


def test_failed_check_needs_a_reason_and_a_passed_one_none() -> None:
    world = at(Phase.EXAMINATION)

    with pytest.raises(ReasonMissing, match="A seal"):
        hand_in(world, sheet(world, A_seal=c.Verdict(passed=False, reason=" ")))
    with pytest.raises(ReasonUnasked, match="A seal"):
        hand_in(world, sheet(world, A_seal=c.Verdict(passed=True, reason="很好")))
    with pytest.raises(TextTooLong):
        hand_in(world, sheet(world, A_seal=c.Verdict(passed=False, reason="理" * 401)))


def test_sheet_is_handed_in_once_and_in_the_open_round() -> None:
    world = at(Phase.EXAMINATION)
    examine(world, L1, "E2")

    with pytest.raises(NothingToHandIn):
        hand_in(world, sheet(world))
    with pytest.raises(WrongRound):
        hand_in(world, sheet(world), number=2)


# -- concluding ---------------------------------------------------------------------------------------------------


def test_conclusion_counts_admits_and_opens_the_scoring() -> None:
    passed, failed = Tally(passed=True, in_favour=5, against=0), Tally(passed=False, in_favour=2, against=3)

    events = examined(against=3).attempt(
        CHAIR, c.ConcludeExamination(lot=L1, minutes={C: " 多数认定 "}, competition="两家仍有竞争 ")
    )

    assert events == [
        ExaminationConcluded(
            lot=L1,
            tallies={
                A: {SEAL: passed, LICENCE: passed},
                B: {SEAL: passed, LICENCE: passed},
                C: {SEAL: failed, LICENCE: passed},
            },
            rejected={C: "多数认定"},
            competition="两家仍有竞争",
        ),
        BidsAdmitted(lot=L1, bids=(A, B)),
        LotPhaseChanged(lot=L1, phase=Phase.SCORING),
        RoundOpened(lot=L1, stage=Stage.SCORING, round=1, members=MEMBERS),
    ]


def concluded(world: World, minutes: dict[BidAlias, str], competition: str = "") -> None:
    world.attempt(CHAIR, c.ConcludeExamination(lot=L1, minutes=minutes, competition=competition))


def test_minority_rejects_nothing() -> None:
    concluded(examined(against=2), {})


def test_equal_vote_does_not_reject() -> None:
    world = examined(against=2)
    tallies = {alias: seat for alias, seat in world.room.seats.items() if alias != "R1"}
    room = world.room
    world.room = replace(room, seats=tallies)

    concluded(world, {})


def test_conclusion_waits_for_every_sheet() -> None:
    world = at(Phase.EXAMINATION)
    for member in MEMBERS[:-1]:
        examine(world, L1, member)

    with pytest.raises(GateClosed, match="R1: sheet_pending"):
        concluded(world, {})


def test_rejection_needs_a_minute_and_nothing_else_has_one() -> None:
    with pytest.raises(ReasonMissing, match="C"):
        concluded(examined(against=3), {}, "仍有竞争")
    with pytest.raises(ReasonMissing, match="C"):
        concluded(examined(against=3), {C: "  "}, "仍有竞争")
    with pytest.raises(ReasonUnasked, match="A"):
        concluded(examined(against=3), {C: "多数认定", A: "顺便"}, "仍有竞争")


def test_thin_competition_needs_a_reason_and_a_wide_one_none() -> None:
    with pytest.raises(ReasonMissing, match="competition"):
        concluded(examined(against=3), {C: "多数认定"}, " ")
    with pytest.raises(ReasonUnasked, match="competition"):
        concluded(examined(against=0), {}, "三家")
    with pytest.raises(TextTooLong):
        concluded(examined(against=3), {C: "多数认定"}, "理" * 401)


def test_lot_without_any_bid_left_is_locked() -> None:
    world = at(Phase.EXAMINATION)
    for member in MEMBERS:
        examine(world, L2, member, {A: "资格不符", B: "资格不符"})
    command = c.ConcludeExamination(lot=L2, minutes={A: "资格不符", B: "资格不符"}, competition="")

    assert world.attempt(CHAIR, command)[1:] == [
        BidsAdmitted(lot=L2, bids=()),
        ResultLocked(lot=L2),
        LotPhaseChanged(lot=L2, phase=Phase.LOCKED),
    ]


# -- after a substitution ----------------------------------------------------------------------------------------


def test_score_sheets_stand_when_a_substitute_admits_the_same_bids() -> None:
    world = at(Phase.PRICES)
    replaced(world, "E2", "E9")
    examine(world, L1, "E9")

    events = world.attempt(CHAIR, c.ConcludeExamination(lot=L1, minutes={}, competition=""))

    assert events[-1] == RoundOpened(lot=L1, stage=Stage.SCORING, round=2, members=(Alias("E9"),))


def test_nobodys_score_sheet_stands_when_other_bids_remain() -> None:
    world = examined(against=2)
    conclude(world, L1)
    for member in MEMBERS:
        score(world, L1, member)
    replaced(world, "R1", "E9")
    examine(world, L1, "E9", {C: "无签字盖章"})

    events = world.attempt(CHAIR, c.ConcludeExamination(lot=L1, minutes={C: "多数"}, competition="仍有竞争"))

    everyone = (*MEMBERS[:-1], Alias("E9"))
    assert events[-1] == RoundOpened(lot=L1, stage=Stage.SCORING, round=2, members=everyone)


def test_members_still_scoring_are_not_asked_twice() -> None:
    world = at(Phase.SCORING)
    score(world, L1, "E3")
    replaced(world, "E2", "E9")
    examine(world, L1, "E9")

    events = world.attempt(CHAIR, c.ConcludeExamination(lot=L1, minutes={}, competition=""))

    assert events[-1] == RoundOpened(lot=L1, stage=Stage.SCORING, round=1, members=(Alias("E9"),))


def test_findings_of_a_returned_sheet_replace_the_earlier_ones() -> None:
    world = examined(against=3)
    returned(world, L1, "E3", Stage.EXAMINATION)
    examine(world, L1, "E3")

    concluded(world, {})
