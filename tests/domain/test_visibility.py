from typing import ClassVar, cast

import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.audiences import Audience, Condition
from server.domain.events import AnyEvent, Event, PersonSealed, RoomClosed, StageRevealed
from server.domain.ids import Alias, Millis, Seq, VenueId
from server.domain.lines import Line, LineHead
from server.domain.phases import Phase, Stage
from server.domain.plan import MemberNames
from server.domain.roles import Role
from server.domain.state import EMPTY
from server.domain.visibility import (
    OPENED_BY,
    OPENING_EVENTS,
    Viewer,
    awaited_opening,
    is_visible,
    opening_of,
    viewer_of,
)
from tests.support.room_plan import JIA, L1, L2, opening, person
from tests.support.room_scenes import HOST, at, conclude, examine, replaced, returned, run_to, score
from tests.support.room_world import World, types_of

MEMBERS = ("E1", "E2", "E3", "E4", "R1")
EVERYBODY = ("H1", "V1", "V2", "A1", "W1", "W2", "S1", "U1", *MEMBERS)


def seers(world: World, tag: str, *, by: str | None = None, place: int = -1) -> set[str]:
    """Who sees a line: the last of its type, by this author."""
    lines = [line for line in world.lines if types_of([line]) == [tag] and by in (None, line.by)]
    seen = {alias: world.visible(alias) for alias in world.room.seats}
    return {alias for alias, held in seen.items() if lines[place] in held}


def test_viewer_is_role_and_venue_of_the_seat() -> None:
    assert viewer_of(Alias("W2"), World().room) == Viewer(Alias("W2"), Role.WITNESS, VenueId("yi"))


@pytest.mark.parametrize("tag", ["room_opened", "seat_planned", "bidders_listed", "phase_changed", "sheet_handed_in"])
def test_phases_and_progress_are_for_everybody(tag: str) -> None:
    world = at(Phase.EXAMINATION)
    examine(world, L1, "E1")

    assert seers(world, tag) == set(EVERYBODY)


# -- sheets and ballots ---------------------------------------------------------------------------------------------


def test_sheet_is_its_authors_alone_until_all_have_handed_in() -> None:
    world = at(Phase.SCORING)
    for member in MEMBERS[:-1]:
        score(world, L1, member)

    assert seers(world, "sheet_scored", by="E2") == {"E2"}


def test_reveal_opens_the_sheets_to_members_and_supervisor() -> None:
    world = at(Phase.PRICES)

    assert seers(world, "sheet_scored", by="E2") == {*MEMBERS, "S1"}
    assert seers(world, "sheet_examined", by="E2") == {*MEMBERS, "S1"}
    assert seers(world, "ballot_cast", by="E2") == {*MEMBERS, "S1"}


def test_reveal_of_one_lot_opens_no_other() -> None:
    world = at(Phase.SCORING)
    score(world, L2, "E2")
    for member in MEMBERS:
        score(world, L1, member)

    assert seers(world, "sheet_scored", by="E2", place=0) == {"E2"}
    assert seers(world, "sheet_scored", by="E2", place=1) == {*MEMBERS, "S1"}


def test_sheet_handed_in_again_is_hidden_until_its_own_reveal() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, "E2")
    returned(world, L1, "E3")
    score(world, L1, "E2")
    before = seers(world, "sheet_scored", by="E2")
    score(world, L1, "E3")

    assert before == {"E2"}
    assert seers(world, "sheet_scored", by="E2") == {*MEMBERS, "S1"}


def test_reveal_opens_earlier_lines_only() -> None:
    world = at(Phase.PRICES)
    sheet = next(line for line in world.lines if types_of([line]) == ["sheet_scored"] and line.by == "E2")
    late = Line(head=replace(sheet.head, seq=Seq(len(world.raw))), event=sheet.event)

    assert is_visible(sheet, viewer_of(Alias("S1"), world.room), world.room)
    assert not is_visible(late, viewer_of(Alias("S1"), world.room), world.room)


def test_closing_opens_sheets_to_the_auditor() -> None:
    assert seers(at(Phase.CLOSED), "sheet_scored", by="E2") == {*MEMBERS, "S1", "U1"}


# -- results -------------------------------------------------------------------------------------------------------


def test_result_is_the_committees_until_the_lock() -> None:
    world = at(Phase.SUMMARY)
    before = seers(world, "bids_ranked")
    world.act("E1", c.LockResult(lot=L2))

    assert before == {*MEMBERS, "S1"}
    assert seers(world, "bids_ranked") == {*MEMBERS, "S1", "H1", "A1", "W1", "W2"}


