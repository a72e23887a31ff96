from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from server.domain.ids import BidAlias
from server.domain.scoring import BenchmarkUndefined, DrawKind, DrawNeeded, Step
from server.domain.scoring.benchmark import Basis, basis_of, is_within
from server.domain.scoring.exact import Rounding
from server.domain.scoring.price_rule import (
    BandFilter,
    Benchmark,
    Centre,
    Excluded,
    NeighbourFilter,
    PercentRange,
    Statistic,
    StillScored,
    TrimFilter,
)
from server.domain.scoring.trace import Trace
from tests.domain.scoring.schemes import LOWEST, MEAN, ONE_EACH_FROM_3, A, B, C, D


def prices(*numbers: int) -> dict[BidAlias, Fraction]:
    return {BidAlias(name): Fraction(number) for name, number in zip("ABCD", numbers, strict=False)}


def basis(benchmark: Benchmark, *numbers: int, reference: int | None = None) -> Basis:
    return basis_of(benchmark, prices(*numbers), None if reference is None else Fraction(reference), {}, Trace())


def of_mean(**more: Any) -> Benchmark:
    return Benchmark(statistic=Statistic.MEAN, **more)


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [
        (LOWEST, "90"),
        (MEAN, "99"),
        (of_mean(reference_weight=Decimal("0.5")), "109.5"),
        (of_mean(reference_weight=Decimal(1)), "120"),
        (of_mean(coefficients=(Decimal("0.95"),)), "94.05"),
        (of_mean(coefficients=(Decimal("0.95"),), rounding=Rounding(places=0)), "94"),
        (of_mean(reference_weight=Decimal(1), coefficients=(Decimal("0.97"),)), "116.4"),
    ],
)
def test_basis_of_makes_the_benchmark(benchmark: Benchmark, expected: str) -> None:
    assert basis(benchmark, 90, 98, 109, reference=120).benchmark == Fraction(expected)


def test_basis_of_trims_prices_and_says_who_went() -> None:
    one_each = of_mean(filters=(TrimFilter(trim=ONE_EACH_FROM_3, then=Excluded()),))

    result = basis(one_each, 100, 90, 110, 104)

    assert result == Basis(Fraction(102), {A: Fraction(100), D: Fraction(104)}, {C: Excluded(), B: Excluded()})


@pytest.mark.parametrize(
    ("inclusive", "numbers", "gone"),
    [
        (False, (100, 110, 121, 90), ()),
        (True, (100, 110, 121, 90), ("C", "D")),
        (False, (100, 110, 122, 89), ("C", "D")),
        (True, (100, 200), ()),
    ],
)
def test_basis_of_leaves_out_far_neighbours(inclusive: bool, numbers: tuple[int, ...], gone: tuple[str, ...]) -> None:
    rule = NeighbourFilter(percent=Decimal(10), inclusive=inclusive)

    assert tuple(basis(of_mean(filters=(rule,)), *numbers).left_out) == gone


def test_basis_of_a_band_around_the_reference() -> None:
    band = BandFilter(of=Centre.REFERENCE, range=PercentRange(min_percent=Decimal(90), max_percent=Decimal(95)))

    result = basis(of_mean(filters=(band,)), 89, 90, 95, 96, reference=100)

    assert (result.benchmark, result.left_out) == (Fraction("92.5"), {A: StillScored(), D: StillScored()})


def test_basis_of_a_band_around_the_mean_of_what_is_left() -> None:
    trim = TrimFilter(trim=ONE_EACH_FROM_3)
    band = BandFilter(of=Centre.MEAN, range=PercentRange(max_percent=Decimal(100)))

    result = basis(of_mean(filters=(trim, band)), 1, 100, 110, 900)

    assert (result.benchmark, set(result.left_out)) == (Fraction(100), {A, C, D})


def test_basis_of_nothing_is_undefined() -> None:
    band = BandFilter(of=Centre.REFERENCE, range=PercentRange(max_percent=Decimal(50)))

    with pytest.raises(BenchmarkUndefined):
        basis(of_mean(filters=(band, TrimFilter(trim=ONE_EACH_FROM_3))), 90, 100, reference=100)


def test_basis_of_a_benchmark_rounded_to_zero_is_undefined() -> None:
    with pytest.raises(BenchmarkUndefined):
        basis_of(of_mean(rounding=Rounding(places=0)), {A: Fraction("0.4")}, None, {}, Trace())


def test_basis_of_several_coefficients_needs_a_draw() -> None:
    drawn = of_mean(coefficients=(Decimal("0.96"), Decimal("0.97")))

    with pytest.raises(DrawNeeded) as caught:
        basis(drawn, 100)
    result = basis_of(drawn, prices(100), None, {DrawKind.COEFFICIENT: ("0.97",)}, Trace())

    assert caught.value.among == ("0.96", "0.97")
    assert result.benchmark == 97


def test_basis_of_can_be_followed_step_by_step() -> None:
    trace = Trace()
    half = of_mean(reference_weight=Decimal("0.5"), coefficients=(Decimal("0.9"),))

    basis_of(half, prices(100, 110), Fraction(115), {}, trace)

    assert trace.steps() == (
        Step(code="mean_price", operands={"A": "100", "B": "110"}, result="105"),
        Step(code="reference_part", operands={"reference": "115", "weight": "0.5"}, result="57.5"),
        Step(code="bids_part", operands={"value": "105", "weight": "0.5"}, result="52.5"),
        Step(code="benchmark_blended", operands={"reference": "57.5", "bids": "52.5"}, result="110"),
        Step(code="coefficient_applied", operands={"value": "110", "coefficient": "0.9"}, result="99"),
        Step(code="benchmark", result="99"),
    )


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (PercentRange(min_percent=Decimal(101)), False),
        (PercentRange(min_percent=Decimal(100)), True),
        (PercentRange(max_percent=Decimal(99)), False),
        (PercentRange(), True),
    ],
)
def test_is_within_holds_both_ends(limits: PercentRange, expected: bool) -> None:
    assert is_within(Fraction(50), limits, Fraction(50)) is expected


@forall(st.lists(st.integers(1, 10**9), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_basis_of_a_trimmed_mean_lies_among_the_prices_in_any_order(numbers: list[int], shuffler: Any) -> None:
    one_each = of_mean(filters=(TrimFilter(trim=ONE_EACH_FROM_3),))
    shuffled = list(prices(*numbers).items())
    shuffler.shuffle(shuffled)

    result = basis_of(one_each, dict(shuffled), None, {}, Trace())

    assert min(numbers) <= result.benchmark <= max(numbers)
    assert result == basis(one_each, *numbers)
