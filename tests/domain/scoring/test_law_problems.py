from decimal import Decimal
from typing import Any

import pytest

from server.domain.scoring import Scheme, SchemeProblem, ScoringLaw
from server.domain.scoring.exact import TWO_PLACES
from server.domain.scoring.law_problems import law_problems
from server.domain.scoring.price_rule import Benchmark, Counted, PriceRule, Ratio, Statistic, TrimFilter
from server.domain.scoring.scheme import LowerPrice, RankStep
from tests.domain.scoring.schemes import LOWEST, ONE_EACH_FROM_3, TOTAL, TWO_TO_ONE, given, group, price, scheme

LOW_PRICE_FIRST = PriceRule(benchmark=LOWEST, formula=Ratio())
GOODS = ScoringLaw.PROCUREMENT_GOODS


def of(
    law: ScoringLaw = GOODS,
    price_points: int = 30,
    rule: PriceRule = LOW_PRICE_FIRST,
    ranking: tuple[RankStep, ...] = (TOTAL, LowerPrice()),
) -> Scheme:
    rest = given("quality", str(100 - price_points))
    return scheme("100", rest, price(str(price_points)), law=law, rule=rule, ranking=ranking)


def lowest(**more: Any) -> PriceRule:
    return PriceRule(benchmark=Benchmark(statistic=Statistic.LOWEST, **more), formula=Ratio())


@pytest.mark.parametrize(
    ("law", "points", "is_allowed"),
    [
        (ScoringLaw.PROCUREMENT_GOODS, 29, False),
        (ScoringLaw.PROCUREMENT_GOODS, 30, True),
        (ScoringLaw.PROCUREMENT_SERVICES, 9, False),
        (ScoringLaw.PROCUREMENT_SERVICES, 10, True),
        (ScoringLaw.CONSULTATION_GOODS, 60, True),
        (ScoringLaw.CONSULTATION_GOODS, 61, False),
        (ScoringLaw.CONSULTATION_SERVICES, 30, True),
        (ScoringLaw.CONSULTATION_SERVICES, 31, False),
        (ScoringLaw.TENDERING, 5, True),
        (ScoringLaw.ENTERPRISE, 5, True),
    ],
)
def test_law_problems_hold_the_share_of_the_price(law: ScoringLaw, points: int, is_allowed: bool) -> None:
    codes = [problem.code for problem in law_problems(of(law, points))]

    assert codes == ([] if is_allowed else ["law_price_share"])


def test_law_problems_name_the_source() -> None:
    assert list(law_problems(of(price_points=20))) == [
        SchemeProblem(
            path="criteria",
            code="law_price_share",
            message="Give the price 30 to 100 percent of all points.",
            source="87号令, Art. 55",
        )
    ]


def test_law_problems_count_weights_into_the_share() -> None:
    half = group("prices", "60", price("60"), weight=Decimal("0.5"))
    which = scheme("100", given("quality", "70"), half, law=GOODS, rule=LOW_PRICE_FIRST, ranking=(TOTAL, LowerPrice()))

    assert list(law_problems(which)) == []


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (PriceRule(benchmark=LOWEST, formula=TWO_TO_ONE), ["law_low_price_first"]),
        (PriceRule(formula=Ratio()), ["law_low_price_first"]),
        (PriceRule(benchmark=Benchmark(statistic=Statistic.MEAN), formula=Ratio()), ["law_low_price_first"]),
        (lowest(counted=Counted.OPENED), ["law_low_price_first"]),
        (lowest(reference_weight=Decimal("0.5")), ["law_low_price_first"]),
        (lowest(coefficients=(Decimal("0.95"),)), ["law_low_price_first"]),
        (lowest(rounding=TWO_PLACES), ["law_low_price_first"]),
        (lowest(filters=(TrimFilter(trim=ONE_EACH_FROM_3),)), ["law_prices_left_out"]),
        (lowest(counted=Counted.FIRST_REMAINING), []),
    ],
)
def test_law_problems_want_low_price_first(rule: PriceRule, codes: list[str]) -> None:
    assert [problem.code for problem in law_problems(of(rule=rule))] == codes


@pytest.mark.parametrize("ranking", [(TOTAL,), (LowerPrice(), TOTAL)])
def test_law_problems_want_equal_totals_parted_by_price(ranking: tuple[RankStep, ...]) -> None:
    assert [problem.code for problem in law_problems(of(ranking=ranking))] == ["law_ranking"]


def test_law_problems_leave_lowest_evaluated_price_alone() -> None:
    assert list(law_problems(scheme("0", law=GOODS, rule=PriceRule(), ranking=(LowerPrice(),)))) == []
    assert list(law_problems(scheme("10", given("quality"), law=GOODS))) == []
