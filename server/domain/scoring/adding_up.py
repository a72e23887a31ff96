"""Adding up: from the points of criteria to the points of groups, weights and their roundings on the way."""

from collections.abc import Mapping
from fractions import Fraction

from server.domain.ids import CriterionId
from server.domain.scoring.criteria import Group, Node
from server.domain.scoring.trace import Trace

Points = dict[CriterionId, Fraction]
"Points by node, before the node's own weight."


def with_groups(top: Node, known: Mapping[CriterionId, Fraction], trace: Trace) -> Points:
    """The known points and those of every group that can be added up from them.

    A group that is known already stays as it is; one that holds an unknown criterion stays unknown.
    """
    points = dict(known)
    _add_up(top, points, trace)
    return points


def _add_up(node: Node, points: Points, trace: Trace) -> Fraction | None:
    """Completes `points` at and below a node; gives its weighted points, None while they are unknown."""
    if isinstance(node, Group) and node.id not in points:
        parts = {child.id: _add_up(child, points, trace) for child in node.children}
        known = {name: part for name, part in parts.items() if part is not None}
        if len(known) == len(parts):
            points[node.id] = trace.about(node=node.id).step("sum", sum(known.values(), Fraction(0)), known)
    if node.id not in points:
        return None
    return weighted(node, points[node.id], trace)


def weighted(node: Node, points: Fraction, trace: Trace) -> Fraction:
    """What a node's points add to its parent."""
    here = trace.about(node=node.id)
    if node.weight != 1:
        weight = Fraction(node.weight)
        points = here.step("weighted", points * weight, {"points": points, "weight": weight})
    return here.round(points, node.rounding)