def test_lock_of_one_lot_opens_no_other() -> None:
    world = at(Phase.SUMMARY)
    world.act("E1", c.LockResult(lot=L1))

    assert seers(world, "bids_ranked", place=-1) == {*MEMBERS, "S1"}


def test_calculation_with_single_members_points_stays_with_committee_and_supervision() -> None:
    world = at(Phase.CLOSED)

    assert seers(world, "members_scored") == {*MEMBERS, "S1", "U1"}


def test_reason_of_a_return_may_speak_of_points() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, "E2")

    assert seers(world, "return_grounds") == {*MEMBERS, "S1"}
    assert seers(world, "sheet_returned") == set(EVERYBODY)


# -- bids ----------------------------------------------------------------------------------------------------------


def test_nobody_sees_whose_a_bid_is_before_its_prices_are_opened() -> None:
    assert seers(at(Phase.PRICES), "bid_sealed") == set()


def test_opened_prices_are_the_committees_until_the_lock() -> None:
    world = at(Phase.SUMMARY)
    before = seers(world, "bid_sealed")
    run_to(world, Phase.LOCKED)

    assert before == {*MEMBERS, "S1"}
    assert seers(world, "bid_sealed") == {*MEMBERS, "S1", "H1", "A1", "W1", "W2"}


def test_opened_prices_of_one_lot_open_no_other() -> None:
    world = at(Phase.PRICES)
    world.act("E1", c.ScorePrices(lot=L1))

    assert seers(world, "bid_sealed", place=0) == {*MEMBERS, "S1"}
    assert seers(world, "bid_sealed", place=-1) == set()


# -- people --------------------------------------------------------------------------------------------------------


def who_sees_person(world: World, alias: str) -> set[str]:
    line = next(
        line for line in world.lines if isinstance(line.event, PersonSealed) and line.event.alias == Alias(alias)
    )
    return {viewer for viewer in world.room.seats if line in world.visible(viewer)}


def test_person_is_known_to_the_own_venue_supervision_and_oneself() -> None:
    world = World()

    assert who_sees_person(world, "E3") == {"E3", "V1", "S1"}
    assert who_sees_person(world, "E1") == {"E1", "H1", "S1"}


def test_closing_opens_people_to_the_auditor() -> None:
    assert who_sees_person(at(Phase.CLOSED), "E3") == {"E3", "V1", "S1", "U1"}


@pytest.mark.parametrize("names", [MemberNames.NEVER, MemberNames.AT_SIGNING])
def test_sealed_names_stay_sealed_during_the_evaluation(names: MemberNames) -> None:
    assert who_sees_person(World(opening(names=names)), "E4") == {"E4", "V2", "S1"}


def test_open_names_are_for_all_but_the_auditor() -> None:
    assert who_sees_person(World(opening(names=MemberNames.OPEN)), "E3") == {*EVERYBODY} - {"U1"}


def test_person_of_a_room_without_opening_or_seat_is_nobodys() -> None:
    head = LineHead(seq=Seq(0), at=Millis(0), by=Alias("system"), salt=bytes(16))
    line = Line(head=head, event=PersonSealed(alias=Alias("E1"), person=person(Alias("E1"))))

    assert not is_visible(line, Viewer(Alias("H1"), Role.HOST_OPERATOR, JIA), EMPTY)
    assert not is_visible(line, Viewer(Alias("A1"), Role.AGENT, JIA), EMPTY)


def test_host_that_names_a_successor_sees_the_own_line() -> None:
    world = at(Phase.EXAMINATION)
    replaced(world, "E4", "E9")

    assert who_sees_person(world, "E9") == {"E9", "V2", "S1", "H1"}


def test_grounds_of_a_recusal_are_for_those_who_keep_order() -> None:
    world = at(Phase.CHECK_IN)
    world.act("E2", c.StateRecusal(conflict=True, grounds="亲属在投标人单位"))

    assert seers(world, "recusal_grounds") == {"E2", "H1", "W1", "W2", "S1"}
    assert seers(world, "recusal_stated") == set(EVERYBODY)


# -- who leaves and who comes ---------------------------------------------------------------------------------------


def test_who_left_keeps_what_was_seen_and_gets_nothing_new() -> None:
    world = at(Phase.SCORING)
    held = world.visible("E2")
    replaced(world, "E2", "E9")
    left_at = world.room.seats[Alias("E2")].left_at
    examine(world, L1, "E9")
    examine(world, L2, "E9")
    for lot in (L1, L2):
        conclude(world, lot)
    run_to(world, Phase.CLOSED)

    assert world.visible("E2") == [*held, world.lines[left_at or 0]]


