from server.domain.ids import Alias, Seq
from server.domain.plan import MemberNames
from server.domain.state import EMPTY, Round, StageState
from tests.support.room_plan import opening
from tests.support.room_world import World

REVEALED = Round(pending=(), handed_in=(Alias("E1"),), revealed_at=Seq(9))
OPEN = Round(pending=(Alias("E2"),))


def test_stage_without_rounds_has_nothing_open() -> None:
    stage = StageState()

    assert (stage.open_round, stage.pending, stage.revealed_at(1)) == (None, (), None)


def test_last_round_is_open_until_it_is_revealed() -> None:
    assert StageState(rounds=(OPEN,)).open_round == 1
    assert StageState(rounds=(REVEALED,)).open_round is None
    assert StageState(rounds=(REVEALED, OPEN)).open_round == 2


def test_pending_are_those_of_the_last_round() -> None:
    assert StageState(rounds=(REVEALED, OPEN)).pending == ("E2",)
    assert StageState(rounds=(OPEN, REVEALED)).pending == ()


def test_round_knows_the_line_of_its_reveal() -> None:
    stage = StageState(rounds=(REVEALED, OPEN))

    assert [stage.revealed_at(number) for number in (0, 1, 2, 3)] == [None, 9, None, None]


def test_report_is_signed_under_aliases_where_names_never_open() -> None:
    rooms = {names: World(opening(names=names)).room for names in MemberNames}

    assert [names for names, room in rooms.items() if room.signs_under_aliases] == [MemberNames.NEVER]
    assert not EMPTY.signs_under_aliases
