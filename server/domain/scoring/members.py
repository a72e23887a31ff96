"""From the members' sheets to one number for each criterion and group, and who fails a gate."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from msgspec import Struct

from server.domain.ids import Alias, BidAlias, Centipoints, CriterionId
from server.domain.scoring.adding_up import Points, with_groups
from server.domain.scoring.criteria import (
    Aggregation,
    Group,
    MemberCriterion,
    Per,
    given_criteria,
    groups,
)
from server.domain.scoring.draws import Draws, drawn_first
from server.domain.scoring.errors import DrawKind, SheetsMissing
from server.domain.scoring.exact import shown
from server.domain.scoring.scheme import Scheme
from server.domain.scoring.sheets import Sheet, as_points
from server.domain.scoring.trace import Step, StepCode, Trace, mean
from server.domain.scoring.trimming import trimmed

Sheets = Mapping[Alias, Sheet]
"Sheets by member: those whose scores count now."


class GateFailed(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A bid that is out because a group's points are too few."""

    bid: BidAlias
    group: CriterionId
    points: str
    gate: str


class MembersResult(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The points of everything but prices; decimal texts, exact."""

    points: dict[BidAlias, dict[CriterionId, str]]
    "By bid and node (criterion or group), before the node's own weight."
    gated_out: tuple[GateFailed, ...]
    remaining: tuple[BidAlias, ...]
    "The bids that go on."
    trace: tuple[Step, ...]


class _Scope(NamedTuple):
    """The criteria that one aggregation holds for, each with its weight in the members' totals."""

    group: Group
    aggregation: Aggregation
    factors: dict[CriterionId, Fraction]


def aggregate_members(
    scheme: Scheme,
    sheets: Sheets,
    bids: Collection[BidAlias],
    *,
    given: Sheet | None = None,
    draws: Draws | None = None,
) -> MembersResult:
    """The members' points made one, groups added up as far as no price is needed, gates applied.

    Args:
        scheme: without problems.
        sheets: checked sheets by member; how many they are decides about trimming.
        bids: the bids to score.
        given: checked points that come with the bids.
        draws: recorded draws.

    Raises:
        SheetsMissing: members' criteria, and nobody scored them.
        DrawNeeded: several members are the widest; draw one.
    """
    top = scheme.criteria
    trace = Trace()
    known: dict[BidAlias, Points] = {bid: _given_points(top, (given or {}).get(bid, {})) for bid in bids}
    for scope in _scopes(top, top.aggregation or Aggregation()):
        counting = _counting(scope, sheets, bids, draws or {}, trace)
        for bid in bids:
            known[bid].update(_scope_points(scope, counting, bid, trace.about(bid=bid)))
    points = {bid: with_groups(top, known[bid], trace.about(bid=bid)) for bid in bids}
    failed = tuple(failure for bid in bids for failure in _failed_gates(top, points[bid], bid, trace))
    out = {failure.bid for failure in failed}
    return MembersResult(
        points={bid: {node: shown(value) for node, value in cells.items()} for bid, cells in points.items()},
        gated_out=failed,
        remaining=tuple(bid for bid in bids if bid not in out),
        trace=trace.steps(),
    )


def _given_points(top: Group, given: Mapping[CriterionId, Centipoints]) -> Points:
    return {criterion.id: as_points(given[criterion.id]) for criterion in given_criteria(top)}


def _scopes(group: Group, aggregation: Aggregation) -> list[_Scope]:
    """This group's scope and those of all groups below that have an aggregation of their own."""
    own: dict[CriterionId, Fraction] = {}
    inner: list[_Scope] = []
    _gather(group, Fraction(1), own, inner)
    return [_Scope(group, aggregation, own), *inner] if own else inner


def _gather(group: Group, factor: Fraction, own: dict[CriterionId, Fraction], inner: list[_Scope]) -> None:
    for child in group.children:
        weight = factor * Fraction(child.weight)
        match child:
            case MemberCriterion():
                own[child.id] = weight
            case Group(aggregation=Aggregation() as aggregation):
                inner.extend(_scopes(child, aggregation))
            case Group():
                _gather(child, weight, own, inner)
            case _:  # given with the bid, or by the price formula
                pass


def _counting(scope: _Scope, sheets: Sheets, bids: Collection[BidAlias], draws: Draws, trace: Trace) -> Sheets:
    """The sheets without that of the member whose totals lie widest apart, where the scheme wants it."""
    if not sheets:
        raise SheetsMissing(node=scope.group.id)
    limit = scope.aggregation.drop_widest_from
    if limit is None or len(sheets) < limit or len(bids) < 2:
        return sheets
    totals = {member: sorted(_total(scope, sheet, bid) for bid in bids) for member, sheet in sheets.items()}
    spreads = {member: values[-1] - values[0] for member, values in totals.items()}
    second = {member: values[-1] - values[1] for member, values in totals.items()}
    widest = max((spreads[member], second[member]) for member in sheets)
    equal = sorted(member for member in sheets if (spreads[member], second[member]) == widest)
    gone = equal[0] if len(equal) == 1 else drawn_first(DrawKind.WIDEST_MEMBER, equal, draws)
    trace.about(node=scope.group.id).step("widest_member_dropped", widest[0], spreads, who=gone)
    return {member: sheet for member, sheet in sheets.items() if member != gone}


def _total(scope: _Scope, sheet: Sheet, bid: BidAlias) -> Fraction:
    cells = sheet[bid]
    return sum((as_points(cells[name]) * factor for name, factor in scope.factors.items()), Fraction(0))


def _scope_points(scope: _Scope, sheets: Sheets, bid: BidAlias, trace: Trace) -> Points:
    """One bid's points in a scope: each criterion's, or with trimming by total the group's and each criterion's."""
    aggregation = scope.aggregation
    if aggregation.per is Per.ITEM:
        return {name: _one_of(_cells(sheets, bid, name), aggregation, trace.about(node=name)) for name in scope.factors}
    totals = {member: _total(scope, sheet, bid) for member, sheet in sheets.items()}
    points: Points = {scope.group.id: _one_of(totals, aggregation, trace.about(node=scope.group.id))}
    kept = trimmed(totals, aggregation.trim).kept
    for name in scope.factors:
        cells = _cells(sheets, bid, name)
        points[name] = _mean({member: cells[member] for member in kept}, aggregation, trace.about(node=name))
    return points


def _cells(sheets: Sheets, bid: BidAlias, criterion: CriterionId) -> dict[Alias, Fraction]:
    return {member: as_points(sheet[bid][criterion]) for member, sheet in sheets.items()}


def _one_of(values: Mapping[Alias, Fraction], aggregation: Aggregation, trace: Trace) -> Fraction:
    """The rounded mean of the values that trimming keeps."""
    kept, lowest, highest = trimmed(values, aggregation.trim)
    for member in highest:
        trace.step("highest_dropped", values[member], who=member)
    for member in lowest:
        trace.step("lowest_dropped", values[member], who=member)
    return _mean({member: values[member] for member in values if member in kept}, aggregation, trace)


def _mean(values: Mapping[Alias, Fraction], aggregation: Aggregation, trace: Trace) -> Fraction:
    return trace.round(trace.step("mean", mean(values.values()), values), aggregation.rounding)


def _failed_gates(top: Group, points: Points, bid: BidAlias, trace: Trace) -> list[GateFailed]:
    failed = []
    for group in groups(top):
        if group.gate is None:
            continue
        reached, gate = points[group.id], Fraction(group.gate)
        has_failed = reached < gate
        code: StepCode = "gate_failed" if has_failed else "gate_passed"
        trace.about(bid=bid, node=group.id).step(code, reached, {"points": reached, "gate": gate})
        if has_failed:
            failed.append(GateFailed(bid=bid, group=group.id, points=shown(reached), gate=shown(gate)))
    return failed
