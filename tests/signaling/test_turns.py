import pytest

from signaling.turns import next_turn


@pytest.mark.parametrize("phase", [0.0, 0.3, 0.999])
@pytest.mark.parametrize("now", [0.0, 0.19, 12.34, 98765.4321])
def test_turn_comes_soon_and_then_regularly(now: float, phase: float) -> None:
    first = next_turn(now, 0.2, phase)
    turns = [first + 0.2 * number for number in range(1, 4)]

    assert now < first <= now + 0.2 + 1e-9
    assert [next_turn(turn - 0.1, 0.2, phase) for turn in turns] == pytest.approx(turns)


def test_seats_have_their_turns_at_different_times() -> None:
    assert [next_turn(10.0, 1.0, phase) for phase in (0.0, 0.25, 0.5)] == [11.0, 10.25, 10.5]
