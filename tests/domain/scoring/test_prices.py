from decimal import Decimal

import pytest

from server.domain.ids import CriterionId
from server.domain.scoring import BidOut, OfferMissing, PricesResult, Step, score_prices
from server.domain.scoring.price_rule import (
    Benchmark,
    Counted,
    Excluded,
    FixedPoints,
    NeighbourFilter,
    PriceRule,
    Ratio,
    Statistic,
)
from tests.domain.scoring.schemes import LOWEST, MEAN, TWO_TO_ONE, A, B, C, D, given, offers, price, priced, scheme

PRICE = CriterionId("price")


def counting(counted: Counted) -> PriceRule:
    return PriceRule(benchmark=Benchmark(statistic=Statistic.MEAN, counted=counted), formula=TWO_TO_ONE)


def test_score_prices_gives_benchmark_points_and_trace() -> None:
    result = score_prices(priced(PriceRule(benchmark=LOWEST, formula=Ratio())), offers(A="100", B="90"), [A, B])

    assert result == PricesResult(
        benchmark="90",
        prices={A: "100", B: "90"},
        evaluated={A: "100", B: "90"},
        distances={A: "10", B: "0"},
        criterion=PRICE,
        points={A: "27", B: "30"},
        remaining=(A, B),
        trace=(
            Step(code="lowest_price", operands={"A": "100", "B": "90"}, result="90"),
            Step(code="benchmark", result="90"),
            Step(
                code="ratio_points",
                bid=A,
                node=PRICE,
                operands={"benchmark": "90", "price": "100", "full": "30"},
                result="27",
            ),
            Step(code="price_points", bid=A, node=PRICE, result="27"),
            Step(
                code="ratio_points",
                bid=B,
                node=PRICE,
                operands={"benchmark": "90", "price": "90", "full": "30"},
                result="30",
            ),
            Step(code="price_points", bid=B, node=PRICE, result="30"),
        ),
    )


def test_score_prices_without_a_price_rule_leaves_everybody_in() -> None:
    assert score_prices(scheme("10", given("credit")), {}, [A, B]) == PricesResult(remaining=(A, B))


def test_score_prices_without_a_benchmark_only_reads_the_prices() -> None:
    result = score_prices(scheme("0", rule=PriceRule()), offers(A="100"), [A])

    assert result == PricesResult(prices={A: "100"}, evaluated={A: "100"}, remaining=(A,))


@pytest.mark.parametrize(
    ("counted", "benchmark"), [(Counted.REMAINING, "100"), (Counted.FIRST_REMAINING, "110"), (Counted.OPENED, "140")]
)
def test_score_prices_counts_whom_the_scheme_counts(counted: Counted, benchmark: str) -> None:
    all_offers = offers(A="90", B="110", C="130", D="230")

    result = score_prices(priced(counting(counted)), all_offers, [A, B], first_bids=[A, B, C])

    assert (result.benchmark, result.remaining, set(result.points)) == (benchmark, (A, B), {A, B})


def test_score_prices_takes_the_present_bids_for_the_first_ones() -> None:
    assert score_prices(priced(counting(Counted.FIRST_REMAINING)), offers(A="90", B="110"), [A, B]).benchmark == "100"


def test_score_prices_puts_out_what_breaks_the_ceiling() -> None:
    rule = PriceRule(ceiling=Decimal(100), benchmark=MEAN, formula=TWO_TO_ONE)

    result = score_prices(priced(rule), offers(A="90", B="110", C="100"), [A, B, C])

    assert (result.benchmark, result.remaining) == ("95", (A, C))
    assert result.out == (BidOut(bid=B, code="above_ceiling"),)


def test_score_prices_of_invalid_bids_alone_leaves_nobody() -> None:
    rule = PriceRule(ceiling=Decimal(100), benchmark=MEAN, formula=TWO_TO_ONE)

    result = score_prices(priced(rule), offers(A="101"), [A])

    assert (result.benchmark, result.points, result.remaining) == (None, {}, ())
    assert result.out == (BidOut(bid=A, code="above_ceiling"),)


def test_score_prices_fixes_or_excludes_what_the_benchmark_leaves_out() -> None:
    fixed = NeighbourFilter(percent=Decimal(15), inclusive=False, then=FixedPoints(points=Decimal(15)))
    excluding = NeighbourFilter(percent=Decimal(15), inclusive=False, then=Excluded())
    prices = offers(A="100", B="100", C="200", D="100")

    results = [
        score_prices(
            priced(PriceRule(benchmark=Benchmark(statistic=Statistic.MEAN, filters=(one,)), formula=TWO_TO_ONE)),
            prices,
            [A, B, C, D],
        )
        for one in (fixed, excluding)
    ]

    assert [result.points for result in results] == [
        {A: "30", B: "30", C: "15", D: "30"},
        {A: "30", B: "30", D: "30"},
    ]
    assert [result.left_out for result in results] == [(C,), ()]
    assert [result.out for result in results] == [(), (BidOut(bid=C, code="excluded_from_benchmark"),)]


def test_score_prices_cuts_points_to_the_range_and_rounds_them() -> None:
    of = scheme("30", price(min_points=Decimal(10)), rule=PriceRule(benchmark=MEAN, formula=TWO_TO_ONE))

    result = score_prices(of, offers(A="81", B="100", C="121"), [A, B, C])

    assert result.points == {A: "10.46", B: "29.34", C: "10"}
    assert (
        Step(code="cut_to_range", bid=C, node=PRICE, operands={"points": "-10.3973509934"}, result="10") in result.trace
    )


def test_score_prices_needs_every_offer_that_counts() -> None:
    with pytest.raises(OfferMissing):
        score_prices(priced(counting(Counted.REMAINING)), offers(A="90"), [A, B])
