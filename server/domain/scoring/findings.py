"""What a committee is shown before it confirms its result; flags only, nothing is corrected.

Source: 87号令, Art. 64 (objective items, abnormal scores); the distance that counts as abnormal is custom, not law.
"""

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from server.domain.ids import Alias, BidAlias, CriterionId
from server.domain.scoring.criteria import Group, MemberCriterion, Node, member_criteria
from server.domain.scoring.exact import shown
from server.domain.scoring.members import Sheets
from server.domain.scoring.scheme import Scheme
from server.domain.scoring.sheets import Sheet, as_points
from server.domain.scoring.trace import mean


class Finding(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One thing to look at again."""

    code: Literal["objective_differs", "total_far_from_mean", "reason_needed"]
    bid: BidAlias
    node: CriterionId
    member: Alias | None
    "None where it is about all members."
    values: dict[str, str]
    "Decimal texts: points by member, or `points` beside the `mean` or the `limit` they were held against."


def consistency_findings(scheme: Scheme, sheets: Sheets, bids: Collection[BidAlias]) -> tuple[Finding, ...]:
    """Differing objective items, totals far from the members' mean, low points that need a reason; bid by bid."""
    if not sheets:
        return ()
    found: list[Finding] = []
    for bid in bids:
        for criterion in member_criteria(scheme.criteria):
            found.extend(_objective(criterion, sheets, bid))
            found.extend(_low(scheme, criterion, sheets, bid))
        found.extend(_far(scheme, sheets, bid))
    return tuple(found)


def _objective(criterion: MemberCriterion, sheets: Sheets, bid: BidAlias) -> Iterator[Finding]:
    points = {str(member): shown(as_points(sheet[bid][criterion.id])) for member, sheet in sheets.items()}
    if criterion.objective and len(set(points.values())) > 1:
        yield Finding(code="objective_differs", bid=bid, node=criterion.id, member=None, values=points)


def _low(scheme: Scheme, criterion: MemberCriterion, sheets: Sheets, bid: BidAlias) -> Iterator[Finding]:
    if scheme.review.reason_below_percent is None:
        return
    limit = Fraction(criterion.max_points) * Fraction(scheme.review.reason_below_percent) / 100
    for member, sheet in sheets.items():
        points = as_points(sheet[bid][criterion.id])
        if points < limit:
            values = {"points": shown(points), "limit": shown(limit)}
            yield Finding(code="reason_needed", bid=bid, node=criterion.id, member=member, values=values)


def _far(scheme: Scheme, sheets: Sheets, bid: BidAlias) -> Iterator[Finding]:
    totals = {member: _total(scheme.criteria, sheet, bid) for member, sheet in sheets.items()}
    average = mean(totals.values())
    for member, total in totals.items():
        if abs(total - average) > abs(average) * Fraction(scheme.review.far_percent) / 100:
            values = {"points": shown(total), "mean": shown(average)}
            yield Finding(code="total_far_from_mean", bid=bid, node=scheme.criteria.id, member=member, values=values)


def _total(node: Node, sheet: Sheet, bid: BidAlias) -> Fraction:
    """A member's own weighted points at and below a node, nothing rounded."""
    if isinstance(node, Group):
        points = sum((_total(child, sheet, bid) for child in node.children), Fraction(0))
    elif isinstance(node, MemberCriterion):
        points = as_points(sheet[bid][node.id])
    else:
        return Fraction(0)
    return points * Fraction(node.weight)
