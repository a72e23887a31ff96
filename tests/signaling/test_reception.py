import pytest

from signaling.reception import Reception, SenderClock
from signaling.rtcp import NTP_FRACTION, ReportBlock, SenderReport

RATE = 90_000


def test_even_stream_has_no_loss_and_no_jitter() -> None:
    reception = Reception(RATE)
    for n in range(10):
        reception.arrived(70_000 + n, n * RATE // 50, 100, 5 + n / 50)

    assert reception.block(9, 6.0) == ReportBlock(
        ssrc=9, fraction_lost=0, lost=0, highest=70_009, jitter=0, last_report=0, delay=0
    )
    assert (reception.packets, reception.octets) == (10, 1000)


def test_loss_is_counted_since_the_last_report() -> None:
    reception = Reception(RATE)
    for index in (1, 2, 3, 5):
        reception.arrived(index, 0, 1, 0.0)
    first = reception.block(9, 0.0)
    for index in (6, 7):
        reception.arrived(index, 0, 1, 0.0)
    second = reception.block(9, 0.0)

    assert [(block.fraction_lost, block.lost) for block in (first, second)] == [(256 // 5, 1), (0, 1)]


def test_report_without_a_packet_since_the_last_is_empty() -> None:
    reception = Reception(RATE)

    assert (reception.block(9, 0.0).fraction_lost, reception.lost) == (0, 0)


def test_jitter_moves_by_a_sixteenth_of_each_deviation() -> None:
    reception = Reception(1000)
    reception.arrived(1, 0, 1, 0.0)
    reception.arrived(2, 20, 1, 0.036)

    assert reception.jitter_ms == pytest.approx(1.0)


def test_timestamp_wrap_is_no_jitter() -> None:
    reception = Reception(1000)
    reception.arrived(1, 0xFFFFFFFF - 9, 1, 0.0)
    reception.arrived(2, 10, 1, 0.020)

    assert reception.jitter_ms == 0


def test_block_names_the_last_sender_report_and_its_age() -> None:
    reception = Reception(RATE)
    reception.heard_report(SenderReport(ssrc=9, ntp=0x1122334455667788, rtp_timestamp=0, packets=0, octets=0), 10.0)

    block = reception.block(9, 10.5)

    assert (block.last_report, block.delay) == (0x33445566, 65536 // 2)


def test_sender_clock_runs_on() -> None:
    clock = SenderClock(ntp=5 * NTP_FRACTION, rtp_timestamp=0xFFFFFFFF, heard_at=10.0)

    assert clock.at(12.0, 100) == (7 * NTP_FRACTION, 199)
