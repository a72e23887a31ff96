import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from signaling.vp8 import MAX_PAYLOAD_BYTES, is_key_frame, payloads, starts_key_frame

KEY, DELTA = b"\x10rest", b"\x11rest"


def test_frame_is_cut_as_another_library_reads_it() -> None:
    frame = KEY + bytes(2 * MAX_PAYLOAD_BYTES)

    read = [VpxPayloadDescriptor.parse(payload) for payload in payloads(frame, 0x18001)]

    assert [(descriptor.partition_start, descriptor.picture_id) for descriptor, _ in read] == [(1, 1), (0, 1), (0, 1)]
    assert b"".join(data for _, data in read) == frame


@pytest.mark.parametrize(
    "descriptor",
    [
        VpxPayloadDescriptor(partition_start=1, partition_id=0),
        VpxPayloadDescriptor(partition_start=1, partition_id=0, picture_id=300),
        VpxPayloadDescriptor(partition_start=1, partition_id=0, picture_id=3, tl0picidx=4, tid=(1, 0), keyidx=2),
        VpxPayloadDescriptor(partition_start=1, partition_id=0, tl0picidx=4),
    ],
)
def test_key_frame_is_found_behind_every_descriptor(descriptor: VpxPayloadDescriptor) -> None:
    head = bytes(12) + bytes(descriptor)

    assert starts_key_frame(head + KEY, 12)
    assert not starts_key_frame(head + DELTA, 12)


def test_short_picture_id_takes_one_byte() -> None:
    assert starts_key_frame(b"\x90\x80\x05" + KEY, 0)


@pytest.mark.parametrize("descriptor", [b"\x00", b"\x11"])
def test_other_packets_of_a_key_frame_do_not_begin_one(descriptor: bytes) -> None:
    assert not starts_key_frame(descriptor + KEY, 0)


@given(st.binary(max_size=6))
def test_any_payload_is_a_beginning_or_not(payload: bytes) -> None:
    assert starts_key_frame(payload, 0) in (True, False)


def test_key_frame_is_told_by_its_first_bit() -> None:
    assert [is_key_frame(frame) for frame in (KEY, DELTA, b"")] == [True, False, False]
