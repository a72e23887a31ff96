from hypothesis import given
from hypothesis import strategies as st

from signaling.missing_packets import (
    GIVE_UP_AFTER_S,
    LONGEST_GAP,
    MOST_ASKED,
    MOST_MISSING,
    RETRY_AFTER_S,
    TRIES,
    MissingPackets,
)


def test_gap_is_asked_for_at_once_and_again_after_a_while() -> None:
    missing = MissingPackets()
    for index in (10, 11, 14):
        missing.arrived(index, 1.0)

    assert missing.due(1.0) == [12, 13]
    assert missing.due(1.0 + RETRY_AFTER_S / 2) == []
    assert missing.due(1.0 + RETRY_AFTER_S) == [12, 13]


def test_packet_that_comes_late_is_not_asked_for_again() -> None:
    missing = MissingPackets()
    for index in (10, 13, 11):
        missing.arrived(index, 1.0)

    assert missing.due(1.0) == [12]


def test_hopeless_packet_is_given_up() -> None:
    missing = MissingPackets()
    missing.arrived(10, 0.0)
    missing.arrived(12, 0.0)

    asked = [missing.due(n * RETRY_AFTER_S) for n in range(TRIES + 2)]

    assert asked == [[11]] * TRIES + [[], []]


def test_old_gap_is_given_up() -> None:
    missing = MissingPackets()
    missing.arrived(10, 0.0)
    missing.arrived(12, 0.0)

    assert missing.due(GIVE_UP_AFTER_S + 0.1) == []


def test_leap_is_a_new_beginning() -> None:
    missing = MissingPackets()
    missing.arrived(10, 0.0)
    missing.arrived(12, 0.0)
    missing.arrived(12 + LONGEST_GAP + 1, 0.0)

    assert missing.due(0.0) == []


@given(st.sets(st.integers(0, 200), min_size=1), st.randoms())
def test_what_is_asked_for_is_what_did_not_come(came: set[int], random: object) -> None:
    missing = MissingPackets()
    missing.arrived(-1, 0.0)
    for index in sorted(came):
        missing.arrived(index, 0.0)

    assert missing.due(0.0) == sorted(set(range(max(came))) - came)


def test_sender_that_jumps_about_is_not_asked_for_more_than_a_datagram_holds() -> None:
    missing = MissingPackets()
    for index in range(0, 3 * MOST_ASKED, 2):
        missing.arrived(index, 1.0)

    first, second = missing.due(1.0), missing.due(1.0)

    assert first == list(range(1, 2 * MOST_ASKED, 2))
    assert second == list(range(2 * MOST_ASKED + 1, 3 * MOST_ASKED - 2, 2))


def test_no_more_is_remembered_than_a_line_can_lose() -> None:
    missing = MissingPackets()
    for index in range(0, 1000 * LONGEST_GAP, LONGEST_GAP):
        missing.arrived(index, 1.0)

    assert len(missing._missing) <= MOST_MISSING
