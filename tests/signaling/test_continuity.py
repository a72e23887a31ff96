from hypothesis import given
from hypothesis import strategies as st

from signaling.continuity import Continuity

RATE = 90_000


def placed(continuity: Continuity, *packets: tuple[int, int], now: float = 0.0) -> list[tuple[int, int] | None]:
    return [continuity.place(index, timestamp, now) for index, timestamp in packets]


def test_nothing_passes_before_a_stretch_begins() -> None:
    continuity = Continuity(sequence=100, timestamp=5000, clock_rate=RATE)

    assert placed(continuity, (7, 1)) == [None]
    assert continuity.source_index(100) is None
    assert continuity.open_for is None


def test_stretch_keeps_gaps_and_order_of_the_source() -> None:
    continuity = Continuity(sequence=100, timestamp=5000, clock_rate=RATE)
    continuity.begin(1, 70_000, 40, 0.0)

    assert placed(continuity, (70_000, 40), (70_002, 60), (70_001, 50)) == [(101, 5000), (103, 5020), (102, 5010)]


def test_packet_from_before_its_stretch_is_dropped() -> None:
    continuity = Continuity(sequence=100, timestamp=5000, clock_rate=RATE)
    continuity.begin(1, 70_000, 40, 0.0)

    assert placed(continuity, (69_999, 30)) == [None]


def test_pause_leaves_no_gap_in_the_numbers_and_shows_in_the_timestamps() -> None:
    continuity = Continuity(sequence=100, timestamp=5000, clock_rate=RATE)
    continuity.begin(1, 10, 0, 0.0)
    before = placed(continuity, (10, 0), (11, 3000))
    continuity.end()
    continuity.begin(1, 50, 90_000, 1.0)

    assert before + placed(continuity, (50, 90_000)) == [(101, 5000), (102, 8000), (103, 95_000)]


def test_new_source_goes_on_after_the_time_that_passed() -> None:
    continuity = Continuity(sequence=100, timestamp=5000, clock_rate=RATE)
    continuity.begin(1, 10, 0, 0.0)
    placed(continuity, (10, 0), now=2.0)
    continuity.end()
    continuity.begin(2, 90_000, 777, 3.0)

    assert placed(continuity, (90_000, 777)) == [(102, 5000 + RATE)]
    assert continuity.open_for == 2


def test_numbers_wrap() -> None:
    continuity = Continuity(sequence=65_535, timestamp=0xFFFFFFFF, clock_rate=RATE)
    continuity.begin(1, 10, 0, 0.0)

    assert placed(continuity, (10, 1)) == [(0, 0)]


def test_repeat_is_found_in_the_present_stretch_only() -> None:
    continuity = Continuity(sequence=65_533, timestamp=0, clock_rate=RATE)
    continuity.begin(1, 10, 0, 0.0)
    placed(continuity, (10, 0), (11, 0))  # 65534, 65535
    continuity.end()
    continuity.begin(1, 50, 0, 0.0)
    placed(continuity, (50, 0), (51, 0))  # 0, 1

    assert [continuity.source_index(sequence) for sequence in (65_534, 65_535, 0, 1, 2)] == [None, None, 50, 51, None]


@given(st.lists(st.tuples(st.booleans(), st.integers(-40, 60)), max_size=200))
def test_no_number_is_ever_given_to_two_packets(steps: list[tuple[bool, int]]) -> None:
    """Random walks through late packets, leaps, pauses and reconnects."""
    continuity = Continuity(sequence=0, timestamp=0, clock_rate=RATE)
    given_to: dict[int, tuple[int, int]] = {}
    index, source = 1000, 0
    for is_new_stretch, step in steps:
        if is_new_stretch:
            source += step % 2
            continuity.end()
            continuity.begin(source, index, 0, 0.0)
        index += step
        place = continuity.place(index, 0, 0.0)
        if place is not None:
            assert given_to.setdefault(place[0], (source, index)) == (source, index)
            assert continuity.source_index(place[0]) == index
