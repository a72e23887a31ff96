"""The report's comparison of bids: every member's points, prices, and what they add up to, with the calculation."""

from collections.abc import Iterator
from typing import Final

from server.domain.ids import Alias, BidAlias, CriterionId
from server.domain.scoring.criteria import Group, MemberCriterion, Node, full_points, member_criteria, nodes
from server.domain.scoring.errors import DrawKind
from server.domain.scoring.trace import StepCode
from server.reports.document import Block, Column, Paragraph, Section, Sentences, Table
from server.reports.numbers import NONE, aligned, plain, rounded
from server.reports.report_criteria import INDENT
from server.reports.subject import Subject, in_order
from server.reports.trace_sentences import shortened, trace_sentences
from server.reports.wide_tables import WideRow, wide_tables

DEVIATION_PLACES: Final = 2
"Decimals of a percentage in the table; the calculation has all of them."

_LEFT_OUT: Final[dict[StepCode, str]] = {
    "highest_dropped": "最高分",
    "lowest_dropped": "最低分",
    "widest_member_dropped": "离散最大成员的打分",
}

_DRAWS: Final[dict[DrawKind, str]] = {
    DrawKind.COEFFICIENT: "系数抽取结果",
    DrawKind.WIDEST_MEMBER: "成员抽取结果",
    DrawKind.TIE: "排序抽签结果",
}

Marks = dict[tuple[BidAlias | None, CriterionId, str], str]
"Why points were left out, by bid (none: of every bid), criterion and member."


def score_blocks(subject: Subject) -> tuple[Block, ...]:
    """经评审的价格或者评分比较一览表."""
    if not subject.admitted:
        return (Paragraph(text="没有进入详细评审的投标。"),)
    return (*_member_points(subject), *_prices(subject), *_summary(subject))


def _member_points(subject: Subject) -> Iterator[Block]:
    marks = _marks(subject)
    for criterion in member_criteria(subject.plan.scheme.criteria):
        yield from _points_of(subject, criterion, marks)
    if marks:
        kinds = "、".join(dict.fromkeys(marks.values()))
        yield Paragraph(text=f"注：括号内的打分为按评标办法去掉的{kinds}，不计入平均分。")


def _points_of(subject: Subject, criterion: MemberCriterion, marks: Marks) -> Iterator[Table]:
    """One criterion: the members' points and what they became."""
    unit = f"打分单位 {plain(criterion.unit)} 分"
    title = f"成员打分：{criterion.title}（满分 {plain(criterion.max_points)} 分，{unit}）"
    given = [[subject.lot.points[m][bid][criterion.id] for m in subject.members] for bid in subject.admitted]
    flat = iter(aligned([points for row in given for points in row]))
    results = aligned([shortened(_result(subject, bid, criterion.id)) for bid in subject.admitted])
    rows = [
        WideRow(
            heads=(subject.bid(bid),),
            cells=(*(_marked(next(flat), marks, bid, criterion.id, m) for m in subject.members), result),
        )
        for bid, result in zip(subject.admitted, results, strict=True)
    ]
    yield from wide_tables(title, (Column(title="投标文件", share=1),), [*subject.members, "得分"], rows)


def _marked(points: str, marks: Marks, bid: BidAlias, criterion: CriterionId, member: Alias) -> str:
    is_left_out = (bid, criterion, member) in marks or (None, criterion, member) in marks
    return f"({points})" if is_left_out else points


def _marks(subject: Subject) -> Marks:
    marks: Marks = {}
    for step in subject.lot.members.result.trace if subject.lot.members else ():
        if step.code in _LEFT_OUT and step.node is not None and step.who is not None:
            top = next(node for node in nodes(subject.plan.scheme.criteria) if node.id == step.node)
            for criterion in nodes(top):
                marks[step.bid, criterion.id, step.who] = _LEFT_OUT[step.code]
    return marks


def _result(subject: Subject, bid: BidAlias, node: CriterionId) -> str:
    """A bid's points for a node, as far as they are known."""
    for result in (
        subject.lot.ranked and subject.lot.ranked.ranking,
        subject.lot.members and subject.lot.members.result,
    ):
        if result and node in result.points.get(bid, {}):
            return result.points[bid][node]
    return NONE


def _prices(subject: Subject) -> Iterator[Block]:
    if subject.lot.prices is None:
        return
    result = subject.lot.prices.result
    bids = in_order(result.prices)
    adjusted = subject.plan.scheme.price is not None and bool(subject.plan.scheme.price.adjustments)
    percents = [rounded(result.deviations[bid], DEVIATION_PLACES) if bid in result.deviations else NONE for bid in bids]
    columns = [("投标报价", aligned([result.prices[bid] for bid in bids]))]
    columns += [("评标价", aligned([shortened(result.evaluated[bid]) for bid in bids]))] if adjusted else []
    columns += [("偏差率（%）", aligned(percents))] if result.deviations else []
    columns += [("价格分", aligned([result.points.get(bid, NONE) for bid in bids]))] if result.criterion else []
    if bids:
        head = (Column(title="投标文件", share=2), Column(title="投标人", share=4))
        yield Table(
            title="投标报价与价格分",
            columns=(*head, *(Column(title=title, align="right") for title, _ in columns)),
            rows=tuple(
                (subject.bid(bid), subject.bidder(bid), *(values[place] for _, values in columns))
                for place, bid in enumerate(bids)
            ),
        )
    if result.benchmark is not None:
        yield Paragraph(text=f"评标基准价：{shortened(result.benchmark)}。")
    if result.left_out:
        yield Paragraph(text=f"报价未计入评标基准价的投标：{'、'.join(result.left_out)}。")
    for draw, order in subject.lot.draws.items():
        yield Paragraph(text=f"{_DRAWS[draw]}（按抽出先后）：{'、'.join(order)}。")


def _summary(subject: Subject) -> Iterator[Block]:
    """Points of all criteria and groups, the children above their sum."""
    rows = [
        WideRow(
            heads=(INDENT * depth + node.title, plain(full_points(node))),
            cells=aligned([shortened(_result(subject, bid, node.id)) for bid in subject.admitted]),
            strong=isinstance(node, Group),
        )
        for node, depth in _sums_last(subject.plan.scheme.criteria, 0)
    ]
    heads = (Column(title="评标因素", share=1), Column(title="满分", align="right"))
    yield from wide_tables("评分汇总", heads, list(subject.admitted), rows)


def _sums_last(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    if isinstance(node, Group):
        for child in node.children:
            yield from _sums_last(child, depth + 1)
    yield node, depth


def calculation_appendix(subject: Subject) -> Section:
    """Every step of the calculation."""
    lot, root = subject.lot, subject.plan.scheme.criteria
    parts = (
        ("成员打分的汇总", lot.members.result.trace if lot.members else ()),
        ("价格评审", lot.prices.result.trace if lot.prices else ()),
        ("总分与排序", lot.ranked.ranking.trace if lot.ranked else ()),
    )
    blocks = tuple(Sentences(title=title, sentences=trace_sentences(steps, root)) for title, steps in parts if steps)
    return Section(title="计算过程", blocks=blocks)
