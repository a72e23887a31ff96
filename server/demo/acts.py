"""What scripted participants do: the acts of a tender file, and the default where it says nothing."""

from collections.abc import Mapping

from server.domain.commands import Verdict
from server.domain.ids import Alias, BidAlias, CheckId, CriterionId
from server.domain.plan import LotPlan
from server.domain.scoring import Scheme
from server.domain.scoring.criteria import member_criteria
from server.tender.tender_file import Acts


def verdicts_of(acts: Acts, member: Alias, plan: LotPlan) -> dict[BidAlias, dict[CheckId, Verdict]]:
    """A member's findings: passed, but for the failures that the acts name."""
    failures = {(each.bid, each.check): each.reason for each in acts.failures if each.member == member}
    return {bid: {check.id: _verdict(failures.get((bid, check.id))) for check in plan.checks} for bid in plan.bids}


def _verdict(failure: str | None) -> Verdict:
    return Verdict(passed=failure is None, reason=failure or "")


def points_of(
    acts: Acts, member: Alias, scheme: Scheme, bids: tuple[BidAlias, ...]
) -> dict[BidAlias, dict[CriterionId, str]]:
    """A member's points: those of the acts, else the maximum of each criterion."""
    typed: Mapping[BidAlias, Mapping[CriterionId, str]] = acts.points.get(member, {})
    criteria = member_criteria(scheme.criteria)
    return {bid: {c.id: typed.get(bid, {}).get(c.id, str(c.max_points)) for c in criteria} for bid in bids}
