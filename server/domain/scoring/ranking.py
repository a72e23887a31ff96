"""Totals, ranks and every tie step that was needed to part equal bids."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from msgspec import Struct

from server.domain.ids import BidAlias, CriterionId
from server.domain.scoring.adding_up import Points, with_groups
from server.domain.scoring.draws import Draws, drawn_places
from server.domain.scoring.errors import DrawKind
from server.domain.scoring.exact import shown
from server.domain.scoring.members import MembersResult
from server.domain.scoring.prices import PricesResult
from server.domain.scoring.scheme import (
    CloserToBenchmark,
    HigherPoints,
    LowerEvaluatedPrice,
    LowerPrice,
    RankStep,
    Scheme,
)
from server.domain.scoring.trace import Step, StepCode, Trace


class RankedBid(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A bid's place."""

    bid: BidAlias
    rank: int
    "From 1; equal bids share the better rank and the next ones are skipped."
    total: str


class Ranking(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The outcome of a lot."""

    order: tuple[RankedBid, ...]
    "By rank; within a shared rank by alias."
    points: dict[BidAlias, dict[CriterionId, str]]
    "By bid and node, prices and totals included, before the node's own weight."
    tie_steps: tuple[RankStep, ...]
    "The steps after the first that had to be taken, in order."
    trace: tuple[Step, ...]


def rank(scheme: Scheme, members: MembersResult, prices: PricesResult, *, draws: Draws | None = None) -> Ranking:
    """Adds up and ranks the bids that prices left in the evaluation.

    Args:
        scheme: without problems.
        members: the result of `aggregate_members`.
        prices: the result of `score_prices`.
        draws: recorded draws.

    Raises:
        DrawNeeded: bids stay equal up to a step that draws a lot.
    """
    trace = Trace()
    points = {bid: _points(scheme, bid, members, prices, trace.about(bid=bid)) for bid in prices.remaining}
    tied, taken = [sorted(prices.remaining)] if prices.remaining else [], []
    for step in scheme.ranking:
        if all(len(bids) == 1 for bids in tied):
            break
        taken.append(step)
        tied = _parted(tied, step, _comparison(step, points, prices, tied, draws or {}), trace)
    return Ranking(
        order=_places(tied, {bid: cells[scheme.criteria.id] for bid, cells in points.items()}),
        points={bid: {node: shown(value) for node, value in cells.items()} for bid, cells in points.items()},
        tie_steps=tuple(taken[1:]),
        trace=trace.steps(),
    )


def _points(scheme: Scheme, bid: BidAlias, members: MembersResult, prices: PricesResult, trace: Trace) -> Points:
    known = {node: Fraction(text) for node, text in members.points[bid].items()}
    if prices.criterion is not None:
        known[prices.criterion] = Fraction(prices.points[bid])
    return with_groups(scheme.criteria, known, trace)


class _Comparison(NamedTuple):
    """What a step holds against each other."""

    code: StepCode
    keys: Mapping[BidAlias, Fraction]


def _comparison(
    step: RankStep, points: Mapping[BidAlias, Points], prices: PricesResult, tied: list[list[BidAlias]], draws: Draws
) -> _Comparison:
    match step:
        case HigherPoints():
            return _Comparison("compared_points", {bid: cells[step.node] for bid, cells in points.items()})
        case LowerPrice():
            return _Comparison("compared_prices", _numbers(prices.prices))
        case LowerEvaluatedPrice():
            return _Comparison("compared_evaluated_prices", _numbers(prices.evaluated))
        case CloserToBenchmark():
            return _Comparison("compared_distances", _numbers(prices.distances))
        case _:
            equal = sorted(bid for bids in tied if len(bids) > 1 for bid in bids)
            places = drawn_places(DrawKind.TIE, equal, draws)
            return _Comparison("compared_lots", {bid: Fraction(places[bid]) for bid in equal})


def _numbers(texts: Mapping[BidAlias, str]) -> dict[BidAlias, Fraction]:
    return {bid: Fraction(text) for bid, text in texts.items()}


def _parted(tied: list[list[BidAlias]], step: RankStep, comparison: _Comparison, trace: Trace) -> list[list[BidAlias]]:
    """Each group of equals split by the step, the better first."""
    here = trace.about(node=step.node) if isinstance(step, HigherPoints) else trace
    parted = []
    for bids in tied:
        if len(bids) == 1:
            parted.append(bids)
            continue
        keys = {bid: comparison.keys[bid] for bid in bids}
        in_order = sorted(set(keys.values()), reverse=isinstance(step, HigherPoints))
        here.step(comparison.code, in_order[0], keys)
        parted.extend([bid for bid in bids if keys[bid] == key] for key in in_order)
    return parted


def _places(tied: list[list[BidAlias]], totals: Mapping[BidAlias, Fraction]) -> tuple[RankedBid, ...]:
    places: list[RankedBid] = []
    next_rank = 1
    for bids in tied:
        places.extend(RankedBid(bid=bid, rank=next_rank, total=shown(totals[bid])) for bid in bids)
        next_rank += len(bids)
    return tuple(places)
