"""Opened prices: read, adjusted to evaluated prices, and held against the ceiling and the valid range."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from server.domain.ids import BidAlias
from server.domain.scoring.benchmark import is_within
from server.domain.scoring.errors import EvaluatedPriceNotPositive, FactMissing, OfferMissing, PriceMalformed
from server.domain.scoring.exact import parsed
from server.domain.scoring.price_rule import Adjustment, Amount, PercentCut, PriceRule
from server.domain.scoring.trace import Trace


class Offer(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A bid's price and the facts that the scheme's adjustments ask for."""

    price: str
    "Decimal text, above zero, at most six decimals."
    facts: dict[str, str] = {}
    "Decimal texts by the fact's name."


Offers = Mapping[BidAlias, Offer]

OutCode = Literal["above_ceiling", "outside_valid_range", "excluded_from_benchmark"]
"Why a price puts its bid out of the evaluation."


def bid_price(bid: BidAlias, offers: Offers) -> Fraction:
    """The price as offered.

    Raises:
        OfferMissing: the bid has no offer.
        PriceMalformed: its price is no plain decimal above zero.
    """
    if bid not in offers:
        raise OfferMissing(bid=bid)
    price = parsed(offers[bid].price, places=6)
    if price is None or price <= 0:
        raise PriceMalformed(bid=bid, price=offers[bid].price)
    return price


def evaluated_price(rule: PriceRule, bid: BidAlias, offers: Offers, trace: Trace) -> Fraction:
    """The bid price with all adjustments, each of which looks at the bid price alone.

    Raises:
        OfferMissing, PriceMalformed: there is no price.
        FactMissing: an adjustment's fact is absent or no number.
        EvaluatedPriceNotPositive: nothing is left of the price.
    """
    price = bid_price(bid, offers)
    if not rule.adjustments:
        return price
    amounts = [_adjustment(one, price, bid, offers[bid].facts, trace) for one in rule.adjustments]
    by_place = {f"adjustment_{place}": amount for place, amount in enumerate(amounts, start=1)}
    evaluated = trace.step("evaluated_price", price + sum(amounts), {"price": price, **by_place})
    if evaluated <= 0:
        raise EvaluatedPriceNotPositive(bid=bid, evaluated=evaluated)
    return evaluated


def why_invalid(rule: PriceRule, price: Fraction, trace: Trace) -> OutCode | None:
    """Which limit a bid price breaks; None for a valid one."""
    if rule.ceiling is not None and price > (ceiling := Fraction(rule.ceiling)):
        trace.step("above_ceiling", price, {"price": price, "ceiling": ceiling})
        return "above_ceiling"
    if rule.reference is None or rule.valid is None:
        return None
    reference = Fraction(rule.reference)
    trace.step("percent_of_reference", price / reference * 100, {"price": price, "reference": reference})
    return None if is_within(price, rule.valid, reference) else "outside_valid_range"


def _adjustment(
    adjustment: Adjustment, price: Fraction, bid: BidAlias, facts: Mapping[str, str], trace: Trace
) -> Fraction:
    """What an adjustment adds to the price."""
    fact = parsed(facts.get(adjustment.fact, ""), places=6)
    if fact is None:
        raise FactMissing(bid=bid, fact=adjustment.fact)
    match adjustment:
        case Amount():
            return fact
        case PercentCut():
            limit, percent = Fraction(adjustment.at_least), Fraction(adjustment.percent)
            cut = -price * percent / 100 if fact >= limit else Fraction(0)
            return trace.step("percent_cut", cut, {"fact": fact, "at_least": limit, "percent": percent, "price": price})
        case _:
            units = fact - Fraction(adjustment.required)
            each = Fraction(adjustment.above_loss if units > 0 else adjustment.below_gain)
            return trace.step("per_unit", units * each, {"fact": fact, "units": units, "each": each})
