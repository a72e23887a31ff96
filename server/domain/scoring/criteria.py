"""The tree of criteria: groups, and the items that members, facts or prices give points for."""

import enum
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from server.domain.ids import CriterionId
from server.domain.scoring.exact import TWO_PLACES, Rounding
from server.domain.scoring.trimming import Count, Trim


class Per(enum.Enum):
    """What the highest and lowest are taken of."""

    ITEM = "item"
    "The members' points for one criterion of one bid."
    TOTAL = "total"
    "Each member's sum over the group for one bid; the group then holds members' criteria only."


class Aggregation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How the members' points become one: the arithmetic mean of those that are not left out."""

    per: Per = Per.ITEM
    trim: Trim = Trim()
    drop_widest_from: Count | None = None
    """With so many members or more, all scores of the one whose totals of the bids lie widest apart are left out
    first; equal ones by the distance from the highest to the second lowest total, then by a draw."""
    rounding: Rounding = TWO_PLACES


class MemberCriterion(Struct, tag="members", tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An item that every member scores (评分项)."""

    id: CriterionId
    title: str
    max_points: Decimal
    min_points: Decimal = Decimal(0)
    unit: Decimal
    "Points are multiples of it, such as 0.5."
    objective: bool = False
    "An objective item (客观分): members' points have to be the same. Source: 87号令, Art. 64 (3)."
    weight: Decimal = Decimal(1)
    "The points are multiplied by it on their way up."
    rounding: Rounding | None = None
    "Rounds the weighted points."


class GivenCriterion(Struct, tag="given", tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An item whose points are handed in with the bid, such as a credit score."""

    id: CriterionId
    title: str
    max_points: Decimal
    min_points: Decimal = Decimal(0)
    unit: Decimal = Decimal("0.01")
    weight: Decimal = Decimal(1)
    rounding: Rounding | None = None


class PriceCriterion(Struct, tag="price", tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The item that the scheme's price formula scores; a result outside its range is cut to the range."""

    id: CriterionId
    title: str
    max_points: Decimal
    min_points: Decimal = Decimal(0)
    weight: Decimal = Decimal(1)
    rounding: Rounding | None = None


class Group(Struct, tag="group", tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Criteria whose weighted points are added up."""

    id: CriterionId
    title: str
    points: Decimal
    "Full marks; equals the sum of the children's full marks times their weights."
    children: tuple["Node", ...]
    gate: Decimal | None = None
    "A bid with fewer points here is out before any price is opened."
    aggregation: Aggregation | None = None
    "Holds for the group and all below it that has none of its own."
    weight: Decimal = Decimal(1)
    rounding: Rounding | None = None


Criterion = MemberCriterion | GivenCriterion | PriceCriterion
Node = Group | Criterion


def nodes(top: Node) -> Iterator[Node]:
    """The node and all below it, parents first."""
    yield top
    if isinstance(top, Group):
        for child in top.children:
            yield from nodes(child)


def groups(top: Node) -> list[Group]:
    """All groups at and below a node."""
    return [node for node in nodes(top) if isinstance(node, Group)]


def member_criteria(top: Node) -> list[MemberCriterion]:
    """What one sheet asks for below a node."""
    return [node for node in nodes(top) if isinstance(node, MemberCriterion)]


def given_criteria(top: Node) -> list[GivenCriterion]:
    """What has to be handed in with the bids below a node."""
    return [node for node in nodes(top) if isinstance(node, GivenCriterion)]


def price_criteria(top: Node) -> list[PriceCriterion]:
    """The price items below a node: one or none in a scheme without problems."""
    return [node for node in nodes(top) if isinstance(node, PriceCriterion)]


def full_points(node: Node) -> Decimal:
    """Full marks of a node, before its own weight."""
    return node.points if isinstance(node, Group) else node.max_points
