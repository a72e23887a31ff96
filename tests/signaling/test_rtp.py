import struct

import pytest
from aiortc.rtp import RtpPacket as ForeignPacket
from hypothesis import given
from hypothesis import strategies as st

from signaling.rtp import (
    BadPacket,
    SequenceUnwrapper,
    build,
    clean,
    extensions,
    is_rtcp,
    parse,
    rewrite_header,
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


def test_plain_packet_passes_as_it_is() -> None:
    assert clean(parse(PLAIN), ((2, 5),)) is PLAIN


def test_nothing_but_the_passing_extension_goes_to_a_listener() -> None:
    cleaned = parse(clean(parse(ONE_BYTE), ((2, 5),)))

    assert extensions(cleaned) == {5: b"BC"}
    assert cleaned.data[0] == 0x90  # no contributing sources
    assert cleaned.data[cleaned.payload_at :] == b"payload"


@pytest.mark.parametrize("passing", [(), ((9, 9),)])
def test_packet_without_passing_extensions_loses_the_whole_block(passing: tuple[tuple[int, int], ...]) -> None:
    assert clean(parse(TWO_BYTE), passing) == b"\x80" + TWO_BYTE[1:12] + b"payload"


def test_header_is_rewritten_in_place() -> None:
    buffer = bytearray(PLAIN)

    rewrite_header(buffer, 0x80 | 97, 1, 2, 3)

    assert bytes(buffer) == build(b"payload", payload_type=97, marker=True, sequence=1, timestamp=2, ssrc=3)


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
        packet = parse(data)
        cleaned = clean(packet, ((1, 1), (2, 2)))
    except BadPacket:
        return

    again = parse(cleaned)
    assert again.data[again.payload_at :] == data[packet.payload_at :]
