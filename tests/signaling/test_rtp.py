import struct

import pytest
from aiortc.rtp import RtpPacket as ForeignPacket
from hypothesis import given
from hypothesis import strategies as st

from signaling.rtp import (
    BadPacket,
    SequenceUnwrapper,
    build,
    extensions,
    is_rtcp,
    original_of,
    parse,
    signed_distance,
)

PLAIN = build(b"payload", payload_type=96, marker=True, sequence=7, timestamp=9, ssrc=11)


def with_extension(profile: int, body: bytes, *, csrcs: int = 0) -> bytes:
    head = bytes([0x90 | csrcs, 111]) + struct.pack("!HII", 7, 9, 11) + bytes(range(4 * csrcs))
    return head + struct.pack("!HH", profile, len(body) // 4) + body + b"payload"


ONE_BYTE = with_extension(0xBEDE, b"\x10A\x00\x21BC\x00\x00", csrcs=2)
TWO_BYTE = with_extension(0x1000, b"\x01\x01A\x02\x02BC\x00", csrcs=0)


def test_packet_is_read_as_another_library_reads_it() -> None:
    packet, foreign = parse(PLAIN), ForeignPacket.parse(PLAIN)

    assert (packet.payload_type, packet.marker, packet.sequence, packet.timestamp, packet.ssrc) == (
        foreign.payload_type,
        foreign.marker == 1,
        foreign.sequence_number,
        foreign.timestamp,
        foreign.ssrc,
    )
    assert packet.data[packet.payload_at :] == foreign.payload == b"payload"


@pytest.mark.parametrize("data", [ONE_BYTE, TWO_BYTE])
def test_extensions_are_read_in_both_forms(data: bytes) -> None:
    assert extensions(parse(data)) == {1: b"A", 2: b"BC"}


def test_extensions_of_an_unknown_profile_are_none() -> None:
    assert extensions(parse(with_extension(0x4242, b"\x10A\x00\x00"))) == {}


def test_extension_number_fifteen_ends_the_list() -> None:
    assert extensions(parse(with_extension(0xBEDE, b"\x10A\xf0\x00\x20B\x00\x00"))) == {1: b"A"}


@pytest.mark.parametrize("body", [(0xBEDE, b"\x1fA\x00\x00"), (0x1000, b"\x00\x00\x00\x01"), (0x1000, b"\x01\x09AA")])
def test_extension_over_the_end_is_refused(body: tuple[int, bytes]) -> None:
    with pytest.raises(BadPacket):
        extensions(parse(with_extension(*body)))


TRUNCATED = [b"", PLAIN[:11], b"\x40" + PLAIN[1:], ONE_BYTE[:21], ONE_BYTE[:25], b"\x8f" + PLAIN[1:]]


@pytest.mark.parametrize("data", TRUNCATED)
def test_truncated_packet_is_refused(data: bytes) -> None:
    with pytest.raises(BadPacket):
        parse(data)


def test_repeat_gives_back_the_packet_it_repeats() -> None:
    repeat = build(b"\x00\x07payload", payload_type=97, marker=True, sequence=900, timestamp=9, ssrc=12)

    original = original_of(parse(repeat), 11)

    assert original is not None
    assert (original.sequence, original.timestamp, original.marker, original.ssrc) == (7, 9, True, 11)
    assert original.data[original.payload_at :] == b"payload"


def test_padding_repeats_nothing() -> None:
    padding = bytearray(build(b"\x00\x00\x03", payload_type=97, marker=False, sequence=1, timestamp=9, ssrc=12))
    padding[0] |= 0x20

    assert original_of(parse(bytes(padding)), 11) is None
    assert original_of(parse(bytes(padding[:12])), 11) is None


def test_repeat_without_a_number_is_refused() -> None:
    with pytest.raises(BadPacket):
        original_of(parse(build(b"\x00", payload_type=97, marker=False, sequence=1, timestamp=9, ssrc=12)), 11)


@pytest.mark.parametrize(("second", "expected"), [(111, False), (0x80 | 96, False), (200, True), (206, True)])
def test_rtcp_is_told_by_the_second_byte(second: int, expected: bool) -> None:
    assert is_rtcp(second) is expected


def test_numbers_are_counted_past_their_wrap_in_any_order() -> None:
    unwrapper = SequenceUnwrapper()

    first, *others = [unwrapper.index(sequence) for sequence in (65534, 65535, 1, 0, 65533, 2)]

    assert [index - first for index in others] == [1, 3, 2, -1, 4]


@given(st.integers(0, 0xFFFF), st.integers(-0x8000, 0x7FFF))
def test_signed_distance_is_the_shorter_way(reference: int, distance: int) -> None:
    assert signed_distance((reference + distance) & 0xFFFF, reference) == distance


@given(st.binary(max_size=60).map(lambda tail: b"\x9f" + tail) | st.binary(max_size=60))
def test_any_bytes_are_a_packet_or_refused(data: bytes) -> None:
    try:
        found = extensions(parse(data))
    except BadPacket:
        return

    assert sum(map(len, found.values())) <= len(data)
