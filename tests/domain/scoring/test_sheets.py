from decimal import Decimal

import pytest

from server.domain.errors import Rejection
from server.domain.ids import BidAlias, CriterionId
from server.domain.scoring import (
    PointsMalformed,
    PointsMissing,
    PointsOffUnit,
    PointsOutOfRange,
    PointsUnknown,
    TypedPoints,
    check_given,
    check_sheet,
)
from tests.domain.scoring.schemes import A, B, given, group, member, price, scheme

PLAN, TEAM, CREDIT = CriterionId("plan"), CriterionId("team"), CriterionId("credit")
X = BidAlias("X")
SCHEME = scheme(
    "65",
    group("technical", "15", member("plan", "15")),
    group("commercial", "10", member("team", "5", min_points=Decimal(-5)), given("credit", "5")),
    price("40"),
)
FULL: TypedPoints = {A: {PLAN: "13.5", TEAM: "-2"}, B: {PLAN: "0", TEAM: "5.0"}}


def test_check_sheet_gives_hundredths() -> None:
    assert check_sheet(SCHEME, [A, B], FULL) == {A: {PLAN: 1350, TEAM: -200}, B: {PLAN: 0, TEAM: 500}}


def test_check_given_covers_what_comes_with_the_bids() -> None:
    assert check_given(SCHEME, [A], {A: {CREDIT: "4.25"}}) == {A: {CREDIT: 425}}


def with_plan(text: str) -> TypedPoints:
    return {A: {PLAN: text, TEAM: "0"}}


@pytest.mark.parametrize(
    ("points", "rejection", "code", "facts"),
    [
        ({A: FULL[A], X: {}}, PointsUnknown, "points_unknown", {"bid": "X", "criterion": None}),
        ({A: {CREDIT: "1"}}, PointsUnknown, "points_unknown", {"bid": "A", "criterion": "credit"}),
        ({}, PointsMissing, "points_missing", {"bid": "A", "criterion": "plan"}),
        ({A: {PLAN: "1"}}, PointsMissing, "points_missing", {"bid": "A", "criterion": "team"}),
        (
            with_plan("15.5"),
            PointsOutOfRange,
            "points_out_of_range",
            {"bid": "A", "criterion": "plan", "points": "15.5", "min_points": "0", "max_points": "15"},
        ),
        (
            {A: {PLAN: "1", TEAM: "-5.5"}},
            PointsOutOfRange,
            "points_out_of_range",
            {"bid": "A", "criterion": "team", "points": "-5.5", "min_points": "-5", "max_points": "5"},
        ),
        (
            with_plan("13.25"),
            PointsOffUnit,
            "points_off_unit",
            {"bid": "A", "criterion": "plan", "points": "13.25", "unit": "0.5"},
        ),
    ],
)
def test_check_sheet_names_the_cell_that_is_wrong(
    points: TypedPoints, rejection: type[Rejection], code: str, facts: dict[str, str | None]
) -> None:
    with pytest.raises(rejection) as caught:
        check_sheet(SCHEME, [A], points)

    assert (caught.value.code, caught.value.facts) == (code, facts)


@pytest.mark.parametrize("text", ["13.505", "-0", "1e1", "１３", "", "thirteen", " 13", "+13", "013", "NaN"])
def test_check_sheet_refuses_what_is_no_plain_decimal(text: str) -> None:
    with pytest.raises(PointsMalformed) as caught:
        check_sheet(SCHEME, [A], with_plan(text))

    assert caught.value.facts == {"bid": "A", "criterion": "plan", "points": text}


def test_rejections_read_as_sentences() -> None:
    with pytest.raises(PointsOffUnit, match=r"^13\.25 for criterion plan of bid A is no multiple of 0\.5\.$"):
        check_sheet(SCHEME, [A], with_plan("13.25"))
