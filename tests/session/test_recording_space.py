import pytest

from server.session.recording_space import KNOWN_AFTER_S, LARGEST_PIECE_BYTES, RATE_OVER_S, SpaceWatch
from signaling.recording.pieces import LARGEST_BYTES

MIB = 1 << 20


class World:
    """A disk and a clock that are moved by hand."""

    def __init__(self, free: int) -> None:
        self.free = free
        self.now = 1000.0
        self.watch = SpaceWatch(lambda: self.free, lambda: self.now)

    def write(self, size: int, *, seconds: float, every_s: float = 1.0) -> None:
        for _ in range(round(seconds / every_s)):
            self.watch.wrote(size)
            self.now += every_s


def test_time_left_follows_from_the_rate() -> None:
    world = World(free=3600 * MIB)
    world.write(MIB, seconds=100)

    assert world.watch.minutes_left() == 60


def test_rate_is_that_of_the_last_minutes() -> None:
    world = World(free=3600 * MIB)
    world.write(50 * MIB, seconds=100)
    world.write(MIB, seconds=RATE_OVER_S + 1)

    assert world.watch.minutes_left() == pytest.approx(60, abs=1)


def test_nothing_is_known_before_something_has_been_written_for_a_while() -> None:
    world = World(free=LARGEST_PIECE_BYTES)
    assert world.watch.minutes_left() is None
    world.write(MIB, seconds=KNOWN_AFTER_S - 1)
    assert world.watch.minutes_left() is None
    world.now += RATE_OVER_S + 1

    assert world.watch.minutes_left() is None


def test_full_disk_has_no_minute_left() -> None:
    world = World(free=-5)
    world.write(MIB, seconds=30)

    assert world.watch.minutes_left() == 0


def test_disk_that_may_not_take_the_next_piece_is_full_though_nothing_is_written() -> None:
    world = World(free=LARGEST_PIECE_BYTES - 1)
    assert world.watch.minutes_left() == 0
    world.write(MIB, seconds=30)
    world.now += RATE_OVER_S + 1

    assert world.watch.minutes_left() == 0
    assert LARGEST_PIECE_BYTES == LARGEST_BYTES
