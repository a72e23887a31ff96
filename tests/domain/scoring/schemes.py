"""Short ways to write a scheme; a test names only what it is about."""

from decimal import Decimal
from typing import Any

from server.domain.ids import Alias, BidAlias, CriterionId
from server.domain.scoring import Offer, Scheme, ScoringLaw, Sheet, Sheets, check_sheet
from server.domain.scoring.criteria import GivenCriterion, Group, MemberCriterion, Node, PriceCriterion
from server.domain.scoring.price_rule import Benchmark, Deviation, PriceRule, Slope, Statistic
from server.domain.scoring.scheme import HigherPoints, LowerPrice, RankStep
from server.domain.scoring.trimming import DropCount, Trim

A, B, C, D = (BidAlias(name) for name in "ABCD")
TOTAL = HigherPoints(node=CriterionId("total"))
ONE_EACH_FROM_3 = Trim(rows=(DropCount(at_least=3, highest=1, lowest=1),))
MEAN = Benchmark(statistic=Statistic.MEAN)
LOWEST = Benchmark(statistic=Statistic.LOWEST)
TWO_TO_ONE = Deviation(at_benchmark=Decimal(30), above=Slope(per_step=Decimal(2)), below=Slope(per_step=Decimal(1)))


def dec(text: str) -> Decimal:
    return Decimal(text)


def member(name: str, most: str = "10", unit: str = "0.5", **more: Any) -> MemberCriterion:
    return MemberCriterion(id=CriterionId(name), title=name, max_points=dec(most), unit=dec(unit), **more)


def given(name: str, most: str = "10", **more: Any) -> GivenCriterion:
    return GivenCriterion(id=CriterionId(name), title=name, max_points=dec(most), **more)


def price(most: str = "30", **more: Any) -> PriceCriterion:
    return PriceCriterion(id=CriterionId("price"), title="price", max_points=dec(most), **more)


def group(name: str, points: str, *children: Node, **more: Any) -> Group:
    return Group(id=CriterionId(name), title=name, points=dec(points), children=children, **more)


def scheme(
    points: str,
    *children: Node,
    rule: PriceRule | None = None,
    ranking: tuple[RankStep, ...] = (TOTAL,),
    law: ScoringLaw = ScoringLaw.TENDERING,
    root: dict[str, Any] | None = None,
    **more: Any,
) -> Scheme:
    top = group("total", points, *children, **(root or {}))
    return Scheme(law=law, criteria=top, price=rule, ranking=ranking, **more)


def priced(rule: PriceRule, ranking: tuple[RankStep, ...] = (TOTAL, LowerPrice())) -> Scheme:
    """A scheme of 30 price points alone."""
    return scheme("30", price(), rule=rule, ranking=ranking)


def sheet(of: Scheme, **points: dict[str, str]) -> Sheet:
    """A checked sheet: `sheet(scheme, A={"plan": "9.5"})`."""
    cells = {BidAlias(bid): {CriterionId(name): text for name, text in row.items()} for bid, row in points.items()}
    return check_sheet(of, list(cells), cells)


def sheets_of(of: Scheme, criterion: str, **points: list[str]) -> Sheets:
    """Sheets of E1, E2, ... that score one criterion: `sheets_of(scheme, "plan", A=["9", "8"])`."""
    count = len(next(iter(points.values())))
    return {
        Alias(f"E{place + 1}"): sheet(of, **{bid: {criterion: texts[place]} for bid, texts in points.items()})
        for place in range(count)
    }


def offers(**prices: str) -> dict[BidAlias, Offer]:
    return {BidAlias(bid): Offer(price=text) for bid, text in prices.items()}
