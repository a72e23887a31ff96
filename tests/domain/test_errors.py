from server.domain.errors import Rejection
from server.domain.rejections import WrongPhase


def test_rejection_makes_its_sentence_from_its_facts() -> None:
    error = WrongPhase(command="lock_result", phase="scoring")

    assert str(error) == "lock_result is not possible in the phase scoring."
    assert error.facts == {"command": "lock_result", "phase": "scoring"}


def test_rejection_without_facts_has_the_general_sentence() -> None:
    assert (Rejection.code, str(Rejection())) == ("rejected", "The command was refused.")
