"""What the opened prices come to: evaluated prices, the benchmark, points, and who is out by the price."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from msgspec import Struct

from server.domain.ids import BidAlias, CriterionId
from server.domain.scoring.benchmark import Basis, Prices, basis_of
from server.domain.scoring.criteria import PriceCriterion, price_criteria
from server.domain.scoring.draws import Draws
from server.domain.scoring.exact import shown
from server.domain.scoring.offers import Offers, OutCode, bid_price, evaluated_price, why_invalid
from server.domain.scoring.price_formulas import Scored, scored
from server.domain.scoring.price_rule import Counted, Excluded, FixedPoints, PriceRule
from server.domain.scoring.scheme import Scheme
from server.domain.scoring.trace import Step, Trace


class BidOut(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A bid that its price puts out of the evaluation."""

    bid: BidAlias
    code: OutCode


class PricesResult(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What the prices come to; decimal texts. Mappings hold the remaining bids only."""

    benchmark: str | None = None
    "None where the scheme has none, or no bid has a valid price."
    prices: dict[BidAlias, str] = {}
    evaluated: dict[BidAlias, str] = {}
    deviations: dict[BidAlias, str] = {}
    "Percent of the benchmark, of bids whose points came from it."
    distances: dict[BidAlias, str] = {}
    "From the evaluated price to the benchmark, ten decimals where there is no end; empty without a benchmark."
    criterion: CriterionId | None = None
    "What the points are for; None where prices earn none."
    points: dict[BidAlias, str] = {}
    "Before the criterion's weight."
    left_out: tuple[BidAlias, ...] = ()
    "Bids that the benchmark's filters left out and that are still in."
    out: tuple[BidOut, ...] = ()
    remaining: tuple[BidAlias, ...]
    trace: tuple[Step, ...] = ()


def score_prices(
    scheme: Scheme,
    offers: Offers,
    bids: Collection[BidAlias],
    *,
    first_bids: Collection[BidAlias] | None = None,
    draws: Draws | None = None,
) -> PricesResult:
    """Evaluates the prices of the bids that are still in.

    Args:
        scheme: without problems.
        offers: the opened prices; those of bids that failed a gate too where the benchmark counts them.
        bids: the bids still in the evaluation.
        first_bids: the bids that were in when prices were first scored; None: the same as `bids`.
        draws: recorded draws.

    Raises:
        OfferMissing, PriceMalformed, FactMissing, EvaluatedPriceNotPositive: an offer cannot be evaluated.
        BenchmarkUndefined: the scheme leads to no benchmark.
        DrawNeeded, DrawUnknown: the coefficient has to be drawn.
    """
    if scheme.price is None:
        return PricesResult(remaining=tuple(bids))
    rule, trace = scheme.price, Trace()
    counting = _counting(rule, offers, bids, bids if first_bids is None else first_bids)
    prices = {bid: bid_price(bid, offers) for bid in dict.fromkeys((*bids, *counting))}
    out: dict[BidAlias, OutCode] = {
        bid: code for bid in prices if (code := why_invalid(rule, prices[bid], trace.about(bid=bid)))
    }
    evaluated = {bid: evaluated_price(rule, bid, offers, trace.about(bid=bid)) for bid in prices if bid not in out}
    basis = _basis(rule, {bid: evaluated[bid] for bid in counting if bid in evaluated}, draws or {}, trace)
    left_out = {} if basis is None else basis.left_out
    out |= {bid: "excluded_from_benchmark" for bid, then in left_out.items() if isinstance(then, Excluded)}
    remaining = tuple(bid for bid in bids if bid not in out)
    taking_part = {bid: evaluated[bid] for bid in remaining}
    criterion = next(iter(price_criteria(scheme.criteria)), None)
    marks = {} if criterion is None else _marks(rule, criterion, taking_part, basis, trace)
    return PricesResult(
        benchmark=None if basis is None else shown(basis.benchmark),
        prices=_texts({bid: prices[bid] for bid in remaining}),
        evaluated=_texts(taking_part),
        deviations=_texts({bid: mark.deviation for bid, mark in marks.items() if mark.deviation is not None}),
        distances=_texts(_distances(basis, taking_part)),
        criterion=None if criterion is None else criterion.id,
        points=_texts({bid: mark.points for bid, mark in marks.items()}),
        left_out=tuple(bid for bid in remaining if bid in left_out),
        out=tuple(BidOut(bid=bid, code=out[bid]) for bid in bids if bid in out),
        remaining=remaining,
        trace=trace.steps(),
    )


def _counting(
    rule: PriceRule, offers: Offers, bids: Collection[BidAlias], first_bids: Collection[BidAlias]
) -> Collection[BidAlias]:
    """The bids whose prices may go into the benchmark."""
    if rule.benchmark is None:
        return ()
    choices = {Counted.REMAINING: bids, Counted.FIRST_REMAINING: first_bids, Counted.OPENED: offers.keys()}
    return choices[rule.benchmark.counted]


def _basis(rule: PriceRule, counted: Prices, draws: Draws, trace: Trace) -> Basis | None:
    """None where the scheme has no benchmark, or no valid price is there to make one of or to hold against it."""
    if rule.benchmark is None or not counted:
        return None
    return basis_of(rule.benchmark, counted, None if rule.reference is None else Fraction(rule.reference), draws, trace)


def _marks(
    rule: PriceRule, criterion: PriceCriterion, prices: Prices, basis: Basis | None, trace: Trace
) -> dict[BidAlias, Scored]:
    """Points and deviation of each bid: fixed points, or what the formula gives."""
    marks: dict[BidAlias, Scored] = {}
    if rule.formula is None or basis is None:
        return marks
    for bid, price in prices.items():
        here, then = trace.about(bid=bid, node=criterion.id), basis.left_out.get(bid)
        if isinstance(then, FixedPoints):
            marks[bid] = Scored(here.step("fixed_points", Fraction(then.points)), None)
        else:
            result = scored(rule.formula, price, basis, Fraction(criterion.max_points), here)
            points = here.round(_cut_to_range(criterion, result.points, here), rule.rounding)
            marks[bid] = Scored(here.step("price_points", points), result.deviation)
    return marks


def _cut_to_range(criterion: PriceCriterion, points: Fraction, trace: Trace) -> Fraction:
    within = min(max(points, Fraction(criterion.min_points)), Fraction(criterion.max_points))
    return points if within == points else trace.step("cut_to_range", within, {"points": points})


def _distances(basis: Basis | None, prices: Mapping[BidAlias, Fraction]) -> Prices:
    return {} if basis is None else {bid: abs(price - basis.benchmark) for bid, price in prices.items()}


def _texts(numbers: Mapping[BidAlias, Fraction]) -> dict[BidAlias, str]:
    return {bid: shown(number) for bid, number in numbers.items()}
