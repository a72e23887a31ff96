from decimal import Decimal
from fractions import Fraction

from server.domain.ids import CriterionId
from server.domain.scoring.adding_up import weighted, with_groups
from server.domain.scoring.exact import Rounding
from server.domain.scoring.trace import Step, Trace
from tests.domain.scoring.schemes import given, group, price

PLAN, CREDIT, TECHNICAL, TOTAL, PRICE = (
    CriterionId(name) for name in ("plan", "credit", "technical", "total", "price")
)
TREE = group("total", "60", group("technical", "40", given("plan", weight=Decimal(3)), given("credit")), price("20"))
KNOWN = {PLAN: Fraction(9), CREDIT: Fraction(5)}


def test_with_groups_stops_where_a_price_is_missing() -> None:
    assert with_groups(TREE, KNOWN, Trace()) == {**KNOWN, TECHNICAL: Fraction(32)}


def test_with_groups_completes_from_what_is_known_already() -> None:
    known = {**KNOWN, TECHNICAL: Fraction(30), PRICE: Fraction(15)}

    assert with_groups(TREE, known, Trace()) == {**known, TOTAL: Fraction(45)}


def test_weighted_multiplies_then_rounds() -> None:
    trace = Trace()
    node = price("100", weight=Decimal("0.4"), rounding=Rounding(places=1))

    result = weighted(node, Fraction("49.2"), trace)

    assert result == Fraction("19.7")
    assert trace.steps() == (
        Step(code="weighted", node=PRICE, operands={"points": "49.2", "weight": "0.4"}, result="19.68"),
        Step(code="rounded_half_up", node=PRICE, operands={"value": "19.68", "places": "1"}, result="19.7"),
    )
