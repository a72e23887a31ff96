from decimal import Decimal

import pytest

from server.domain.ids import CriterionId
from server.domain.scoring import Scheme, SchemeProblem, check_scheme
from server.domain.scoring.price_rule import PriceRule
from server.domain.scoring.scheme import (
    CloserToBenchmark,
    DrawnLot,
    HigherPoints,
    LowerEvaluatedPrice,
    LowerPrice,
    RankStep,
    Review,
)
from tests.domain.scoring.schemes import MEAN, TOTAL, given, group, scheme


def found(which: Scheme) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in check_scheme(which)]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1E+3", "0.0000001", "1" * 16])
def test_check_scheme_refuses_numbers_it_cannot_calculate_with(number: str) -> None:
    which = scheme("10", group("technical", "10", given("plan", weight=Decimal(number))))

    assert check_scheme(which) == [
        SchemeProblem(
            path="criteria.children[0].children[0].weight",
            code="number_malformed",
            message="Write a plain number of at most 15 digits, 6 of them decimals.",
        )
    ]


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ((), [("ranking", "ranking_empty")]),
        ((TOTAL, HigherPoints(node=CriterionId("x"))), [("ranking[1]", "ranking_node_unknown")]),
        ((TOTAL, LowerPrice()), [("ranking[1]", "ranking_without_price")]),
        ((LowerEvaluatedPrice(),), [("ranking[0]", "ranking_without_price")]),
        ((CloserToBenchmark(),), [("ranking[0]", "ranking_without_benchmark")]),
        ((DrawnLot(), TOTAL), [("ranking[0]", "ranking_after_draw")]),
        ((TOTAL, DrawnLot()), []),
    ],
)
def test_check_scheme_looks_at_the_ranking(ranking: tuple[RankStep, ...], expected: list[tuple[str, str]]) -> None:
    assert found(scheme("10", given("plan"), ranking=ranking)) == expected


def test_check_scheme_lets_prices_rank_where_there_are_some() -> None:
    ranking = (CloserToBenchmark(), LowerEvaluatedPrice(), LowerPrice())

    assert found(scheme("0", rule=PriceRule(benchmark=MEAN), ranking=ranking)) == []


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (Review(far_percent=Decimal(0)), [("review.far_percent", "percent_out_of_range")]),
        (Review(reason_below_percent=Decimal(0)), [("review.reason_below_percent", "percent_out_of_range")]),
        (Review(reason_below_percent=Decimal(101)), [("review.reason_below_percent", "percent_out_of_range")]),
        (Review(reason_below_percent=Decimal(100)), []),
    ],
)
def test_check_scheme_looks_at_the_review(review: Review, expected: list[tuple[str, str]]) -> None:
    assert found(scheme("10", given("plan"), review=review)) == expected
