import pytest

from signaling.rate import Rate


def test_steady_stream_has_its_rate() -> None:
    rate = Rate()
    for number in range(250):
        rate.add(100, number / 100)

    assert rate.bps(2.5) == pytest.approx(80_000, rel=0.03)


def test_stream_that_ends_falls_to_nothing() -> None:
    rate = Rate()
    for number in range(100):
        rate.add(100, number / 100)

    assert 0 < rate.bps(1.5) < 60_000
    assert rate.bps(4.0) == 0.0


def test_nothing_yet_is_nothing() -> None:
    assert Rate().bps(100.0) == 0.0
