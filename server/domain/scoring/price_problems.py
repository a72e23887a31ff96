"""What can be wrong with the price rule, and with how it and the tree fit together."""

from collections.abc import Iterator
from decimal import Decimal

from server.domain.scoring.criteria import PriceCriterion, price_criteria
from server.domain.scoring.price_rule import (
    BandFilter,
    Benchmark,
    Centre,
    Deviation,
    Filter,
    FixedPoints,
    Formula,
    Interpolated,
    PercentCut,
    PercentRange,
    PriceRule,
    TrimFilter,
)
from server.domain.scoring.scheme import Scheme
from server.domain.scoring.scheme_problem import SchemeProblem
from server.domain.scoring.trimming_problems import trim_problems


def price_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    """Problems of the price rule and of the price criterion."""
    criteria, rule = price_criteria(scheme.criteria), scheme.price
    formula = None if rule is None else rule.formula
    if len(criteria) > 1:
        message = "Keep one price criterion."
        yield SchemeProblem(path="criteria", code="price_criterion_repeated", message=message)
    if criteria and formula is None:
        message = "Add price.formula, or take the price criterion out of the tree."
        yield SchemeProblem(path="price.formula", code="price_formula_missing", message=message)
    if formula is not None and not criteria:
        message = "Add a price criterion to the tree, or take price.formula out."
        yield SchemeProblem(path="criteria", code="price_criterion_missing", message=message)
    if rule is None:
        return
    yield from _rule_problems(rule)
    yield from _fit_problems(rule, criteria[0] if criteria else None)


def _rule_problems(rule: PriceRule) -> Iterator[SchemeProblem]:
    for name, price in (("reference", rule.reference), ("ceiling", rule.ceiling)):
        if price is not None and price <= 0:
            yield SchemeProblem(path=f"price.{name}", code="price_not_positive", message="Write a price above 0.")
    if rule.valid is not None:
        yield from _range_problems("price.valid", rule.valid)
    if rule.reference is None and _needs_reference(rule):
        message = "Write the reference price that the valid range or the benchmark looks at."
        yield SchemeProblem(path="price.reference", code="reference_missing", message=message)
    for place, adjustment in enumerate(rule.adjustments):
        if isinstance(adjustment, PercentCut) and not 0 < adjustment.percent < 100:
            path = f"price.adjustments[{place}].percent"
            yield SchemeProblem(path=path, code="percent_out_of_range", message="Write a percentage between 0 and 100.")
    if rule.benchmark is not None:
        yield from _benchmark_problems(rule.benchmark)
    elif rule.formula is not None:
        message = "Add price.benchmark: the formula holds prices against it."
        yield SchemeProblem(path="price.benchmark", code="benchmark_missing", message=message)


def _needs_reference(rule: PriceRule) -> bool:
    if rule.valid is not None:
        return True
    benchmark = rule.benchmark
    return benchmark is not None and (
        benchmark.reference_weight != 0
        or any(isinstance(one, BandFilter) and one.of is Centre.REFERENCE for one in benchmark.filters)
    )


def _range_problems(path: str, limits: PercentRange) -> Iterator[SchemeProblem]:
    low, high = limits.min_percent, limits.max_percent
    if (low is None and high is None) or (low is not None and high is not None and low >= high):
        message = "Write min_percent, max_percent or both, the smaller one first, such as 97 and 103."
        yield SchemeProblem(path=path, code="range_empty", message=message)


def _benchmark_problems(benchmark: Benchmark) -> Iterator[SchemeProblem]:
    path = "price.benchmark"
    if not 0 <= benchmark.reference_weight <= 1:
        message = "Write a weight from 0 to 1."
        yield SchemeProblem(path=f"{path}.reference_weight", code="weight_out_of_range", message=message)
    if not benchmark.coefficients or min(benchmark.coefficients) <= 0:
        message = "Write one coefficient above 0, or those among which one is drawn."
        yield SchemeProblem(path=f"{path}.coefficients", code="coefficient_not_positive", message=message)
    for place, one in enumerate(benchmark.filters):
        yield from _filter_problems(f"{path}.filters[{place}]", one)


def _filter_problems(path: str, one: Filter) -> Iterator[SchemeProblem]:
    match one:
        case TrimFilter():
            yield from trim_problems(f"{path}.trim", one.trim)
        case BandFilter():
            yield from _range_problems(f"{path}.range", one.range)
        case _:
            if one.percent <= 0:
                message = "Write a percentage above 0, such as 15."
                yield SchemeProblem(path=f"{path}.percent", code="percent_out_of_range", message=message)
            if one.at_least < 3:
                message = "Write 3 or more: of two prices each is the other's neighbour."
                yield SchemeProblem(path=f"{path}.at_least", code="trim_takes_all", message=message)


def _fit_problems(rule: PriceRule, criterion: PriceCriterion | None) -> Iterator[SchemeProblem]:
    """Points in the rule that lie outside the criterion's range."""
    fixed = [] if rule.benchmark is None else _fixed_points(rule.benchmark)
    if criterion is None:
        for path, _ in fixed:
            message = "Take the fixed points out: prices earn no points here."
            yield SchemeProblem(path=path, code="price_criterion_missing", message=message)
        return
    for path, points in (*fixed, *_formula_points(rule.formula)):
        if not criterion.min_points <= points <= criterion.max_points:
            message = f"Write points from {criterion.min_points} to {criterion.max_points}."
            yield SchemeProblem(path=path, code="points_out_of_range", message=message)
    yield from _formula_problems(rule.formula)


def _fixed_points(benchmark: Benchmark) -> list[tuple[str, Decimal]]:
    return [
        (f"price.benchmark.filters[{place}].then.points", one.then.points)
        for place, one in enumerate(benchmark.filters)
        if isinstance(one.then, FixedPoints)
    ]


def _formula_points(formula: Formula | None) -> list[tuple[str, Decimal]]:
    match formula:
        case Deviation():
            return [("price.formula.at_benchmark", formula.at_benchmark)]
        case Interpolated():
            return [
                ("price.formula.best_points", formula.best_points),
                ("price.formula.worst_points", formula.worst_points),
            ]
        case _:
            return []


def _formula_problems(formula: Formula | None) -> Iterator[SchemeProblem]:
    if isinstance(formula, Interpolated) and formula.best_points <= formula.worst_points:
        message = "Write more points for the lowest price than for the highest."
        yield SchemeProblem(path="price.formula.best_points", code="best_not_above_worst", message=message)
    if not isinstance(formula, Deviation):
        return
    if formula.step_percent <= 0:
        message = "Write a step above 0, such as 1."
        yield SchemeProblem(path="price.formula.step_percent", code="percent_out_of_range", message=message)
    for name, slope in (("above", formula.above), ("below", formula.below)):
        if slope.max_loss is not None and slope.max_loss < 0:
            message = "Write a largest loss of 0 or more, or leave it out."
            yield SchemeProblem(path=f"price.formula.{name}.max_loss", code="max_loss_negative", message=message)
