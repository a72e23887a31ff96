"""The benchmark price: which prices it is made of, and how."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from server.domain.ids import BidAlias
from server.domain.scoring.draws import Draws, drawn_first
from server.domain.scoring.errors import BenchmarkUndefined, DrawKind
from server.domain.scoring.price_rule import (
    BandFilter,
    Benchmark,
    Centre,
    Filter,
    LeftOut,
    NeighbourFilter,
    PercentRange,
    Statistic,
    TrimFilter,
)
from server.domain.scoring.trace import StepCode, Trace, mean
from server.domain.scoring.trimming import trimmed

Prices = dict[BidAlias, Fraction]
"Evaluated prices by bid."

_HIGHEST_GAP: tuple[StepCode, StepCode] = ("highest_gap_accepted", "highest_gap_too_far")
_LOWEST_GAP: tuple[StepCode, StepCode] = ("lowest_gap_accepted", "lowest_gap_too_far")


class Basis(NamedTuple):
    """A benchmark and what it was made of."""

    benchmark: Fraction
    kept: Prices
    left_out: dict[BidAlias, LeftOut]
    "Bids that a filter took out, with what becomes of them."


def basis_of(
    benchmark: Benchmark, prices: Mapping[BidAlias, Fraction], reference: Fraction | None, draws: Draws, trace: Trace
) -> Basis:
    """The benchmark of these prices.

    Raises:
        BenchmarkUndefined: no price is left, or the result is not above zero.
        DrawNeeded, DrawUnknown: the coefficient has to be drawn.
    """
    coefficient = _coefficient(benchmark, draws)
    kept, left_out = _filtered(benchmark, prices, reference, trace)
    if not kept:
        raise BenchmarkUndefined
    value = _blend(benchmark, kept, reference, trace)
    if coefficient != 1:
        value = trace.step("coefficient_applied", value * coefficient, {"value": value, "coefficient": coefficient})
    value = trace.round(value, benchmark.rounding)
    if value <= 0:
        raise BenchmarkUndefined
    return Basis(trace.step("benchmark", value), kept, left_out)


def is_within(price: Fraction, limits: PercentRange, centre: Fraction) -> bool:
    """Whether a price lies in the range, both ends included, in percent of the centre."""
    percent = price / centre * 100
    is_low = limits.min_percent is not None and percent < Fraction(limits.min_percent)
    is_high = limits.max_percent is not None and percent > Fraction(limits.max_percent)
    return not is_low and not is_high


def _coefficient(benchmark: Benchmark, draws: Draws) -> Fraction:
    options = [str(option) for option in benchmark.coefficients]
    return Fraction(options[0] if len(options) == 1 else drawn_first(DrawKind.COEFFICIENT, options, draws))


def _filtered(
    benchmark: Benchmark, prices: Mapping[BidAlias, Fraction], reference: Fraction | None, trace: Trace
) -> tuple[Prices, dict[BidAlias, LeftOut]]:
    kept, left_out = dict(prices), {}
    for rule in benchmark.filters:
        if not kept:
            break
        for bid in _caught(rule, kept, reference, trace):
            left_out[bid] = rule.then
            del kept[bid]
    return kept, left_out


def _caught(rule: Filter, prices: Prices, reference: Fraction | None, trace: Trace) -> list[BidAlias]:
    """The bids that a filter leaves out."""
    match rule:
        case TrimFilter():
            return _trimmed_ends(rule, prices, trace)
        case NeighbourFilter():
            return _far_from_neighbour(rule, prices, trace)
        case _:
            return _outside_band(rule, prices, reference, trace)


def _trimmed_ends(rule: TrimFilter, prices: Prices, trace: Trace) -> list[BidAlias]:
    _, lowest, highest = trimmed(prices, rule.trim)
    for bid in highest:
        trace.about(bid=bid).step("highest_dropped", prices[bid])
    for bid in lowest:
        trace.about(bid=bid).step("lowest_dropped", prices[bid])
    return [*highest, *lowest]


def _far_from_neighbour(rule: NeighbourFilter, prices: Prices, trace: Trace) -> list[BidAlias]:
    if len(prices) < rule.at_least:
        return []
    order = sorted(prices, key=lambda bid: (prices[bid], bid))
    caught = []
    for bid, neighbour, codes in ((order[-1], order[-2], _HIGHEST_GAP), (order[0], order[1], _LOWEST_GAP)):
        price, next_price = prices[bid], prices[neighbour]
        gap = abs(price - next_price) / next_price * 100
        is_far = gap >= Fraction(rule.percent) if rule.inclusive else gap > Fraction(rule.percent)
        operands = {"price": price, "next": next_price, "limit_percent": Fraction(rule.percent)}
        trace.about(bid=bid).step(codes[is_far], gap, operands)
        if is_far:
            caught.append(bid)
    return caught


def _outside_band(rule: BandFilter, prices: Prices, reference: Fraction | None, trace: Trace) -> list[BidAlias]:
    centre = _mean_price(prices, trace) if reference is None or rule.of is Centre.MEAN else reference
    caught = sorted(bid for bid, price in prices.items() if not is_within(price, rule.range, centre))
    for bid in caught:
        percent = prices[bid] / centre * 100
        trace.about(bid=bid).step("outside_band", percent, {"price": prices[bid], "centre": centre})
    return caught


def _mean_price(prices: Prices, trace: Trace) -> Fraction:
    return trace.step("mean_price", mean(prices.values()), prices)


def _blend(benchmark: Benchmark, kept: Prices, reference: Fraction | None, trace: Trace) -> Fraction:
    """The reference and the statistic of the kept prices, each by its weight."""
    weight = Fraction(benchmark.reference_weight)
    if reference is not None and weight == 1:
        return trace.step("reference_price", reference)
    lowest = benchmark.statistic is Statistic.LOWEST
    statistic = trace.step("lowest_price", min(kept.values()), kept) if lowest else _mean_price(kept, trace)
    if reference is None or weight == 0:
        return statistic
    of_reference = trace.step("reference_part", reference * weight, {"reference": reference, "weight": weight})
    of_bids = trace.step("bids_part", statistic * (1 - weight), {"value": statistic, "weight": 1 - weight})
    return trace.step("benchmark_blended", of_reference + of_bids, {"reference": of_reference, "bids": of_bids})
