import pytest

from server.domain import commands as c
from server.domain.ids import Alias, LotId, Millis
from server.domain.phases import Phase, Stage
from server.domain.rejections import (
    LotUnknown,
    NothingToHandIn,
    NotYetCheckedIn,
    ReasonMissing,
    SeatLeft,
    SeatUnknown,
    TextTooLong,
    WrongRound,
)
from server.domain.rules.checks import known_lot, limited, lot_plan, present_seat, require_pending, require_text
from server.domain.state import EMPTY, StageState
from tests.support.room_plan import L1, LOTS, person
from tests.support.room_scenes import HOST, at, enrol, examine, replaced

NOW = Millis(1_774_400_000_000)


def test_text_is_trimmed() -> None:
    assert require_text("  停电\n", "reason") == "停电"
    assert limited("  ") == ""


@pytest.mark.parametrize("text", ["", " \n\t　"])
def test_required_text_says_something(text: str) -> None:
    with pytest.raises(ReasonMissing, match=r"A reason is required: A seal\."):
        require_text(text, "A seal")


def test_text_has_a_limit_in_characters() -> None:
    assert limited("理" * 400) == "理" * 400
    with pytest.raises(TextTooLong) as refused:
        limited("理" * 401)
    assert refused.value.facts == {"length": 401, "limit": 400}


def test_present_seat_is_somebody_who_takes_part() -> None:
    world = at(Phase.CHECK_IN)
    replaced(world, "E2", "E9")

    assert present_seat(Alias("E9"), world.room) == world.room.seats[Alias("E9")]
    with pytest.raises(SeatLeft, match="E2"):
        present_seat(Alias("E2"), world.room)
    with pytest.raises(SeatUnknown, match="E99"):
        present_seat(Alias("E99"), world.room)


def test_known_lot_is_one_of_the_rooms() -> None:
    room = at(Phase.PREPARED).room

    assert known_lot(L1, room) == room.lots[L1]
    with pytest.raises(LotUnknown, match="L9"):
        known_lot(LotId("L9"), room)


def test_plan_of_a_lot_stands_in_the_opening() -> None:
    assert lot_plan(L1, at(Phase.PREPARED).room) == LOTS[L1]
    with pytest.raises(TypeError, match="no lots"):
        lot_plan(L1, EMPTY)


def test_pending_member_may_hand_in_the_open_round() -> None:
    room = at(Phase.EXAMINATION).room

    require_pending(Alias("E1"), 1, room.lots[L1].stages[Stage.EXAMINATION], room, now=NOW)


@pytest.mark.parametrize("number", [0, 2])
def test_other_round_is_refused(number: int) -> None:
    room = at(Phase.EXAMINATION).room

    with pytest.raises(WrongRound) as refused:
        require_pending(Alias("E1"), number, room.lots[L1].stages[Stage.EXAMINATION], room, now=NOW)
    assert refused.value.facts == {"round": number, "open": 1}


def test_stage_without_an_open_round_is_refused() -> None:
    with pytest.raises(WrongRound, match="Round 1 is not open; the present one is none"):
        require_pending(Alias("E1"), 1, StageState(), at(Phase.EXAMINATION).room, now=NOW)


def test_sheet_is_handed_in_once() -> None:
    world = at(Phase.EXAMINATION)
    examine(world, L1, "E1")

    with pytest.raises(NothingToHandIn, match="E1"):
        examine(world, L1, "E1")


def test_successor_checks_in_before_handing_in() -> None:
    world = at(Phase.EXAMINATION)
    successor = Alias("E9")
    world.act(
        HOST, c.ReplaceMember(member=Alias("E2"), reason="突发疾病", successor=successor, person=person(successor))
    )
    enrol(world, successor)

    with pytest.raises(NotYetCheckedIn, match="E9 has not finished the check-in"):
        examine(world, L1, successor)
