"""A lot's scoring scheme in Chinese words: how members' points become one, how bids are ranked, what is pointed out."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from server.domain.scoring import Scheme
from server.domain.scoring.criteria import Aggregation, Group, MemberCriterion, Per, groups, member_criteria
from server.domain.scoring.exact import Rounding, RoundingMode
from server.domain.scoring.scheme import (
    CloserToBenchmark,
    HigherPoints,
    LowerEvaluatedPrice,
    LowerPrice,
    RankStep,
    ScoringLaw,
)
from server.domain.scoring.trimming import DropCount, DropShare, Equals, Trim
from server.reports.numbers import plain
from server.reports.trace_sentences import title_of

LAWS: Final[dict[ScoringLaw, str]] = {
    ScoringLaw.TENDERING: "招标投标法",
    ScoringLaw.PROCUREMENT_GOODS: "政府采购（货物）",
    ScoringLaw.PROCUREMENT_SERVICES: "政府采购（服务）",
    ScoringLaw.CONSULTATION_GOODS: "竞争性磋商（货物）",
    ScoringLaw.CONSULTATION_SERVICES: "竞争性磋商（服务）",
    ScoringLaw.ENTERPRISE: "企业采购",
}

_ROUNDINGS: Final[dict[RoundingMode, str]] = {
    RoundingMode.HALF_UP: "四舍五入",
    RoundingMode.HALF_EVEN: "四舍六入五成双",
    RoundingMode.DOWN: "其余舍去",
    RoundingMode.UP: "其余进位",
}


def rounding_words(rounding: Rounding) -> str:
    """How a number is rounded."""
    kept = f"保留 {rounding.places} 位小数" if rounding.places else "取整数"
    return f"{kept}（{_ROUNDINGS[rounding.mode]}）"


def aggregation_words(root: Group) -> Iterator[str]:
    """How members' points become one, for the whole and for every group with a rule of its own."""
    for group in groups(root):
        if (group is root or group.aggregation is not None) and _scores_by_its_own_rule(group):
            yield f"{group.title}的成员打分：{_aggregation(group.aggregation or Aggregation())}"


def gate_words(root: Group) -> Iterator[str]:
    """What a bid must reach before prices open."""
    for group in groups(root):
        if group.gate is not None:
            yield f"入围线：{group.title}得分低于 {plain(group.gate)} 分的投标不进入价格评审。"


def ranking_words(scheme: Scheme) -> str:
    """The order in which bids are told apart."""
    steps = [tie_step_words(step, scheme.criteria) for step in scheme.ranking]
    if len(steps) == 1:
        return f"排序：{steps[0]}；相同的并列。"
    return f"排序：{steps[0]}；相同的，依次按以下规则区分：{'、'.join(steps[1:])}；仍相同的并列。"


def tie_step_words(step: RankStep, root: Group) -> str:
    """One step of the ranking."""
    match step:
        case HigherPoints():
            return f"{title_of(root, step.node)}得分高者优先"
        case LowerPrice():
            return "投标报价低者优先"
        case LowerEvaluatedPrice():
            return "评标价低者优先"
        case CloserToBenchmark():
            return "评标价接近基准价者优先"
        case _:
            return "抽签"


def review_words(scheme: Scheme) -> Iterator[str]:
    """What the committee's attention is drawn to."""
    if member_criteria(scheme.criteria):
        far = plain(scheme.review.far_percent)
        yield f"成员对某投标的总打分偏离各成员平均值超过 {far}% 的，系统予以提示，不自动更改。"
    if scheme.review.reason_below_percent is not None:
        yield f"某项打分低于该项满分 {plain(scheme.review.reason_below_percent)}% 的，须说明理由。"


def trim_words(trim: Trim, what: str, counted: str) -> str:
    """How many are left out at each end; `what`: points or prices, `counted`: of whom the table counts."""
    if not trim.rows:
        return f"{counted}全部计入"
    rows = "；".join(f"{counted}达到 {row.at_least} 个时{_dropped(row, what)}" for row in trim.rows)
    kept = "；与保留值相同的不去掉" if trim.equals is Equals.KEEP else ""
    return f"{rows}{kept}"


def _scores_by_its_own_rule(group: Group) -> bool:
    """Whether a members' criterion lies in the group and in none below it that has a rule of its own."""
    return any(
        isinstance(child, MemberCriterion)
        or (isinstance(child, Group) and child.aggregation is None and _scores_by_its_own_rule(child))
        for child in group.children
    )


def _aggregation(aggregation: Aggregation) -> str:
    parts = []
    if aggregation.drop_widest_from is not None:
        parts.append(f"成员达到 {aggregation.drop_widest_from} 名时，先不计打分离散最大的一名成员的全部打分")
    unit = "逐项计算" if aggregation.per is Per.ITEM else "按各成员本组的合计分计算"
    parts.append(f"{unit}，{trim_words(aggregation.trim, '分', '打分')}")
    parts.append(f"取其余打分的算术平均值，{rounding_words(aggregation.rounding)}")
    return "；".join(parts) + "。"


def _dropped(row: DropCount | DropShare, what: str) -> str:
    if isinstance(row, DropCount):
        return _ends(f"{row.highest} 个", row.highest, f"{row.lowest} 个", row.lowest, what)
    mode = _ROUNDINGS[row.mode]
    highest, lowest = (f"{plain(share)}%（个数{mode}取整）" for share in (row.highest_percent, row.lowest_percent))
    return _ends(highest, row.highest_percent, lowest, row.lowest_percent, what)


def _ends(highest: str, is_high: Decimal | int, lowest: str, is_low: Decimal | int, what: str) -> str:
    ends = [f"最高{what} {highest}"] if is_high else []
    ends += [f"最低{what} {lowest}"] if is_low else []
    return "去掉" + "、".join(ends) if ends else "全部计入"
