from decimal import Decimal

from server.domain.ids import Alias, CriterionId
from server.domain.scoring import Finding, consistency_findings
from server.domain.scoring.scheme import Review
from tests.domain.scoring.schemes import A, B, given, group, member, price, scheme, sheet, sheets_of

PLAN, YEARS, TOTAL = CriterionId("plan"), CriterionId("years"), CriterionId("total")


def test_consistency_findings_name_objective_items_that_differ() -> None:
    of = scheme("20", member("plan"), member("years", objective=True))
    sheets = {
        Alias("E1"): sheet(of, A={"plan": "8", "years": "5"}, B={"plan": "8", "years": "5"}),
        Alias("E2"): sheet(of, A={"plan": "9", "years": "5.5"}, B={"plan": "9", "years": "5"}),
    }

    findings = consistency_findings(of, sheets, [A, B])

    assert findings == (
        Finding(code="objective_differs", bid=A, node=YEARS, member=None, values={"E1": "5", "E2": "5.5"}),
    )


def test_consistency_findings_name_totals_far_from_the_mean() -> None:
    of = scheme("60", group("technical", "20", member("plan", weight=Decimal(2))), given("credit"), price())

    findings = consistency_findings(of, sheets_of(of, "plan", A=["7", "6.5", "2.5"], B=["10", "7", "4"]), [A, B])

    assert findings == (
        Finding(
            code="total_far_from_mean",
            bid=A,
            node=TOTAL,
            member=Alias("E1"),
            values={"points": "14", "mean": "10.6666666667"},
        ),
        Finding(
            code="total_far_from_mean",
            bid=A,
            node=TOTAL,
            member=Alias("E3"),
            values={"points": "5", "mean": "10.6666666667"},
        ),
        Finding(
            code="total_far_from_mean", bid=B, node=TOTAL, member=Alias("E1"), values={"points": "20", "mean": "14"}
        ),
        Finding(
            code="total_far_from_mean", bid=B, node=TOTAL, member=Alias("E3"), values={"points": "8", "mean": "14"}
        ),
    )


def test_consistency_findings_leave_totals_at_the_limit_alone() -> None:
    of = scheme("10", member("plan"))

    assert consistency_findings(of, sheets_of(of, "plan", A=["6.5", "3.5"], B=["0", "0"]), [A, B]) == ()


def test_consistency_findings_ask_for_reasons_of_low_points() -> None:
    of = scheme("10", member("plan"), review=Review(reason_below_percent=Decimal(60)))

    findings = consistency_findings(of, sheets_of(of, "plan", A=["5.5", "6"]), [A])

    assert findings == (
        Finding(code="reason_needed", bid=A, node=PLAN, member=Alias("E1"), values={"points": "5.5", "limit": "6"}),
    )


def test_consistency_findings_of_no_sheets_are_none() -> None:
    assert consistency_findings(scheme("10", given("credit")), {}, [A]) == ()
