from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from server.domain.ids import Alias, CriterionId
from server.domain.scoring import (
    DrawKind,
    DrawNeeded,
    GateFailed,
    SheetsMissing,
    Step,
    aggregate_members,
    check_given,
)
from server.domain.scoring.criteria import Aggregation, Per
from server.domain.scoring.exact import Rounding
from tests.domain.scoring.schemes import ONE_EACH_FROM_3, A, B, given, group, member, price, scheme, sheet, sheets_of

PLAN, TEAM, TECHNICAL = CriterionId("plan"), CriterionId("team"), CriterionId("technical")
TRIMMED: dict[str, Any] = {"aggregation": Aggregation(trim=ONE_EACH_FROM_3)}


def test_aggregate_members_drops_one_highest_and_one_lowest_of_an_item() -> None:
    of = scheme("10", member("plan"), root=TRIMMED)

    result = aggregate_members(of, sheets_of(of, "plan", A=["9", "7", "8", "8.5"]), [A])

    assert result.points == {A: {"plan": "8.25", "total": "8.25"}}
    assert result.remaining == (A,)
    assert result.trace == (
        Step(code="highest_dropped", bid=A, node=PLAN, who="E1", result="9"),
        Step(code="lowest_dropped", bid=A, node=PLAN, who="E2", result="7"),
        Step(code="mean", bid=A, node=PLAN, operands={"E3": "8", "E4": "8.5"}, result="8.25"),
        Step(code="sum", bid=A, node=CriterionId("total"), operands={"plan": "8.25"}, result="8.25"),
    )


def test_aggregate_members_without_aggregation_takes_the_plain_mean_at_two_places() -> None:
    of = scheme("10", member("plan"))

    result = aggregate_members(of, sheets_of(of, "plan", A=["9", "7", "7"]), [A])

    assert result.points == {A: {"plan": "7.67", "total": "7.67"}}


def test_aggregate_members_by_total_leaves_out_whole_members() -> None:
    by_total = Aggregation(per=Per.TOTAL, trim=ONE_EACH_FROM_3)
    of = scheme("30", group("technical", "30", member("plan"), member("team", weight=Decimal(2)), aggregation=by_total))
    sheets = {
        Alias("E1"): sheet(of, A={"plan": "10", "team": "1"}),  # 12
        Alias("E2"): sheet(of, A={"plan": "1", "team": "10"}),  # 21, the highest
        Alias("E3"): sheet(of, A={"plan": "5", "team": "5"}),  # 15
        Alias("E4"): sheet(of, A={"plan": "2", "team": "2"}),  # 6, the lowest
    }

    result = aggregate_members(of, sheets, [A])

    assert result.points == {A: {"technical": "13.5", "plan": "7.5", "team": "3", "total": "13.5"}}


def test_aggregate_members_inherits_and_overrides_the_aggregation() -> None:
    whole = Aggregation(rounding=Rounding(places=0))
    of = scheme(
        "20",
        group("technical", "10", member("plan")),
        group("commercial", "10", member("team"), aggregation=Aggregation()),
        root={"aggregation": whole},
    )
    sheets = {
        Alias("E1"): sheet(of, A={"plan": "8", "team": "8"}),
        Alias("E2"): sheet(of, A={"plan": "8.5", "team": "8.5"}),
    }

    result = aggregate_members(of, sheets, [A])

    assert result.points[A] == {"plan": "8", "technical": "8", "team": "8.25", "commercial": "8.25", "total": "16.25"}


def test_aggregate_members_gates_bids_before_prices() -> None:
    of = scheme("40", group("technical", "10", given("plan"), gate=Decimal(7)), price())
    points = check_given(of, [A, B], {A: {PLAN: "6.99"}, B: {PLAN: "7"}})

    result = aggregate_members(of, {}, [A, B], given=points)

    assert result.points == {A: {"plan": "6.99", "technical": "6.99"}, B: {"plan": "7", "technical": "7"}}
    assert result.gated_out == (GateFailed(bid=A, group=TECHNICAL, points="6.99", gate="7"),)
    assert result.remaining == (B,)
    assert [(step.code, step.bid) for step in result.trace[-2:]] == [("gate_failed", A), ("gate_passed", B)]


def test_aggregate_members_needs_sheets_for_members_criteria() -> None:
    with pytest.raises(SheetsMissing) as caught:
        aggregate_members(scheme("10", member("plan")), {}, [A])

    assert caught.value.facts == {"node": "total"}


WIDEST = scheme("10", member("plan"), root={"aggregation": Aggregation(drop_widest_from=3)})


def test_aggregate_members_leaves_out_the_widest_member_from_so_many_on() -> None:
    three = aggregate_members(WIDEST, sheets_of(WIDEST, "plan", A=["5", "6", "10"], B=["4", "6", "1"]), [A, B])
    two = aggregate_members(WIDEST, sheets_of(WIDEST, "plan", A=["5", "10"], B=["4", "1"]), [A, B])

    assert three.points == {A: {"plan": "5.5", "total": "5.5"}, B: {"plan": "5", "total": "5"}}
    assert three.trace[0] == Step(
        code="widest_member_dropped",
        node=CriterionId("total"),
        who="E3",
        operands={"E1": "1", "E2": "0", "E3": "9"},
        result="9",
    )
    assert two.points == {A: {"plan": "7.5", "total": "7.5"}, B: {"plan": "2.5", "total": "2.5"}}


def test_aggregate_members_draws_among_equally_wide_members() -> None:
    sheets = sheets_of(WIDEST, "plan", A=["9", "1", "5"], B=["1", "9", "5"])

    with pytest.raises(DrawNeeded) as caught:
        aggregate_members(WIDEST, sheets, [A, B])
    result = aggregate_members(WIDEST, sheets, [A, B], draws={DrawKind.WIDEST_MEMBER: ("E2", "E1")})

    assert (caught.value.kind, caught.value.among) == (DrawKind.WIDEST_MEMBER, ("E1", "E2"))
    assert result.points == {A: {"plan": "7", "total": "7"}, B: {"plan": "3", "total": "3"}}


def test_aggregate_members_of_one_bid_sees_no_width() -> None:
    result = aggregate_members(WIDEST, sheets_of(WIDEST, "plan", A=["5", "6", "10"]), [A])

    assert result.points == {A: {"plan": "7", "total": "7"}}


@forall(st.permutations(["9", "7", "8", "8.5", "7", "9"]))
def test_aggregate_members_does_not_look_at_who_gave_what(points: list[str]) -> None:
    of = scheme("10", member("plan"), root=TRIMMED)

    assert aggregate_members(of, sheets_of(of, "plan", A=points), [A]).points == {A: {"plan": "8.13", "total": "8.13"}}
