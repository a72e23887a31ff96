import pytest

from server.web.frame_pace import AT_ONCE, FRAMES_PER_S, FramePace


def test_frames_that_come_now_and_then_never_wait() -> None:
    pace = FramePace()

    assert [pace.delay(second / FRAMES_PER_S) for second in range(1000)] == [0.0] * 1000


def test_burst_passes_and_a_flood_is_slowed_to_the_pace() -> None:
    pace = FramePace()

    delays = [pace.delay(10.0) for _ in range(AT_ONCE + 40)]

    assert max(delays[:AT_ONCE]) == pytest.approx(0.0, abs=1e-6)
    assert delays[-1] == pytest.approx(40 / FRAMES_PER_S)


def test_pace_is_free_again_after_a_while() -> None:
    pace = FramePace()
    for _ in range(2 * AT_ONCE):
        pace.delay(10.0)

    assert pace.delay(10.0 + 3 * AT_ONCE / FRAMES_PER_S) == 0.0
