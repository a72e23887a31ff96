import pytest

from server.evidence.verdict import EXIT_CODES, Check, Finding, Outcome, Verdict

FINDING = Finding(reason="a fact", where="lines.jsonl:17")


def failed(*outcomes: Outcome) -> Verdict:
    checks = [Check(code=f"check_{outcome}", failure=outcome, findings=(FINDING,)) for outcome in outcomes]
    return Verdict(checks=(Check(code="fine", failure=Outcome.BROKEN), *checks))


def test_check_is_ok_without_findings() -> None:
    assert Check(code="fine", failure=Outcome.BROKEN).ok
    assert not Check(code="bad", failure=Outcome.BROKEN, findings=(FINDING,)).ok


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        ((), Outcome.SOUND),
        ((Outcome.INCOMPLETE,), Outcome.INCOMPLETE),
        ((Outcome.UNREADABLE, Outcome.INCOMPLETE), Outcome.UNREADABLE),
        ((Outcome.INCOMPLETE, Outcome.UNREADABLE, Outcome.BROKEN), Outcome.BROKEN),
    ],
)
def test_outcome_is_the_worst_that_any_check_found(outcomes: tuple[Outcome, ...], worst: Outcome) -> None:
    assert failed(*outcomes).outcome is worst


def test_every_outcome_has_its_own_exit_code_and_only_sound_is_zero() -> None:
    assert EXIT_CODES == {
        Outcome.SOUND: 0,
        Outcome.BROKEN: 1,
        Outcome.INCOMPLETE: 2,
        Outcome.UNREADABLE: 3,
    }
    assert set(EXIT_CODES) == set(Outcome)
