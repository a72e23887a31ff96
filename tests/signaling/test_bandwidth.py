from collections.abc import Iterator

import pytest

from signaling.bandwidth import HIGHEST_BPS, LOWEST_BPS, MOST_MEASURED, NOISE, START_BPS, Bandwidth
from tests.support.told_groups import Arrived, tell

OCTETS = 1000
FEEDBACK_S = 0.1


class Path:
    """A bottleneck with a queue, and packets that are sent evenly."""

    def __init__(self, carries_bps: float, *, loses_every: int = 0) -> None:
        self.bandwidth = Bandwidth()
        self.now = 0.0
        self.carries_bps = carries_bps
        self._loses_every = loses_every
        self._free_at = 0.0
        self._sent = 0

    def _packets(self, sending_bps: float) -> Iterator[tuple[float, float] | None]:
        for number in range(round(sending_bps * FEEDBACK_S / 8 / OCTETS)):
            self._sent += 1
            sent = self.now + number * 8 * OCTETS / sending_bps
            self._free_at = max(self._free_at, sent) + 8 * OCTETS / self.carries_bps
            is_lost = bool(self._loses_every) and self._sent % self._loses_every == 0
            yield None if is_lost else (sent, 50.0 + self._free_at)

    def stall(self, seconds: float) -> None:
        self._free_at = self.now + seconds

    def send(self, sending_bps: float, seconds: float) -> None:
        for _ in range(round(seconds / FEEDBACK_S)):
            packets = list(self._packets(sending_bps))
            self.now += FEEDBACK_S
            came = [Arrived(sent, sent, arrived, OCTETS) for sent, arrived in filter(None, packets)]
            tell(self.bandwidth, came, self.now, lost=len(packets) - len(came))


def test_estimate_begins_with_a_guess() -> None:
    assert Bandwidth().estimate_bps == START_BPS


def test_estimate_falls_to_what_a_narrow_path_carries() -> None:
    path = Path(600_000)
    path.send(1_500_000, 3.0)

    assert LOWEST_BPS <= path.bandwidth.estimate_bps <= 620_000


def test_a_path_is_not_noisy_that_loses_little_or_whose_queue_grows() -> None:
    free, full = Path(20_000_000, loses_every=50), Path(1_000_000, loses_every=10)
    free.send(2_000_000, 5.0)
    full.send(4_000_000, 1.0)

    assert (free.bandwidth.is_noisy, full.bandwidth.is_noisy) == (False, False)
    assert full.bandwidth.loss > NOISE


def test_path_that_becomes_narrow_is_found_out_soon_however_much_was_hoped_of_it() -> None:
    path = Path(20_000_000)
    path.send(360_000, 2.0)
    path.carries_bps = 250_000
    path.send(360_000, 1.5)

    assert path.bandwidth.estimate_bps <= 260_000


def test_seat_that_is_busy_for_a_moment_keeps_most_of_it() -> None:
    path = Path(20_000_000)
    path.send(360_000, 2.0)
    path.stall(0.25)
    path.send(360_000, 2.0)

    assert path.bandwidth.estimate_bps >= START_BPS / 2


def test_estimate_rises_on_a_free_path_but_not_far_beyond_what_is_sent() -> None:
    path = Path(50_000_000)
    path.send(8_000_000, 20.0)

    assert 11_000_000 <= path.bandwidth.estimate_bps <= 12_400_000


def test_less_is_sent_than_allowed_and_the_estimate_stands() -> None:
    path = Path(20_000_000)
    path.send(160_000, 10.0)

    assert path.bandwidth.estimate_bps == START_BPS


def test_some_loss_is_noise() -> None:
    path = Path(20_000_000, loses_every=20)
    path.send(2_000_000, 5.0)

    assert path.bandwidth.estimate_bps >= START_BPS
    assert path.bandwidth.loss == pytest.approx(0.05, abs=0.01)
    assert path.bandwidth.is_noisy


def test_heavy_loss_brings_it_down() -> None:
    path = Path(20_000_000, loses_every=3)
    path.send(2_000_000, 2.0)

    assert path.bandwidth.estimate_bps < START_BPS / 2
    assert path.bandwidth.is_falling


def test_what_was_lost_while_the_way_was_cut_is_no_congestion_and_what_is_lost_later_is() -> None:
    path = Path(20_000_000)
    path.send(160_000, 2.0)
    path.now += 5.0
    tell(path.bandwidth, [], path.now, lost=100)
    path.send(160_000, 2.0)

    assert path.bandwidth.estimate_bps == START_BPS

    tell(path.bandwidth, [], path.now, lost=100)
    assert path.bandwidth.estimate_bps < START_BPS


def test_estimate_never_falls_below_the_sound() -> None:
    path = Path(20_000_000, loses_every=2)
    path.send(2_000_000, 20.0)

    assert path.bandwidth.estimate_bps == LOWEST_BPS


def test_probe_lifts_it_at_once_but_never_lowers_it() -> None:
    bandwidth = Bandwidth()

    bandwidth.probed(10_000_000, 10.0)
    lifted = bandwidth.estimate_bps
    bandwidth.probed(1_000_000, 11.0)
    kept = bandwidth.estimate_bps
    bandwidth.probed(1e12, 12.0)

    assert (lifted, kept, bandwidth.estimate_bps) == (9_500_000, 9_500_000, HIGHEST_BPS)


def test_probe_right_after_a_fall_is_not_believed() -> None:
    path = Path(600_000)
    path.send(1_500_000, 1.0)
    fallen = path.bandwidth.estimate_bps
    path.bandwidth.probed(5_000_000, path.now)

    assert path.bandwidth.estimate_bps == fallen < START_BPS


def test_clock_that_runs_backwards_fills_no_memory() -> None:
    bandwidth = Bandwidth()
    for number in range(5 * MOST_MEASURED):
        came = Arrived(number / 100, number / 100, 1000 - number / 100, OCTETS)
        tell(bandwidth, [came], number / 100)

    assert len(bandwidth._arrived) <= MOST_MEASURED + 1
