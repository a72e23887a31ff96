import random

from signaling.delay_trend import DelayTrend, Usage
from tests.support.told_groups import Arrived, hear

SPACING_S = 0.01


def add(trend: DelayTrend, began_at: float, sent: float, arrived: float) -> None:
    hear(trend, [Arrived(began_at, sent, arrived, 1)])


def usages(queue_s_per_packet: float, *, packets: int = 200, jitter_s: float = 0.0) -> list[Usage]:
    """What is said of a path where the queue grows by so much with every packet."""
    trend, noise = DelayTrend(), random.Random(1)
    said = []
    for number in range(packets):
        sent = number * SPACING_S
        add(trend, sent, sent, 100.0 + sent + number * queue_s_per_packet + noise.uniform(0.0, jitter_s))
        said.append(trend.usage)
    return said


def test_free_path_is_normal() -> None:
    assert set(usages(0.0)) == {Usage.NORMAL}


def test_jitter_alone_is_no_congestion() -> None:
    assert Usage.OVER not in usages(0.0, jitter_s=0.008)


def test_growing_queue_is_noticed_within_half_a_second() -> None:
    assert Usage.OVER in usages(0.002, packets=50)


def test_emptying_queue_is_noticed() -> None:
    assert Usage.UNDER in usages(-0.002)


def test_group_that_is_told_in_parts_is_one() -> None:
    trend = DelayTrend()
    for number in range(200):
        began_at = number * 0.04
        for within in range(5):  # a frame: it arrives spread out by a slow line, which is no growing queue
            add(trend, began_at, began_at + within * 0.001, 100.0 + began_at + within * 0.004)

    assert trend.usage is Usage.NORMAL


def test_growth_is_measured_as_well_after_hours() -> None:
    hours = 6 * 3600.0
    trend = DelayTrend()
    for number in range(100_000):
        sent = hours + number * SPACING_S
        add(trend, sent, sent, 1_800_000_000.0 + sent)
    before = trend.usage
    for number in range(60):
        sent += SPACING_S
        add(trend, sent, sent, 1_800_000_000.0 + sent + number * 0.002)

    assert (before, trend.usage) == (Usage.NORMAL, Usage.OVER)
