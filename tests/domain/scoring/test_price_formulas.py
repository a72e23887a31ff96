from decimal import Decimal
from fractions import Fraction

import pytest

from server.domain.scoring import Step
from server.domain.scoring.benchmark import Basis
from server.domain.scoring.exact import Rounding, RoundingMode
from server.domain.scoring.price_formulas import Scored, scored
from server.domain.scoring.price_rule import Deviation, Formula, Interpolated, Ratio, Slope
from server.domain.scoring.trace import Trace
from tests.domain.scoring.schemes import TWO_TO_ONE, A, B

BASIS = Basis(Fraction(100), {A: Fraction(100), B: Fraction(150)}, {})


def score(formula: Formula, price: str, basis: Basis = BASIS) -> Scored:
    return scored(formula, Fraction(price), basis, Fraction(30), Trace())


def test_ratio_is_benchmark_to_price() -> None:
    assert score(Ratio(), "120") == Scored(Fraction(25), None)


@pytest.mark.parametrize(("price", "points", "deviation"), [("104", 22, 4), ("100", 30, 0), ("96", 26, -4)])
def test_deviation_costs_more_above_than_below(price: str, points: int, deviation: int) -> None:
    assert score(TWO_TO_ONE, price) == Scored(Fraction(points), Fraction(deviation))


@pytest.mark.parametrize(
    ("mode", "points"),
    [(None, "26.8"), (RoundingMode.DOWN, "28"), (RoundingMode.UP, "26"), (RoundingMode.HALF_UP, "26")],
)
def test_deviation_counts_steps_as_the_scheme_says(mode: RoundingMode | None, points: str) -> None:
    formula = Deviation(
        at_benchmark=Decimal(30), above=Slope(per_step=Decimal(2)), below=Slope(per_step=Decimal(1)), whole_steps=mode
    )

    assert score(formula, "101.6").points == Fraction(points)


def test_deviation_in_steps_of_its_own_size() -> None:
    flat = Slope(per_step=Decimal(1))
    formula = Deviation(
        at_benchmark=Decimal(30), above=flat, below=flat, step_percent=Decimal("0.5"), whole_steps=RoundingMode.DOWN
    )

    assert score(formula, "101.7").points == 27


def test_deviation_is_rounded_before_the_points() -> None:
    formula = Deviation(
        at_benchmark=Decimal(35),
        above=Slope(per_step=Decimal(2)),
        below=Slope(per_step=Decimal(1)),
        deviation_rounding=Rounding(places=2),
    )

    result = score(formula, "7300", Basis(Fraction(7100), {}, {}))

    assert result == Scored(Fraction("29.36"), Fraction("2.82"))


@pytest.mark.parametrize(("price", "points"), [("103", 27), ("190", 25), ("80", 28)])
def test_deviation_loses_no_more_than_the_limit(price: str, points: int) -> None:
    formula = Deviation(
        at_benchmark=Decimal(30),
        above=Slope(per_step=Decimal(1), max_loss=Decimal(5)),
        below=Slope(per_step=Decimal("0.1")),
    )

    assert score(formula, price).points == points


@pytest.mark.parametrize(("price", "points"), [("100", 30), ("120", 20), ("150", 5), ("160", 0)])
def test_interpolation_is_a_straight_line(price: str, points: int) -> None:
    assert score(Interpolated(best_points=Decimal(30), worst_points=Decimal(5)), price).points == points


def test_interpolation_of_equal_prices_gives_the_best_points() -> None:
    formula = Interpolated(best_points=Decimal(30), worst_points=Decimal(5))

    assert score(formula, "100", Basis(Fraction(100), {A: Fraction(100)}, {})).points == 30


def test_deviation_can_be_followed_step_by_step() -> None:
    formula = Deviation(
        at_benchmark=Decimal(30),
        above=Slope(per_step=Decimal(2), max_loss=Decimal(5)),
        below=Slope(per_step=Decimal(1)),
        whole_steps=RoundingMode.UP,
    )
    trace = Trace()

    scored(formula, Fraction("102.5"), BASIS, Fraction(30), trace)

    assert trace.steps() == (
        Step(code="deviation_percent", operands={"price": "102.5", "benchmark": "100"}, result="2.5"),
        Step(code="whole_steps_up", operands={"percent": "2.5", "step_percent": "1"}, result="3"),
        Step(code="loss", operands={"steps": "3", "per_step": "2"}, result="6"),
        Step(code="loss_limited", operands={"loss": "6"}, result="5"),
        Step(code="deviation_points", operands={"at_benchmark": "30", "loss": "5"}, result="25"),
    )
