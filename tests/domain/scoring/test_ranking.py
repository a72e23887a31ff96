from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from server.domain.ids import BidAlias, CriterionId
from server.domain.scoring import (
    DrawKind,
    DrawNeeded,
    PricesResult,
    RankedBid,
    Ranking,
    Scheme,
    Step,
    aggregate_members,
    check_given,
    rank,
)
from server.domain.scoring.price_rule import PriceRule, Ratio
from server.domain.scoring.scheme import (
    CloserToBenchmark,
    DrawnLot,
    HigherPoints,
    LowerEvaluatedPrice,
    LowerPrice,
    RankStep,
)
from tests.domain.scoring.schemes import LOWEST, TOTAL, A, B, C, D, given, group, price, scheme

PLAN, TEAM, TECHNICAL, ROOT = (CriterionId(name) for name in ("plan", "team", "technical", "total"))


def of(*steps: RankStep) -> Scheme:
    return scheme("20", group("technical", "10", given("plan")), given("team"), ranking=(TOTAL, *steps))


def ranking(which: Scheme, draws: Any = None, **points: tuple[int, int]) -> Ranking:
    """The ranking by points of plan and team; the first price is 1, the next one 2, ..."""
    bids = [BidAlias(name) for name in points]
    cells = {BidAlias(name): {PLAN: str(plan), TEAM: str(team)} for name, (plan, team) in points.items()}
    members = aggregate_members(which, {}, bids, given=check_given(which, bids, cells))
    prices = {bid: str(place) for place, bid in enumerate(bids, start=1)}
    distances = {bid: str(10 - place) for place, bid in enumerate(bids, start=1)}
    result = PricesResult(prices=prices, evaluated=distances, distances=distances, remaining=tuple(bids))
    return rank(which, members, result, draws=draws)


def order(result: Ranking) -> list[tuple[str, int]]:
    return [(place.bid, place.rank) for place in result.order]


def test_rank_puts_more_points_first() -> None:
    result = ranking(of(), A=(5, 5), B=(9, 2))

    assert result == Ranking(
        order=(RankedBid(bid=B, rank=1, total="11"), RankedBid(bid=A, rank=2, total="10")),
        points={
            A: {PLAN: "5", TEAM: "5", TECHNICAL: "5", ROOT: "10"},
            B: {PLAN: "9", TEAM: "2", TECHNICAL: "9", ROOT: "11"},
        },
        tie_steps=(),
        trace=(Step(code="compared_points", node=CriterionId("total"), operands={"A": "10", "B": "11"}, result="11"),),
    )


def test_rank_shares_a_rank_between_those_equal_to_the_end() -> None:
    assert order(ranking(of(), B=(5, 5), A=(5, 5), C=(9, 9), D=(1, 1))) == [("C", 1), ("A", 2), ("B", 2), ("D", 4)]


@pytest.mark.parametrize(
    ("step", "first"),
    [
        (LowerPrice(), "A"),
        (LowerEvaluatedPrice(), "B"),
        (CloserToBenchmark(), "B"),
        (HigherPoints(node=CriterionId("technical")), "B"),
    ],
)
def test_rank_parts_equals_by_the_next_step(step: RankStep, first: str) -> None:
    result = ranking(of(step), A=(4, 6), B=(6, 4), C=(1, 1))

    assert order(result)[0] == (first, 1)
    assert result.tie_steps == (step,)


def test_rank_takes_no_step_that_is_not_needed() -> None:
    result = ranking(of(HigherPoints(node=PLAN), LowerPrice()), A=(4, 6), B=(6, 4))

    assert result.tie_steps == (HigherPoints(node=PLAN),)
    assert [step.code for step in result.trace] == ["compared_points", "compared_points"]


def test_rank_asks_for_a_draw_among_all_who_are_equal() -> None:
    points = {"A": (5, 5), "B": (5, 5), "C": (9, 9), "D": (1, 1), "E": (1, 1)}

    with pytest.raises(DrawNeeded) as caught:
        ranking(of(DrawnLot()), **points)
    result = ranking(of(DrawnLot()), {DrawKind.TIE: ("E", "B", "D", "A")}, **points)

    assert (caught.value.kind, caught.value.among) == (DrawKind.TIE, ("A", "B", "D", "E"))
    assert order(result) == [("C", 1), ("B", 2), ("A", 3), ("E", 4), ("D", 5)]
    assert result.trace[-1] == Step(code="compared_lots", operands={"D": "3", "E": "1"}, result="1")


def test_rank_of_nobody_is_empty() -> None:
    assert ranking(of()) == Ranking(order=(), points={}, tie_steps=(), trace=())


def test_rank_joins_groups_and_prices() -> None:
    which = scheme(
        "50",
        group("technical", "10", given("plan")),
        group("commercial", "10", given("team")),
        price(),
        rule=PriceRule(benchmark=LOWEST, formula=Ratio()),
    )
    points = check_given(which, [A], {A: {PLAN: "9", TEAM: "8"}})
    members = aggregate_members(which, {}, [A], given=points)
    prices = PricesResult(criterion=CriterionId("price"), points={A: "25.5"}, prices={A: "1"}, remaining=(A,))

    result = rank(which, members, prices)

    assert result.order == (RankedBid(bid=A, rank=1, total="42.5"),)
    assert result.trace == (
        Step(
            code="sum",
            bid=A,
            node=CriterionId("total"),
            operands={"technical": "9", "commercial": "8", "price": "25.5"},
            result="42.5",
        ),
    )


@forall(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=4),
    st.permutations([A, B, C, D]),
)
def test_rank_does_not_look_at_the_order_of_bids(points: list[tuple[int, int]], shuffled: list[BidAlias]) -> None:
    by_bid = dict(zip("ABCD", points, strict=True))
    steps = (HigherPoints(node=PLAN), DrawnLot())
    draws = {DrawKind.TIE: ("C", "A", "D", "B")}

    result = ranking(of(*steps), draws, **by_bid)
    again = ranking(of(*steps), draws, **{bid: by_bid[bid] for bid in shuffled})

    assert again.order == result.order
    assert sorted(place.rank for place in result.order) == [1, 2, 3, 4]
