import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.hot_path.library import ffi
from signaling.hot_path.shaped_packet import ShapedPacket
from signaling.rtp import BadPacket, RtpPacket, Shape, build, extensions, parse
from signaling.vp8 import NOTHING, Descriptor

PLAIN = build(b"picture", payload_type=96, marker=True, sequence=5, timestamp=77, ssrc=7)
FOUND = Descriptor(starts_key_frame=False, lines=0, picture_at=2, picture=70, level_at=4, level=9)


def with_extension(profile: int, body: bytes, *, csrcs: int = 0) -> bytes:
    head = bytes([0x90 | csrcs, 0x80 | 96]) + struct.pack("!HII", 5, 77, 7) + bytes(range(4 * csrcs))
    return head + struct.pack("!HH", profile, len(body) // 4) + body + b"picture"


ONE_BYTE = with_extension(0xBEDE, b"\x10A\x00\x21BC\x00\x00", csrcs=2)
TWO_BYTE = with_extension(0x1000, b"\x01\x01A\x02\x02BC\x00")


def taken(data: bytes, shape: Shape) -> ShapedPacket:
    packet = ShapedPacket()
    packet.take(parse(data), shape, run=3, index=65_541, found=FOUND)
    return packet


def shaped(data: bytes, shape: Shape) -> RtpPacket:
    """What a listener gets."""
    packet = taken(data, shape)
    found = parse(bytes(ffi.buffer(packet.pointer.data, packet.size)))
    assert found.payload_at == packet.pointer.payload_at
    return found


def test_packet_stands_where_the_fan_out_reads_it() -> None:
    packet = taken(PLAIN, Shape(passing=((2, 5),))).pointer

    assert bytes(ffi.buffer(packet.data, packet.size)) == PLAIN
    assert (packet.run, packet.index, packet.timestamp, packet.marker) == (3, 65_541, 77, 0x80)
    assert (packet.picture_at, packet.picture, packet.level_at, packet.level) == (2, 70, 4, 9)
    assert (packet.payload_at, packet.counter_at) == (12, 0)


@pytest.mark.parametrize("data", [ONE_BYTE, TWO_BYTE])
def test_nothing_but_the_passing_extension_goes_to_a_listener(data: bytes) -> None:
    cleaned = shaped(data, Shape(passing=((2, 5),)))

    assert extensions(cleaned) == {5: b"BC"}
    assert cleaned.data[0] == 0x90  # no contributing sources
    assert cleaned.data[cleaned.payload_at :] == b"picture"


@pytest.mark.parametrize("passing", [(), ((9, 9),)])
@pytest.mark.parametrize("data", [ONE_BYTE, TWO_BYTE])
def test_packet_without_passing_extensions_loses_the_whole_block(
    data: bytes, passing: tuple[tuple[int, int], ...]
) -> None:
    assert shaped(data, Shape(passing=passing)).data == PLAIN


@pytest.mark.parametrize("data", [PLAIN, ONE_BYTE, TWO_BYTE])
def test_counter_is_the_first_extension_where_the_listener_takes_it(data: bytes) -> None:
    packet = taken(data, Shape(counter=3, passing=((2, 5),))).pointer
    ffi.memmove(packet.data + packet.counter_at, b"NO", 2)
    found = parse(bytes(ffi.buffer(packet.data, packet.size)))

    assert next(iter(extensions(found).items())) == (3, b"NO")
    assert found.data[found.payload_at :] == b"picture"


def test_packet_that_no_slot_holds_or_nobody_can_read_is_refused() -> None:
    for data in (PLAIN + bytes(2048), with_extension(0xBEDE, b"\x10A\x1fA")):
        with pytest.raises(BadPacket):
            taken(data, Shape(passing=((1, 1),)))


@given(
    st.binary(max_size=60).map(lambda tail: b"\x9f" + tail)
    | st.binary(max_size=60)
    | st.binary(max_size=60).map(lambda body: with_extension(0xBEDE, body + bytes(-len(body) % 4))),
    st.dictionaries(st.integers(1, 255), st.integers(1, 14), max_size=5),
)
def test_any_bytes_are_shaped_or_refused(data: bytes, passing: dict[int, int]) -> None:
    packet = ShapedPacket()
    try:
        read = parse(data)
        packet.take(read, Shape(counter=3, passing=tuple(passing.items())), found=NOTHING)
    except BadPacket:
        return

    again = parse(bytes(ffi.buffer(packet.pointer.data, packet.size)))
    assert again.data[again.payload_at :] == data[read.payload_at :]
    assert set(extensions(again)) <= {3, *passing.values()}
