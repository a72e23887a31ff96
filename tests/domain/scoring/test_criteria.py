from decimal import Decimal

import msgspec
import pytest

from server.domain.scoring import Scheme
from server.domain.scoring.criteria import (
    full_points,
    given_criteria,
    groups,
    member_criteria,
    nodes,
    price_criteria,
)
from tests.domain.scoring.schemes import given, group, member, price

TREE = group("total", "60", group("technical", "20", member("plan"), given("credit")), price("40"))


def test_nodes_come_parents_first() -> None:
    assert [node.id for node in nodes(TREE)] == ["total", "technical", "plan", "credit", "price"]


def test_criteria_are_found_by_who_gives_the_points() -> None:
    assert [node.id for node in groups(TREE)] == ["total", "technical"]
    assert [node.id for node in member_criteria(TREE)] == ["plan"]
    assert [node.id for node in given_criteria(TREE)] == ["credit"]
    assert [node.id for node in price_criteria(TREE)] == ["price"]


def test_full_points_of_group_and_criterion() -> None:
    assert [full_points(node) for node in nodes(TREE)] == [60, 20, 10, 10, Decimal(40)]


def test_unknown_field_of_a_criterion_is_refused() -> None:
    document = (
        b'{"law":"tendering","ranking":[],"criteria":{"id":"total","title":"","points":"1","children":['
        b'{"kind":"members","id":"a","title":"","max_points":"1","unit":"1","wieght":"2"}]}}'
    )

    with pytest.raises(msgspec.ValidationError, match="unknown field `wieght`"):
        msgspec.json.decode(document, type=Scheme)
