"""The published cases and clauses of `tests/vectors/scoring`, run through the interface that a tender uses."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from server.domain.ids import Alias, BidAlias, CriterionId
from server.domain.scoring import (
    Draws,
    MembersResult,
    Offer,
    PricesResult,
    Ranking,
    Scheme,
    Step,
    TypedPoints,
    aggregate_members,
    check_given,
    check_sheet,
    rank,
    score_prices,
)

FOLDER = Path(__file__).parents[2] / "vectors" / "scoring"
Result = TypeVar("Result")


class Case(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One file: a scheme in the normal format, what came in, and what has to come out."""

    id: str
    status: str
    title: str
    sources: list[str]
    published: list[str] = []
    derived: list[str] = []
    note: str = ""
    scheme: Scheme
    bids: list[BidAlias]
    sheets: dict[Alias, TypedPoints] = {}
    given: TypedPoints = {}
    offers: dict[BidAlias, Offer] = {}
    draws: Draws = {}
    expected: dict[str, Any]


class Outcome(msgspec.Struct, kw_only=True, frozen=True):
    """All that a tender's evaluation gives."""

    members: MembersResult
    prices: PricesResult
    ranking: Ranking

    def trace(self) -> tuple[Step, ...]:
        return (*self.members.trace, *self.prices.trace, *self.ranking.trace)


def load(name: str) -> Case:
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=Case)


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def logged(result: Result) -> Result:
    """The result as it comes back from the log."""
    return msgspec.json.decode(msgspec.json.encode(result), type=type(result))


def run(case: Case) -> Outcome:
    """Sheets, gates, prices and ranks; each stage gets the results before it from the log."""
    sheets = {member: check_sheet(case.scheme, case.bids, points) for member, points in case.sheets.items()}
    given = check_given(case.scheme, case.bids, case.given)
    members = logged(aggregate_members(case.scheme, sheets, case.bids, given=given, draws=case.draws))
    prices = logged(score_prices(case.scheme, case.offers, members.remaining, draws=case.draws))
    return Outcome(members=members, prices=prices, ranking=logged(rank(case.scheme, members, prices, draws=case.draws)))


def seen(case: Case, outcome: Outcome) -> dict[str, Any]:
    """What the outcome says about each thing that the case expects something of."""
    ranks: dict[int, list[BidAlias]] = {}
    for ranked in outcome.ranking.order:
        ranks.setdefault(ranked.rank, []).append(ranked.bid)
    order = [ranks[place] for place in sorted(ranks)]
    everything = {
        "points": {
            bid: {node: outcome.ranking.points[bid][CriterionId(node)] for node in cells}
            for bid, cells in case.expected.get("points", {}).items()
        },
        "gated_out": {failure.bid: failure.points for failure in outcome.members.gated_out},
        "benchmark": outcome.prices.benchmark,
        "deviations": outcome.prices.deviations,
        "evaluated": outcome.prices.evaluated,
        "price_points": outcome.prices.points,
        "left_out": list(outcome.prices.left_out),
        "out": {out.bid: out.code for out in outcome.prices.out},
        "totals": {ranked.bid: ranked.total for ranked in outcome.ranking.order},
        "order": order,
        "winner": order[0][0] if len(order[0]) == 1 else None,
        "tie_steps": [msgspec.to_builtins(step)["by"] for step in outcome.ranking.tie_steps],
        "steps": [step for step in case.expected.get("steps", ()) if _is_in(step, outcome.trace())],
    }
    return {name: everything[name] for name in case.expected}


def _is_in(printed: dict[str, str], trace: tuple[Step, ...]) -> bool:
    """Whether the trace has this step, with its result at as many decimals as the source prints."""
    return any(
        step.code == printed["code"]
        and printed.get("bid", step.bid) == step.bid
        and printed.get("node", step.node) == step.node
        and _at_places_of(step.result, printed["result"]) == Decimal(printed["result"])
        for step in trace
    )


def _at_places_of(number: str, printed: str) -> Decimal:
    return Decimal(number).quantize(Decimal(printed), rounding=ROUND_HALF_UP)
