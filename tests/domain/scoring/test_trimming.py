from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.scoring.exact import RoundingMode
from server.domain.scoring.trace import mean
from server.domain.scoring.trimming import DropCount, DropShare, Equals, Trim, Trimmed, drop_counts, trimmed
from tests.domain.scoring.schemes import ONE_EACH_FROM_3

TABLE = Trim(rows=(DropCount(at_least=6, highest=1), DropCount(at_least=7, highest=1, lowest=1)))


def values(*numbers: int) -> dict[str, Fraction]:
    return {f"E{place}": Fraction(number) for place, number in enumerate(numbers, start=1)}


@pytest.mark.parametrize(("count", "expected"), [(0, (0, 0)), (5, (0, 0)), (6, (0, 1)), (7, (1, 1)), (50, (1, 1))])
def test_drop_counts_takes_the_last_row_that_holds(count: int, expected: tuple[int, int]) -> None:
    assert drop_counts(TABLE, count) == expected


@pytest.mark.parametrize(
    ("mode", "expected"), [(RoundingMode.HALF_UP, (2, 1)), (RoundingMode.DOWN, (1, 0)), (RoundingMode.UP, (2, 1))]
)
def test_drop_counts_rounds_a_share(mode: RoundingMode, expected: tuple[int, int]) -> None:
    row = DropShare(at_least=7, lowest_percent=Decimal(20), highest_percent=Decimal(10), mode=mode)

    assert drop_counts(Trim(rows=(row,)), 8) == expected


def test_trimmed_drops_one_of_several_equals() -> None:
    result = trimmed(values(3, 1, 1, 3), ONE_EACH_FROM_3)

    assert result == Trimmed(kept=("E3", "E1"), lowest=("E2",), highest=("E4",))


def test_trimmed_keeps_equals_at_the_cut_where_the_scheme_says_so() -> None:
    trim = Trim(rows=(DropCount(at_least=5, highest=2, lowest=2),), equals=Equals.KEEP)

    result = trimmed(values(1, 2, 2, 8, 9, 9, 9), trim)

    assert result == Trimmed(kept=("E2", "E3", "E4", "E5", "E6", "E7"), lowest=("E1",), highest=())


@given(st.lists(st.integers(0, 100), min_size=3, max_size=20))
def test_trimmed_mean_lies_between_lowest_and_highest(numbers: list[int]) -> None:
    named = values(*numbers)

    kept = trimmed(named, ONE_EACH_FROM_3).kept

    assert min(numbers) <= mean([named[name] for name in kept]) <= max(numbers)


@given(st.permutations(list(values(4, 4, 7, 9, 9, 9, 1).items())))
def test_trimmed_does_not_look_at_the_order(items: list[tuple[str, Fraction]]) -> None:
    assert trimmed(dict(items), TABLE) == trimmed(dict(sorted(items)), TABLE)
