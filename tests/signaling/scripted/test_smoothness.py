import pytest

from signaling.reception import SenderClock
from signaling.rtcp import NTP_FRACTION
from signaling.rtp import RtpPacket, build, parse
from signaling.scripted.smoothness import FROZEN_AFTER_S, SAMPLED, Smoothness

RATE = 90_000
NTP = 3_900_000_000.0
CLOCK = SenderClock(ntp=int(NTP * NTP_FRACTION), rtp_timestamp=0xFFFFFFFF, heard_at=0.0)


def packet(timestamp: int = 0, *, marker: bool = True) -> RtpPacket:
    return parse(build(b"x", payload_type=96, marker=marker, sequence=1, timestamp=timestamp, ssrc=1))


def watched(*frames_at: float) -> Smoothness:
    smoothness = Smoothness(RATE)
    for at in frames_at:
        smoothness.arrived(packet(), at, NTP, None)
    return smoothness


def test_picture_that_comes_evenly_stands_never_still() -> None:
    smoothness = watched(1.0, 1.2, 1.4)

    assert (smoothness.first_at, smoothness.freezes, smoothness.frozen_until(1.6)) == (1.0, 0, 0.0)


def test_standstill_is_counted_when_it_is_over_and_before() -> None:
    smoothness = watched(1.0, 3.0)

    assert (smoothness.freezes, smoothness.frozen_until(3.1)) == (1, 2.0)
    assert smoothness.frozen_until(3.0 + 2 * FROZEN_AFTER_S) == 2.0 + 2 * FROZEN_AFTER_S


def test_measurement_begins_anew_but_for_the_first_frame() -> None:
    smoothness = watched(1.0, 3.0)

    smoothness.begin_again(5.0)

    assert (smoothness.first_at, smoothness.freezes, smoothness.frozen_until(5.2)) == (1.0, 0, 0.0)


def test_part_of_a_frame_is_none() -> None:
    smoothness = Smoothness(RATE)
    smoothness.arrived(packet(marker=False), 1.0, NTP, None)

    assert smoothness.first_at is None


def test_delay_is_told_from_the_senders_clock_over_the_wrap_of_its_numbers() -> None:
    smoothness = Smoothness(RATE)
    for _ in range(SAMPLED):
        smoothness.arrived(packet(RATE - 1), 1.0, NTP + 1.05, CLOCK)

    assert smoothness.delays_ms == [pytest.approx(50.0, abs=0.1)]


def test_without_a_report_there_is_no_delay() -> None:
    assert watched(*(float(n) for n in range(20))).delays_ms == []
