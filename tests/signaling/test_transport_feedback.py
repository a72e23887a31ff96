import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.hot_path.library import lib
from signaling.transport_feedback import write
from tests.support.told_groups import Feedback, read

# Written out by hand from the draft, section 3.1: base 5, four packets, reference 2 (128 ms), message 7;
# one vector of two-bit symbols (small, lost, large, small), then the deltas 4, -2 and 1.
BY_HAND = struct.pack("!HHI", 5, 4, 2 << 8 | 7) + struct.pack("!H", 0b11_01_00_10_01_00_00_00) + b"\x04\xff\xfe\x01"


def test_message_written_by_hand_is_read() -> None:
    assert read(BY_HAND) == Feedback(5, 7, [516, None, 514, 515])


def test_message_is_written_as_by_hand() -> None:
    assert write(5, 7, [516, None, 514, 515]) == BY_HAND + b"\0\0"


def test_one_bit_vectors_are_read() -> None:
    body = struct.pack("!HHI", 0, 3, 0) + struct.pack("!H", 0b10_1_0_1_00000000000) + b"\x01\x02"

    assert read(body) == Feedback(0, 0, [1, None, 3])


def test_reference_before_the_clocks_start_is_negative() -> None:
    body = struct.pack("!HHI", 0, 1, 0xFFFFFF << 8) + struct.pack("!H", 1 << 13 | 1) + b"\x00"

    assert read(body) == Feedback(0, 0, [-256])


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.none() | st.integers(-3000, 3000), min_size=1, max_size=300).filter(any),
    st.integers(0, 1 << 22),
)
def test_what_is_written_is_read(base: int, steps: list[int | None], start: int) -> None:
    ticks = [None if step is None else 5000 + start + step for step in steps]

    assert read(write(base, 300, ticks)) == Feedback(base, 44, ticks)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        BY_HAND[:9],
        BY_HAND[:-1],
        struct.pack("!HHIH", 0, lib.MOST_TOLD + 1, 0, lib.MOST_TOLD + 1),
        struct.pack("!HHIH", 0, 2, 0, 0),
    ],
)
def test_broken_message_is_refused(body: bytes) -> None:
    assert read(body) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_a_message_or_refused(body: bytes) -> None:
    feedback = read(body)

    assert feedback is None or len(feedback.arrivals) == struct.unpack_from("!H", body, 2)[0]
