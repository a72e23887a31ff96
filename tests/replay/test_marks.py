from typing import get_args

from server.domain.events import AnyEvent
from server.domain.ids import Alias
from server.replay.marks import Mark, MarkCode, marks
from tests.support.golden_logs import replaced_members, signed_reports
from tests.support.room_plan import L1


def test_a_mark_tells_its_line_whom_and_which_lot_it_is_about() -> None:
    world = signed_reports()

    found = marks(world.lines)

    of_code = {code: [mark for mark in found if mark.code is code] for code in MarkCode}
    call = of_code[MarkCode.CALL][0]
    assert call == Mark(seq=call.seq, at=world.lines[call.seq].head.at, code=MarkCode.CALL, alias=Alias("E2"))
    assert [(mark.alias, mark.lot) for mark in of_code[MarkCode.ANSWER]] == [(Alias("E2"), None)]
    assert [mark.lot for mark in of_code[MarkCode.LOCK]][:1] == [L1]
    assert [mark.alias for mark in of_code[MarkCode.SIGNATURE] if mark.lot == L1] == [
        "E1", "E2", "E1", "E3", "E4", "E4", "R1", "R1"
    ]  # fmt: skip  # as it went: signed a version that became void, minuted, refused and then signed
    assert found[0].code is MarkCode.OPENED
    assert found[-1].code is MarkCode.CLOSE


def test_marks_are_in_the_order_of_the_record_and_of_every_kind() -> None:
    both = [marks(played().lines) for played in (replaced_members, signed_reports)]

    assert all([mark.seq for mark in found] == sorted(mark.seq for mark in found) for found in both)
    codes = {mark.code for found in both for mark in found}
    assert set(MarkCode) - codes == {MarkCode.RETURN}
    assert len(get_args(AnyEvent)) > len(MarkCode)
