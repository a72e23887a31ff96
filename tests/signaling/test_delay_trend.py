import random

from signaling.delay_trend import DelayTrend, Usage

SPACING_S = 0.01


def usages(queue_s_per_packet: float, *, packets: int = 200, jitter_s: float = 0.0) -> list[Usage]:
    """What is said of a path where the queue grows by so much with every packet."""
    trend, noise = DelayTrend(), random.Random(1)
    said = []
    for number in range(packets):
        sent = number * SPACING_S
        trend.add(sent, 100.0 + sent + number * queue_s_per_packet + noise.uniform(0.0, jitter_s))
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


def test_packets_sent_together_are_one_group() -> None:
    trend = DelayTrend()
    for number in range(200):
        for within in range(5):  # a frame: it arrives spread out by a slow line, which is no growing queue
            trend.add(number * 0.04 + within * 0.001, 100.0 + number * 0.04 + within * 0.004)

    assert trend.usage is Usage.NORMAL
