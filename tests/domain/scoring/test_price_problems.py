from decimal import Decimal
from typing import Any

import pytest

from server.domain.scoring import Scheme
from server.domain.scoring.price_problems import price_problems
from server.domain.scoring.price_rule import (
    Amount,
    BandFilter,
    Benchmark,
    Centre,
    Deviation,
    FixedPoints,
    Formula,
    Interpolated,
    NeighbourFilter,
    PercentCut,
    PercentRange,
    PriceRule,
    Ratio,
    Slope,
    Statistic,
    TrimFilter,
)
from server.domain.scoring.trimming import DropCount, Trim
from tests.domain.scoring.schemes import MEAN, TWO_TO_ONE, given, price, priced, scheme

Found = list[tuple[str, str]]
EMPTY = PercentRange()
UPSIDE_DOWN = PercentRange(min_percent=Decimal(103), max_percent=Decimal(97))
SOUND = PercentRange(min_percent=Decimal(97), max_percent=Decimal(103))


def found(which: Scheme) -> Found:
    return [(problem.path, problem.code) for problem in price_problems(which)]


def rule(**more: Any) -> PriceRule:
    return PriceRule(**{"benchmark": MEAN, "formula": TWO_TO_ONE, **more})


def with_benchmark(**more: Any) -> PriceRule:
    return rule(benchmark=Benchmark(statistic=Statistic.MEAN, **more))


def deviation(**more: Any) -> Deviation:
    flat = Slope(per_step=Decimal(1))
    return Deviation(**{"at_benchmark": Decimal(30), "above": flat, "below": flat, **more})


@pytest.mark.parametrize(
    "which",
    [
        scheme("10", given("credit")),
        scheme("0", rule=PriceRule()),
        scheme("0", rule=PriceRule(benchmark=MEAN)),
        priced(rule()),
        priced(rule(formula=Ratio())),
        priced(rule(formula=Interpolated(best_points=Decimal(30), worst_points=Decimal(5)))),
        priced(rule(reference=Decimal(100), valid=SOUND, ceiling=Decimal(120))),
        priced(
            rule(adjustments=(Amount(fact="extra"), PercentCut(fact="x", at_least=Decimal(30), percent=Decimal(4))))
        ),
        priced(rule(formula=deviation(above=Slope(per_step=Decimal(1), max_loss=Decimal(0))))),
        priced(with_benchmark(filters=(NeighbourFilter(percent=Decimal(15), inclusive=True),))),
        priced(with_benchmark(filters=(BandFilter(of=Centre.MEAN, range=PercentRange(max_percent=Decimal(95))),))),
    ],
)
def test_price_problems_of_a_sound_rule_are_none(which: Scheme) -> None:
    assert found(which) == []


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (
            scheme("60", price(), price(), rule=rule()),
            [("criteria", "price_criterion_repeated")],
        ),
        (scheme("30", price()), [("price.formula", "price_formula_missing")]),
        (scheme("30", price(), rule=PriceRule(benchmark=MEAN)), [("price.formula", "price_formula_missing")]),
        (scheme("0", rule=rule()), [("criteria", "price_criterion_missing")]),
        (priced(PriceRule(formula=Ratio())), [("price.benchmark", "benchmark_missing")]),
    ],
)
def test_price_problems_make_rule_and_tree_fit(which: Scheme, expected: Found) -> None:
    assert found(which) == expected


@pytest.mark.parametrize(
    ("broken", "path", "code"),
    [
        (rule(reference=Decimal(0)), "reference", "price_not_positive"),
        (rule(ceiling=Decimal(-1)), "ceiling", "price_not_positive"),
        (rule(reference=Decimal(1), valid=EMPTY), "valid", "range_empty"),
        (rule(reference=Decimal(1), valid=UPSIDE_DOWN), "valid", "range_empty"),
        (rule(valid=SOUND), "reference", "reference_missing"),
        (with_benchmark(reference_weight=Decimal("0.5")), "reference", "reference_missing"),
        (with_benchmark(filters=(BandFilter(of=Centre.REFERENCE, range=SOUND),)), "reference", "reference_missing"),
        (
            rule(adjustments=(PercentCut(fact="x", at_least=Decimal(30), percent=Decimal(100)),)),
            "adjustments[0].percent",
            "percent_out_of_range",
        ),
        (
            rule(reference=Decimal(1), benchmark=Benchmark(statistic=Statistic.MEAN, reference_weight=Decimal(2))),
            "benchmark.reference_weight",
            "weight_out_of_range",
        ),
        (with_benchmark(coefficients=()), "benchmark.coefficients", "coefficient_not_positive"),
        (with_benchmark(coefficients=(Decimal(0),)), "benchmark.coefficients", "coefficient_not_positive"),
        (
            with_benchmark(filters=(TrimFilter(trim=Trim(rows=(DropCount(at_least=1, highest=1),))),)),
            "benchmark.filters[0].trim.rows[0]",
            "trim_takes_all",
        ),
        (
            with_benchmark(filters=(BandFilter(of=Centre.MEAN, range=EMPTY),)),
            "benchmark.filters[0].range",
            "range_empty",
        ),
        (
            with_benchmark(filters=(NeighbourFilter(percent=Decimal(0), inclusive=True),)),
            "benchmark.filters[0].percent",
            "percent_out_of_range",
        ),
        (
            with_benchmark(filters=(NeighbourFilter(percent=Decimal(1), inclusive=True, at_least=2),)),
            "benchmark.filters[0].at_least",
            "trim_takes_all",
        ),
        (
            with_benchmark(filters=(TrimFilter(trim=Trim(), then=FixedPoints(points=Decimal(31))),)),
            "benchmark.filters[0].then.points",
            "points_out_of_range",
        ),
    ],
)
def test_price_problems_name_what_is_wrong_with_the_rule(broken: PriceRule, path: str, code: str) -> None:
    assert found(priced(broken)) == [(f"price.{path}", code)]


@pytest.mark.parametrize(
    ("formula", "path", "code"),
    [
        (deviation(at_benchmark=Decimal(31)), "at_benchmark", "points_out_of_range"),
        (deviation(step_percent=Decimal(0)), "step_percent", "percent_out_of_range"),
        (
            deviation(below=Slope(per_step=Decimal(1), max_loss=Decimal(-1))),
            "below.max_loss",
            "max_loss_negative",
        ),
        (Interpolated(best_points=Decimal(31), worst_points=Decimal(5)), "best_points", "points_out_of_range"),
        (Interpolated(best_points=Decimal(30), worst_points=Decimal(-1)), "worst_points", "points_out_of_range"),
        (Interpolated(best_points=Decimal(5), worst_points=Decimal(5)), "best_points", "best_not_above_worst"),
    ],
)
def test_price_problems_name_what_is_wrong_with_the_formula(formula: Formula, path: str, code: str) -> None:
    assert found(priced(rule(formula=formula))) == [(f"price.formula.{path}", code)]


def test_price_problems_refuse_fixed_points_where_prices_earn_none() -> None:
    fixed = TrimFilter(trim=Trim(), then=FixedPoints(points=Decimal(15)))
    benchmark = Benchmark(statistic=Statistic.MEAN, filters=(fixed,))

    assert found(scheme("0", rule=PriceRule(benchmark=benchmark))) == [
        ("price.benchmark.filters[0].then.points", "price_criterion_missing")
    ]
