"""The report's item about how bids are judged: checks, criteria, and the rules in words."""

from collections.abc import Iterator

from server.domain.scoring.criteria import (
    GivenCriterion,
    Group,
    MemberCriterion,
    Node,
    PriceCriterion,
    full_points,
)
from server.reports.document import Block, Column, Paragraph, Table
from server.reports.numbers import NONE, plain
from server.reports.price_words import price_words
from server.reports.scheme_words import (
    LAWS,
    aggregation_words,
    gate_words,
    ranking_words,
    review_words,
    rounding_words,
)
from server.reports.subject import Subject

INDENT = "　"
"Before the title of a criterion, once for each group that it lies in."


def criteria_blocks(subject: Subject) -> tuple[Block, ...]:
    """评标标准、评标方法或者评标因素一览表."""
    return tuple(_criteria_blocks(subject))


def _criteria_blocks(subject: Subject) -> Iterator[Block]:
    scheme = subject.plan.scheme
    checks = tuple((str(place), check.title, check.basis) for place, check in enumerate(subject.plan.checks, start=1))
    if checks:
        head = (Column(title="序号", align="center"), Column(title="评审项", share=1), Column(title="依据", share=1))
        yield Table(title="初步评审标准", columns=head, rows=checks)
    columns = (
        Column(title="评标因素", share=3),
        Column(title="评分方式", share=2),
        Column(title="满分", align="right"),
        Column(title="最低分", align="right"),
        Column(title="打分单位", align="right"),
        Column(title="权重", align="right"),
    )
    rows = tuple(_rows(scheme.criteria, 0))
    strong = tuple(place for place, (node, _) in enumerate(rows) if isinstance(node, Group))
    yield Table(title="评分标准", columns=columns, rows=tuple(row for _, row in rows), strong=strong)
    rules = [f"评分规则适用：{LAWS[scheme.law]}。", *aggregation_words(scheme.criteria), *gate_words(scheme.criteria)]
    rules += [] if scheme.price is None else price_words(scheme.price)
    rules += [ranking_words(scheme), *review_words(scheme)]
    for place, text in enumerate(rules, start=1):
        yield Paragraph(text=f"（{place}）{text}")


def _rows(node: Node, depth: int) -> Iterator[tuple[Node, tuple[str, ...]]]:
    least, unit = _limits(node)
    words = _how(node) + ("" if node.rounding is None else f"，{rounding_words(node.rounding)}")
    row = (INDENT * depth + node.title, words, plain(full_points(node)), least, unit, plain(node.weight))
    yield node, row
    if isinstance(node, Group):
        for child in node.children:
            yield from _rows(child, depth + 1)


def _how(node: Node) -> str:
    match node:
        case MemberCriterion():
            return "成员打分（客观分）" if node.objective else "成员打分"
        case GivenCriterion():
            return "随投标文件给定"
        case PriceCriterion():
            return "按价格公式计算"
        case _:
            return "各项相加"


def _limits(node: Node) -> tuple[str, str]:
    """The least points and the unit."""
    match node:
        case MemberCriterion() | GivenCriterion():
            return plain(node.min_points), plain(node.unit)
        case PriceCriterion():
            return plain(node.min_points), NONE
        case _:
            return NONE, NONE
