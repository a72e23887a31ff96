import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.ids import Alias, Digest, LotId, Millis, Seq, VenueId
from server.domain.phases import Stage
from server.domain.roles import Role
from server.session.frames import (
    Accepted,
    AnyFromSeat,
    AnyToSeat,
    Cell,
    CheckpointSigned,
    Join,
    Lines,
    PlacedHash,
    PlacedLine,
    Refresh,
    SaveCell,
    Submit,
    Welcome,
)
from server.web.packing import FROM_SEAT, MalformedFrame, pack, unpack, unpack_to_seat

SUBMIT = Submit(text='{"n":1}', signature=bytes(range(64)), key=Digest("ab" * 32))
JOIN = {"token": "a.b.c", "key": None, "proof": None}
CELL = Cell(lot=LotId("1"), stage=Stage.SCORING, round=1, cell="A/t1", value="分", version=3)


@pytest.mark.parametrize(
    "frame",
    [
        Join(token="a.b.c", have=70_000, key=Digest("ab" * 32), proof=bytes(64)),
        Join(token="a.b.c", have=0, key=None, proof=None),
        SUBMIT,
        SaveCell(lot=LotId("1"), stage=Stage.SCORING, round=1, cell="A/t1", value="", version=1),
        Refresh(),
    ],
)
def test_unpack_gives_back_what_a_seat_packed(frame: AnyFromSeat) -> None:
    assert unpack(pack(frame)) == frame


@pytest.mark.parametrize(
    "frame",
    [
        Welcome(
            alias=Alias("E3"),
            role=Role.EXPERT,
            venue=VenueId("jia"),
            size=2,
            now=Millis(1_768_600_000_000),
            last_n=0,
            cells=(CELL,),
        ),
        Lines(lines=(PlacedLine(Seq(0), b"{}"), PlacedLine(Seq(70_000), bytes(300)))),
        CheckpointSigned(note="评标\n", hashes=(PlacedHash(Seq(1), bytes(32)),)),
        Accepted(n=1, first=Seq(4), last=Seq(5)),
    ],
)
def test_unpack_to_seat_gives_back_what_the_server_packed(frame: AnyToSeat) -> None:
    assert unpack_to_seat(pack(frame)) == frame


def test_pack_writes_a_map_with_raw_bytes() -> None:
    packed = pack(SUBMIT)

    assert msgpack.unpackb(packed) == {
        "type": "submit",
        "text": '{"n":1}',
        "signature": bytes(range(64)),
        "key": "ab" * 32,
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "welcome"},  # a frame of the other direction
        {"type": "dance"},
        {"have": 0, **JOIN},
        {"type": "join", **JOIN},
        {"type": "join", "have": 0, "more": 1, **JOIN},
        {"type": "join", "have": "0", **JOIN},
        {"type": "join", "have": True, **JOIN},
        {"type": "join", "have": 0, **JOIN, "token": b"a"},
        {"type": "submit", "text": "{}", "signature": "c2lnbmF0dXJl", "key": "ab"},
        {b"type": "refresh"},
        {1: "refresh"},
        ["refresh"],
        "refresh",
        None,
    ],
)
def test_unpack_refuses_values_that_are_no_frame(fields: object) -> None:
    with pytest.raises(MalformedFrame):
        unpack(msgpack.packb(fields))


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "it ends too early"),
        (b"\x81", "it ends too early"),
        (b"\x81\xa4type", "it ends too early"),
        (b"\xa5abc", "it ends too early"),
        (b"\xc6\xff\xff\xff\xff", "it ends too early"),
        (pack(Refresh()) + b"\xc0", "unpack(b) received extra data."),
        (b"\xc1", "a value of the kind 0xc1"),
        (msgpack.packb({"type": "join", "have": 0.0, **JOIN}), "a value of the kind 0xcb"),
        (msgpack.packb(msgpack.ExtType(5, b"12345678")), "a value of the kind 0xd7"),
        (msgpack.packb(msgpack.Timestamp(1, 0)), "a value of the kind 0xd6"),
        (msgpack.packb(msgpack.ExtType(5, bytes(300))), "a value of the kind 0xc8"),
        (b"\xdd\xff\xff\xff\xff", "it ends too early"),
        (b"\xdf\x7f\xff\xff\xff", "it ends too early"),
        (b"\x91" * 13 + b"\xc0", "more than 12 levels"),
        (b"\xdd\x00\x00\xff\xff" * 500 + bytes(70_000), "more than 20000 values"),
        (b"\xdc\x4e\x20" + b"\x90" * 19_999 + b"\x91\xc0", "more than 20000 values"),
        (b"\x82\xa4type\xa7refresh\xa4type\xa7refresh", "a key stands twice in one map"),
        (bytes(FROM_SEAT.size + 1), "more than 262144 bytes"),
    ],
)
def test_unpack_refuses_bytes_beyond_the_limits(data: bytes, detail: str) -> None:
    with pytest.raises(MalformedFrame) as refused:
        unpack(data)

    assert str(refused.value) == f"This is no frame of the protocol: {detail}."


def test_unpack_refuses_text_that_is_not_utf_8() -> None:
    with pytest.raises(MalformedFrame, match="can't decode byte 0xff"):
        unpack(b"\x81\xa4type\xa1\xff")


def test_unpack_takes_values_up_to_the_limits() -> None:
    deepest = b"\x91" * 12 + b"\xc0"
    most = b"\xdc\x4e\x20" + b"\xc0" * 20_000

    with pytest.raises(MalformedFrame, match="Expected `object`, got `array`"):
        unpack(deepest)
    with pytest.raises(MalformedFrame, match="Expected `object`, got `array`"):
        unpack(most)


@given(st.binary(max_size=60))
def test_unpack_reads_rubbish_or_refuses_it(data: bytes) -> None:
    try:
        frame = unpack(data)
    except MalformedFrame:
        return
    assert unpack(pack(frame)) == frame


@given(st.integers(0, 200), st.integers(0, 255))
def test_unpack_reads_a_damaged_frame_or_refuses_it(place: int, value: int) -> None:
    packed = bytearray(pack(SUBMIT))
    packed[place % len(packed)] = value

    try:
        frame = unpack(bytes(packed))
    except MalformedFrame:
        return
    assert isinstance(frame, Submit)
