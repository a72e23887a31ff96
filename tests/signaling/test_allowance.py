from signaling.allowance import Allowance


def test_reserve_is_there_at_the_start_and_comes_back_slowly() -> None:
    allowance = Allowance(per_s=2, reserve=3)

    at_once = [allowance.take(10.0) for _ in range(4)]
    later = [allowance.take(10.5), allowance.take(10.5)]

    assert at_once == [True, True, True, False]
    assert later == [True, False]


def test_no_more_than_the_reserve_is_kept() -> None:
    allowance = Allowance(per_s=100, reserve=2)

    assert [allowance.take(1000.0) for _ in range(3)] == [True, True, False]


def test_debt_has_to_come_back_first() -> None:
    allowance = Allowance(per_s=10, reserve=5)
    allowance.take(0.0)
    allowance.owe(24)

    assert [allowance.take(at) for at in (0.1, 2.0, 2.2)] == [False, False, True]
