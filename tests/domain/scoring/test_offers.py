from decimal import Decimal
from fractions import Fraction

import pytest

from server.domain.scoring import EvaluatedPriceNotPositive, FactMissing, Offer, OfferMissing, PriceMalformed, Step
from server.domain.scoring.offers import bid_price, evaluated_price, why_invalid
from server.domain.scoring.price_rule import Adjustment, Amount, PercentCut, PercentRange, PerUnit, PriceRule
from server.domain.scoring.trace import Trace
from tests.domain.scoring.schemes import A, B, offers

MONTHS = PerUnit(fact="months", required=Decimal(15), below_gain=Decimal(20), above_loss=Decimal(30))
SMALL_FIRMS = PercentCut(fact="share", at_least=Decimal(30), percent=Decimal(4))


def evaluated(adjustment: Adjustment, price: str, **facts: str) -> Fraction:
    rule = PriceRule(adjustments=(adjustment,))
    return evaluated_price(rule, A, {A: Offer(price=price, facts=facts)}, Trace())


def test_bid_price_reads_the_offer() -> None:
    assert bid_price(A, offers(A="13656.50")) == Fraction("13656.5")


def test_bid_price_needs_an_offer() -> None:
    with pytest.raises(OfferMissing) as caught:
        bid_price(B, offers(A="1"))

    assert caught.value.facts == {"bid": "B"}


@pytest.mark.parametrize("text", ["0", "-5", "1e3", "1,000", "", "0.0000001"])
def test_bid_price_refuses_what_is_no_price(text: str) -> None:
    with pytest.raises(PriceMalformed) as caught:
        bid_price(A, offers(A=text))

    assert caught.value.facts == {"bid": "A", "price": text}


@pytest.mark.parametrize(("months", "expected"), [("16", 3030), ("15", 3000), ("13", 2960)])
def test_evaluated_price_by_units_from_what_is_required(months: str, expected: int) -> None:
    assert evaluated(MONTHS, "3000", months=months) == expected


@pytest.mark.parametrize(("share", "expected"), [("29.99", 100), ("30", 96)])
def test_evaluated_price_is_cut_from_a_limit_on(share: str, expected: int) -> None:
    assert evaluated(SMALL_FIRMS, "100", share=share) == expected


def test_evaluated_price_takes_every_adjustment_of_the_bid_price() -> None:
    rule = PriceRule(adjustments=(Amount(fact="extra"), SMALL_FIRMS))
    trace = Trace().about(bid=A)

    result = evaluated_price(rule, A, {A: Offer(price="100", facts={"extra": "-10", "share": "50"})}, trace)

    assert result == 86
    assert trace.steps()[-1] == Step(
        code="evaluated_price",
        bid=A,
        operands={"price": "100", "adjustment_1": "-10", "adjustment_2": "-4"},
        result="86",
    )


@pytest.mark.parametrize("facts", [{}, {"months": "soon"}])
def test_evaluated_price_needs_its_facts(facts: dict[str, str]) -> None:
    with pytest.raises(FactMissing) as caught:
        evaluated(MONTHS, "3000", **facts)

    assert caught.value.facts == {"bid": "A", "fact": "months"}


def test_evaluated_price_stays_above_zero() -> None:
    with pytest.raises(EvaluatedPriceNotPositive, match="The evaluated price of bid A is 0"):
        evaluated(Amount(fact="extra"), "100", extra="-100")


@pytest.mark.parametrize(
    ("price", "code"),
    [("96.99", "outside_valid_range"), ("97", None), ("103", None), ("103.01", "outside_valid_range")],
)
def test_why_invalid_holds_the_price_against_the_reference(price: str, code: str | None) -> None:
    valid = PercentRange(min_percent=Decimal(97), max_percent=Decimal(103))

    assert why_invalid(PriceRule(reference=Decimal(100), valid=valid), Fraction(price), Trace()) == code


@pytest.mark.parametrize(("price", "code"), [("100", None), ("100.01", "above_ceiling")])
def test_why_invalid_holds_the_price_against_the_ceiling(price: str, code: str | None) -> None:
    assert why_invalid(PriceRule(ceiling=Decimal(100)), Fraction(price), Trace()) == code
