from server.demo.acts import points_of, verdicts_of
from server.domain.commands import Verdict
from server.domain.ids import Alias, CriterionId
from server.tender.tender_file import Acts, Failure
from tests.support.room_plan import LICENCE, LOT_ONE, SEAL, A, B, C

E1, E2 = Alias("E1"), Alias("E2")
PASSED = Verdict(passed=True, reason="")


def test_member_passes_everything_the_acts_do_not_name() -> None:
    acts = Acts(failures=(Failure(member=E1, bid=A, check=SEAL, reason="没有盖章"),))

    failed, passed = verdicts_of(acts, E1, LOT_ONE), verdicts_of(acts, E2, LOT_ONE)

    assert failed[A] == {SEAL: Verdict(passed=False, reason="没有盖章"), LICENCE: PASSED}
    assert failed[B] == passed[A] == {SEAL: PASSED, LICENCE: PASSED}


def test_member_gives_the_points_of_the_acts_and_the_maximum_otherwise() -> None:
    criterion = next(iter(points_of(Acts(), E1, LOT_ONE.scheme, (A,))[A]))
    acts = Acts(points={E1: {A: {CriterionId(criterion): "1"}}})

    typed, untold = points_of(acts, E1, LOT_ONE.scheme, (A, C)), points_of(acts, E2, LOT_ONE.scheme, (A, C))

    assert typed[A][criterion] == "1"
    assert typed[C] == untold[C]
    assert untold[A][criterion] != "1"
