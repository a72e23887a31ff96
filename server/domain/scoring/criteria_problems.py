"""What can be wrong with the tree of criteria."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from server.domain.scoring.criteria import (
    Aggregation,
    Criterion,
    Group,
    MemberCriterion,
    Node,
    Per,
    PriceCriterion,
    full_points,
    price_criteria,
)
from server.domain.scoring.scheme import Scheme
from server.domain.scoring.scheme_problem import SchemeProblem
from server.domain.scoring.trimming_problems import trim_problems

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def criteria_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    """Problems of ids, points, units, weights, gates and aggregations."""
    placed = list(_placed(scheme.criteria, "criteria"))
    uses = Counter(node.id for _, node in placed)
    for path, node in placed:
        yield from _id_problems(path, node, uses[node.id])
        if node.weight <= 0:
            yield SchemeProblem(path=f"{path}.weight", code="weight_not_positive", message="Write a weight above 0.")
        if isinstance(node, Group):
            yield from _group_problems(path, node)
        else:
            yield from _criterion_problems(path, node)
    if scheme.criteria.weight != 1:
        message = "Leave the weight of the root at 1: its points are the total."
        yield SchemeProblem(path="criteria.weight", code="root_weighted", message=message)


def _placed(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every node with its path."""
    yield path, node
    if isinstance(node, Group):
        for place, child in enumerate(node.children):
            yield from _placed(child, f"{path}.children[{place}]")


def _id_problems(path: str, node: Node, uses: int) -> Iterator[SchemeProblem]:
    if not _ID.fullmatch(node.id):
        message = "Write an id of at most 64 Latin letters, digits, dots, hyphens and underscores."
        yield SchemeProblem(path=f"{path}.id", code="id_malformed", message=message)
    if uses > 1:
        message = f"{node.id} is used {uses} times: give every group and criterion an id of its own."
        yield SchemeProblem(path=f"{path}.id", code="id_duplicate", message=message)


def _group_problems(path: str, group: Group) -> Iterator[SchemeProblem]:
    total = sum((full_points(child) * child.weight for child in group.children), Decimal(0))
    if total != group.points:
        message = f"The children's full marks times their weights make {total}, not {group.points}: mend one of them."
        yield SchemeProblem(path=f"{path}.points", code="points_do_not_sum", message=message)
    if group.gate is not None:
        if not 0 < group.gate <= group.points:
            message = f"Write a gate above 0 and up to {group.points}."
            yield SchemeProblem(path=f"{path}.gate", code="gate_out_of_range", message=message)
        if price_criteria(group):
            message = "Put the gate on a group without the price: it is applied before prices are opened."
            yield SchemeProblem(path=f"{path}.gate", code="gate_over_price", message=message)
    if group.aggregation is not None:
        yield from _aggregation_problems(f"{path}.aggregation", group, group.aggregation)


def _aggregation_problems(path: str, group: Group, aggregation: Aggregation) -> Iterator[SchemeProblem]:
    yield from trim_problems(f"{path}.trim", aggregation.trim)
    if aggregation.per is Per.TOTAL and not all(isinstance(child, MemberCriterion) for child in group.children):
        message = "Make members' criteria the only children of this group, or trim each item."
        yield SchemeProblem(path=f"{path}.per", code="total_of_other_things", message=message)
    if aggregation.drop_widest_from is not None and aggregation.drop_widest_from < 2:
        message = "Write 2 or more: somebody's scores have to stay."
        yield SchemeProblem(path=f"{path}.drop_widest_from", code="trim_takes_all", message=message)


def _criterion_problems(path: str, criterion: Criterion) -> Iterator[SchemeProblem]:
    if criterion.max_points <= criterion.min_points:
        message = f"Write a maximum above the minimum of {criterion.min_points}."
        yield SchemeProblem(path=f"{path}.max_points", code="max_not_above_min", message=message)
    if isinstance(criterion, PriceCriterion):
        return
    if criterion.unit <= 0 or criterion.unit % Decimal("0.01") != 0:
        message = "Write a unit of whole hundredths above 0, such as 0.5."
        yield SchemeProblem(path=f"{path}.unit", code="unit_malformed", message=message)
    elif criterion.max_points % criterion.unit != 0 or criterion.min_points % criterion.unit != 0:
        message = f"Write a unit that divides {criterion.max_points} and {criterion.min_points} without rest."
        yield SchemeProblem(path=f"{path}.unit", code="unit_does_not_divide", message=message)
