import msgspec
import pytest

from server.domain.commands import LARGEST_N
from server.domain.ids import LotId, Seq
from server.domain.phases import Stage
from server.session.frames import PROTOCOL, AnyFromSeat, AnyToSeat, Join, PlacedHash, PlacedLine, SaveCell

JOIN = {"type": "join", "token": "a.b.c", "have": 0, "key": None, "proof": None}
CELL = {"type": "save_cell", "lot": "L1", "stage": "scoring", "round": 1, "cell": "A/t", "value": "", "version": 1}


def test_the_protocol_names_its_version() -> None:
    assert PROTOCOL == "lianping-sync-1"


def test_frames_are_told_apart_by_their_type() -> None:
    assert msgspec.convert(JOIN, AnyFromSeat) == Join(token="a.b.c", have=0, key=None, proof=None)
    saved = SaveCell(lot=LotId("L1"), stage=Stage.SCORING, round=1, cell="A/t", value="", version=1)
    assert msgspec.convert(CELL, AnyFromSeat) == saved


@pytest.mark.parametrize(
    "fields",
    [
        {**JOIN, "have": -1},
        {**JOIN, "have": LARGEST_N + 1},
        {**JOIN, "role": "chair"},
        {**CELL, "version": 0},
        {**CELL, "version": LARGEST_N + 1},
        {**CELL, "stage": "lunch"},
        {"type": "welcome"},
        {"type": "show_progress", "lot": "L1", "stage": "scoring", "filled": -1, "total": 3},
        {},
    ],
)
def test_frames_of_a_seat_that_make_no_sense_are_none(fields: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields, AnyFromSeat)


def test_both_directions_have_types_of_their_own() -> None:
    sides = [{each.__struct_config__.tag for each in side.__args__} for side in (AnyFromSeat, AnyToSeat)]

    assert sides[0] & sides[1] == set()
    assert [len(side) for side in sides] == [len(AnyFromSeat.__args__), len(AnyToSeat.__args__)]


def test_lines_and_hashes_travel_without_names() -> None:
    assert msgspec.to_builtins(PlacedLine(Seq(3), b"{}"), builtin_types=(bytes,)) == [3, b"{}"]
    assert msgspec.to_builtins(PlacedHash(Seq(3), bytes(32)), builtin_types=(bytes,)) == [3, bytes(32)]
