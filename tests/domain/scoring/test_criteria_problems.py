from decimal import Decimal

import pytest

from server.domain.scoring.criteria import Aggregation, Node, Per
from server.domain.scoring.criteria_problems import criteria_problems
from server.domain.scoring.trimming import DropCount, Trim
from tests.domain.scoring.schemes import given, group, member, price, scheme

Found = list[tuple[str, str]]


def found(points: str, *children: Node) -> Found:
    return [(problem.path, problem.code) for problem in criteria_problems(scheme(points, *children))]


def test_criteria_problems_of_a_sound_tree_are_none() -> None:
    tree = group("technical", "20", member("plan"), given("credit"), gate=Decimal(12), weight=Decimal("0.5"))

    assert found("40", tree, price()) == []


def test_criteria_problems_name_sums_with_what_to_write() -> None:
    problems = list(criteria_problems(scheme("100", member("plan", weight=Decimal("0.5")))))

    assert [(problem.path, problem.code) for problem in problems] == [("criteria.points", "points_do_not_sum")]
    assert problems[0].message == "The children's full marks times their weights make 5.0, not 100: mend one of them."


@pytest.mark.parametrize("name", ["", "方案", "a b", "-a", "a" * 65])
def test_criteria_problems_name_bad_ids(name: str) -> None:
    assert found("10", member(name)) == [("criteria.children[0].id", "id_malformed")]


def test_criteria_problems_name_ids_used_twice() -> None:
    expected = [("criteria.children[0].id", "id_duplicate"), ("criteria.children[1].id", "id_duplicate")]

    assert found("20", member("plan"), member("plan")) == expected


def test_criteria_problems_name_bad_weights() -> None:
    assert found("0", member("plan", weight=Decimal(0))) == [("criteria.children[0].weight", "weight_not_positive")]


def test_criteria_problems_keep_the_root_unweighted() -> None:
    problems = criteria_problems(scheme("10", member("plan"), root={"weight": Decimal(2)}))

    assert [(problem.path, problem.code) for problem in problems] == [("criteria.weight", "root_weighted")]


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (group("technical", "10", member("plan"), gate=Decimal(0)), "gate_out_of_range"),
        (group("technical", "10", member("plan"), gate=Decimal(11)), "gate_out_of_range"),
        (group("technical", "10", price("10"), gate=Decimal(5)), "gate_over_price"),
    ],
)
def test_criteria_problems_name_bad_gates(tree: Node, code: str) -> None:
    assert found("10", tree) == [("criteria.children[0].gate", code)]


@pytest.mark.parametrize(
    ("aggregation", "path", "code"),
    [
        (Aggregation(per=Per.TOTAL), "per", "total_of_other_things"),
        (Aggregation(drop_widest_from=1), "drop_widest_from", "trim_takes_all"),
        (Aggregation(trim=Trim(rows=(DropCount(at_least=1, highest=1),))), "trim.rows[0]", "trim_takes_all"),
    ],
)
def test_criteria_problems_name_bad_aggregations(aggregation: Aggregation, path: str, code: str) -> None:
    tree = group("technical", "20", member("plan"), given("credit"), aggregation=aggregation)

    assert found("20", tree) == [(f"criteria.children[0].aggregation.{path}", code)]


def test_criteria_problems_allow_totals_of_members_criteria() -> None:
    assert found("10", group("technical", "10", member("plan"), aggregation=Aggregation(per=Per.TOTAL))) == []


@pytest.mark.parametrize(
    ("criterion", "path", "code"),
    [
        (member("plan", min_points=Decimal(10)), "max_points", "max_not_above_min"),
        (price("10", min_points=Decimal(10)), "max_points", "max_not_above_min"),
        (member("plan", unit="0"), "unit", "unit_malformed"),
        (member("plan", unit="0.005"), "unit", "unit_malformed"),
        (member("plan", unit="3"), "unit", "unit_does_not_divide"),
        (member("plan", min_points=Decimal("0.25")), "unit", "unit_does_not_divide"),
    ],
)
def test_criteria_problems_name_bad_points_and_units(criterion: Node, path: str, code: str) -> None:
    assert found("10", criterion) == [(f"criteria.children[0].{path}", code)]