def test_sheet_of_who_left_before_the_reveal_opens_to_supervision_only() -> None:
    world = at(Phase.SCORING)
    score(world, L1, "E2")
    replaced(world, "E2", "E9")
    run_to_prices(world)

    assert seers(world, "sheet_scored", by="E2") == {"E2", "S1"}
    world.act(HOST, c.CloseRoom(reason="评审结束"))
    assert seers(world, "sheet_scored", by="E2") == {"E2", "S1", "U1"}


def test_sheet_of_who_left_after_the_reveal_stays_open() -> None:
    world = at(Phase.PRICES)
    replaced(world, "E2", "E9")

    assert seers(world, "sheet_scored", by="E2") == {*MEMBERS, "S1"}


def test_successor_sees_no_others_sheet_before_the_own_is_revealed() -> None:
    world = at(Phase.PRICES)
    replaced(world, "E2", "E9")
    hidden = [seers(world, tag, place=0) for tag in ("sheet_examined", "sheet_scored", "members_scored")]
    examine(world, L1, "E9")

    assert not any("E9" in seen for seen in hidden)
    assert "E9" in seers(world, "sheet_examined", by="E3", place=0)
    assert "E9" not in seers(world, "sheet_scored", by="E3", place=0)


def test_successor_sees_all_once_the_own_sheet_is_revealed() -> None:
    world = at(Phase.PRICES)
    replaced(world, "E2", "E9")
    run_to_prices(world)

    for tag in ("sheet_examined", "sheet_scored", "members_scored", "examination_concluded"):
        assert "E9" in seers(world, tag, place=0), tag


def test_successor_sees_the_earlier_return_only_after_the_own_sheet_of_that_stage() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, "E3")
    replaced(world, "E2", "E9")
    examine(world, L1, "E9")

    assert "E9" not in seers(world, "return_grounds")


def run_to_prices(world: World) -> None:
    for lot in (L1, L2):
        for member in world.room.lots[lot].stages[Stage.EXAMINATION].pending:
            examine(world, lot, member)
        conclude(world, lot)
    run_to(world, Phase.PRICES)


# -- events that the tables do not fit ----------------------------------------------------------------------------


class StraySheet(Event, frozen=True, kw_only=True, tag="stray_sheet"):
    """Hidden like a sheet, but of no round."""

    audience: ClassVar[Audience] = Audience.SHEET


class StrayResult(Event, frozen=True, kw_only=True, tag="stray_result"):
    """Hidden like a result, but of no lot."""

    audience: ClassVar[Audience] = Audience.RESULT


@pytest.mark.parametrize(
    ("event", "role", "why"),
    [
        (StraySheet(), Role.SUPERVISOR, "belongs to no round"),
        (StrayResult(), Role.EXPERT, "belongs to no stage"),
        (StrayResult(), Role.AGENT, "belongs to no lot"),
    ],
)
def test_event_without_what_its_audience_asks_for_is_a_bug_that_shows(event: Event, role: Role, why: str) -> None:
    head = LineHead(seq=Seq(1), at=Millis(0), by=Alias("system"), salt=bytes(16))

    with pytest.raises(TypeError, match=why):
        is_visible(Line(head=head, event=cast("AnyEvent", event)), Viewer(Alias("X1"), role, JIA), World().room)


# -- what opens lines -----------------------------------------------------------------------------------------------


def test_every_condition_that_can_come_true_later_names_what_fulfils_it() -> None:
    assert set(OPENED_BY) == set(Condition) - {Condition.ALWAYS, Condition.NEVER, Condition.SEATED}
    assert set(OPENED_BY.values()) == set(OPENING_EVENTS)


def test_a_hidden_sheet_waits_for_the_reveals_of_its_lot_and_no_others() -> None:
    world = at(Phase.SCORING)
    score(world, L1, "E1")
    sheet = world.lines[-1] if types_of([world.lines[-1]]) == ["sheet_scored"] else world.lines[-2]
    run_to(world, Phase.PRICES)
    openings = {opening_of(line.event) for line in world.lines[sheet.seq :]} - {None}

    member, witness, auditor = (viewer_of(Alias(alias), world.room) for alias in ("E2", "W1", "U1"))

    assert awaited_opening(sheet, member) == (StageRevealed, L1)
    assert (StageRevealed, L1) in openings
    assert (StageRevealed, L2) in openings
    assert awaited_opening(sheet, witness) is None
    assert awaited_opening(sheet, auditor) == (RoomClosed, None)
