"""What a law forbids a scheme, however well it could be carried out.

Government procurement leaves little room: 低价优先法 with the lowest price as benchmark, nothing left out, the price's
share of all points within limits, equal totals parted by price. The tendering law leaves the formula to the tender
document.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from server.domain.scoring.criteria import Group, Node, PriceCriterion
from server.domain.scoring.price_rule import Benchmark, Counted, PriceRule, Ratio, Statistic
from server.domain.scoring.scheme import HigherPoints, LowerPrice, Scheme, ScoringLaw
from server.domain.scoring.scheme_problem import SchemeProblem


class _Limits(NamedTuple):
    """What a law says, and where."""

    least_percent: int
    most_percent: int
    scoring: str
    ranking: str


_LIMITS = {
    ScoringLaw.PROCUREMENT_GOODS: _Limits(30, 100, "87号令, Art. 55", "87号令, Art. 57"),
    ScoringLaw.PROCUREMENT_SERVICES: _Limits(10, 100, "87号令, Art. 55", "87号令, Art. 57"),
    ScoringLaw.CONSULTATION_GOODS: _Limits(30, 60, "财库〔2014〕214号, Art. 24", "财库〔2014〕214号, Art. 25"),
    ScoringLaw.CONSULTATION_SERVICES: _Limits(10, 30, "财库〔2014〕214号, Art. 24", "财库〔2014〕214号, Art. 25"),
}


def law_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    """Problems under the scheme's law; none where prices earn no points or the law leaves the formula free."""
    limits = _LIMITS.get(scheme.law)
    if limits is None or scheme.price is None or scheme.price.formula is None:
        return
    least, most, source, ranking_source = limits
    share = _price_points(scheme.criteria) * 100
    if not least * scheme.criteria.points <= share <= most * scheme.criteria.points:
        message = f"Give the price {least} to {most} percent of all points."
        yield SchemeProblem(path="criteria", code="law_price_share", message=message, source=source)
    yield from _low_price_first(scheme.price, source)
    if scheme.ranking[:2] != (HigherPoints(node=scheme.criteria.id), LowerPrice()):
        message = "Rank by the total, then by the lower price."
        yield SchemeProblem(path="ranking", code="law_ranking", message=message, source=ranking_source)


def _price_points(node: Node) -> Decimal:
    """Full marks of the price, with all weights at and below the node."""
    if isinstance(node, Group):
        return node.weight * sum((_price_points(child) for child in node.children), Decimal(0))
    return node.weight * node.max_points if isinstance(node, PriceCriterion) else Decimal(0)


def _low_price_first(rule: PriceRule, source: str) -> Iterator[SchemeProblem]:
    benchmark = rule.benchmark
    if benchmark is not None and benchmark.filters:
        message = "Take the filters out: no price may be left out of the benchmark."
        yield SchemeProblem(path="price.benchmark.filters", code="law_prices_left_out", message=message, source=source)
    if not isinstance(rule.formula, Ratio) or benchmark is None or not _is_plain_lowest(benchmark):
        message = "Use the ratio formula with the lowest price of the remaining bids as benchmark."
        yield SchemeProblem(path="price", code="law_low_price_first", message=message, source=source)


def _is_plain_lowest(benchmark: Benchmark) -> bool:
    return (
        benchmark.statistic is Statistic.LOWEST
        and benchmark.counted is not Counted.OPENED
        and benchmark.reference_weight == 0
        and benchmark.coefficients == (Decimal(1),)
        and benchmark.rounding is None
    )
