import pytest

from signaling.faults import LOGGED_AT_ONCE, Faults


def test_every_fault_is_counted_and_a_few_are_logged(capsys: pytest.CaptureFixture[str]) -> None:
    faults = Faults()
    for _ in range(100):
        faults.note(ValueError("a mistake"), 5.0, room="room-1")

    logged = capsys.readouterr().out
    assert faults.count == 100
    assert logged.count("ValueError: a mistake") == LOGGED_AT_ONCE
    assert "room-1" in logged
