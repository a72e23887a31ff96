import pytest

from server.domain import commands as c
from server.domain.commands import MeasuredLine, PrecheckMark, PrecheckPart, ReportPrecheck
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.rejections import RoleMayNot
from server.domain.state import Precheck
from tests.support.room_scenes import HOST, at
from tests.support.room_world import types_of

MARKS = {PrecheckPart.CAMERA: PrecheckMark.PASSED, PrecheckPart.UDP: PrecheckMark.FAILED}
LINE = MeasuredLine(kbit_s=1200, lost_permille=20, round_trip_ms=45)


def test_report_is_for_the_staff_and_nobody_else() -> None:
    world = at(Phase.CHECK_IN)

    lines = world.act("E2", ReportPrecheck(marks=MARKS, clock_offset_ms=-300, line=LINE))

    assert types_of(lines) == ["precheck_reported"]
    found = Precheck(at=lines[0].head.at, marks=MARKS, clock_offset_ms=-300, line=LINE)
    assert world.room.prechecks == world.view("E2").prechecks == {"E2": found}
    seen_by = {alias for alias in world.room.seats if lines[0] in world.visible(alias)}
    assert seen_by == {"E2", "V1", HOST, "W1", "W2", "S1"}


def test_later_report_takes_the_place_of_an_earlier_one() -> None:
    world = at(Phase.PAUSED)
    world.act("E2", ReportPrecheck(marks=MARKS, clock_offset_ms=None, line=None))

    world.act("E2", ReportPrecheck(marks={}, clock_offset_ms=0, line=LINE))

    assert [(found.marks, found.clock_offset_ms, found.line) for found in world.room.prechecks.values()] == [
        ({}, 0, LINE)
    ]


def test_report_is_not_that_of_the_computer_a_seat_moves_to() -> None:
    world = at(Phase.SCORING)
    world.act("E1", ReportPrecheck(marks=MARKS, clock_offset_ms=None, line=None))
    world.act("E2", ReportPrecheck(marks=MARKS, clock_offset_ms=None, line=None))

    world.act("V1", c.ReleaseSeat(seat=Alias("E2"), reason="换一台电脑"))

    assert set(world.room.prechecks) == {"E1"}


@pytest.mark.parametrize("alias", ["S1", "U1"])
def test_who_only_watches_reports_nothing_since_that_would_show_a_presence(alias: str) -> None:
    with pytest.raises(RoleMayNot):
        at(Phase.CHECK_IN).attempt(alias, ReportPrecheck(marks=MARKS, clock_offset_ms=None, line=None))
