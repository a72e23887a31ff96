import pytest

from server.domain import commands as c
from server.domain.events import PhaseChanged, PledgeMade, RecusalGrounds, RecusalStated
from server.domain.phases import Phase
from server.domain.rejections import AlreadyDone, ReasonMissing, ReasonUnasked, TextTooLong
from tests.support.room_scenes import HOST, at


def test_check_in_is_opened() -> None:
    assert at(Phase.PREPARED).attempt(HOST, c.OpenCheckIn()) == [PhaseChanged(phase=Phase.CHECK_IN)]


def test_no_conflict_is_stated() -> None:
    stated = c.StateRecusal(conflict=False, grounds=" ")

    assert at(Phase.CHECK_IN).attempt("E1", stated) == [RecusalStated(conflict=False)]


def test_grounds_of_a_conflict_stand_in_an_event_of_their_own() -> None:
    stated = c.StateRecusal(conflict=True, grounds=" 曾在投标人单位任职 ")

    assert at(Phase.CHECK_IN).attempt("E1", stated) == [
        RecusalStated(conflict=True),
        RecusalGrounds(grounds="曾在投标人单位任职"),
    ]


@pytest.mark.parametrize("grounds", ["", "  "])
def test_conflict_needs_grounds(grounds: str) -> None:
    with pytest.raises(ReasonMissing, match="grounds"):
        at(Phase.CHECK_IN).attempt("E1", c.StateRecusal(conflict=True, grounds=grounds))


def test_grounds_have_a_limit() -> None:
    world = at(Phase.CHECK_IN)

    with pytest.raises(TextTooLong, match="401 characters; at most 400"):
        world.attempt("E1", c.StateRecusal(conflict=True, grounds="理" * 401))
    assert world.attempt("E1", c.StateRecusal(conflict=True, grounds="理" * 400 + " "))


def test_grounds_without_a_conflict_are_refused() -> None:
    with pytest.raises(ReasonUnasked, match="grounds"):
        at(Phase.CHECK_IN).attempt("E1", c.StateRecusal(conflict=False, grounds="理由"))


@pytest.mark.parametrize("conflict", [True, False])
def test_statement_is_made_once(*, conflict: bool) -> None:
    world = at(Phase.CHECK_IN)
    world.act("E1", c.StateRecusal(conflict=conflict, grounds="亲属" if conflict else ""))

    with pytest.raises(AlreadyDone):
        world.act("E1", c.StateRecusal(conflict=False, grounds=""))


def test_pledge_is_made_once() -> None:
    world = at(Phase.CHECK_IN)

    assert world.attempt("E1", c.MakePledge()) == [PledgeMade()]
    world.act("E1", c.MakePledge())
    with pytest.raises(AlreadyDone):
        world.act("E1", c.MakePledge())
