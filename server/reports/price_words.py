"""A price rule in Chinese words: limits, adjustments, benchmark, formula."""

from collections.abc import Iterator
from typing import Final

from server.domain.scoring.exact import RoundingMode
from server.domain.scoring.price_rule import (
    Adjustment,
    Amount,
    BandFilter,
    Benchmark,
    Centre,
    Counted,
    Deviation,
    Excluded,
    Filter,
    FixedPoints,
    Formula,
    Interpolated,
    LeftOut,
    NeighbourFilter,
    PercentCut,
    PercentRange,
    PriceRule,
    Ratio,
    Slope,
    Statistic,
)
from server.reports.numbers import plain
from server.reports.scheme_words import rounding_words, trim_words

_COUNTED: Final[dict[Counted, str]] = {
    Counted.REMAINING: "仍在评审中的投标",
    Counted.FIRST_REMAINING: "首次计算时仍在评审中的投标（基准价一经确定不再调整）",
    Counted.OPENED: "全部已开标的投标",
}
_WHOLE_STEPS: Final[dict[RoundingMode, str]] = {
    RoundingMode.HALF_UP: "档数四舍五入取整",
    RoundingMode.HALF_EVEN: "档数四舍六入五成双取整",
    RoundingMode.DOWN: "不足一档不计",
    RoundingMode.UP: "不足一档按一档计",
}


def price_words(rule: PriceRule) -> Iterator[str]:
    """The rule, sentence by sentence, in the order in which it is applied."""
    if rule.reference is not None:
        yield f"标底（控制价）：{plain(rule.reference)}。"
    if rule.ceiling is not None:
        yield f"最高投标限价：{plain(rule.ceiling)}，高于限价的投标不再参与评审。"
    if rule.valid is not None:
        yield f"有效报价范围：标底（控制价）的{_range(rule.valid)}，范围以外的投标不再参与评审。"
    for adjustment in rule.adjustments:
        yield f"评标价调整：{_adjustment(adjustment)}。"
    if rule.benchmark is not None:
        yield from _benchmark(rule.benchmark)
    if rule.formula is not None:
        yield f"价格分：{_formula(rule.formula)}；得分限于价格分的分值范围内，{rounding_words(rule.rounding)}。"


def _adjustment(adjustment: Adjustment) -> str:
    match adjustment:
        case Amount():
            return f"加上“{adjustment.fact}”的金额"
        case PercentCut():
            limit, percent = plain(adjustment.at_least), plain(adjustment.percent)
            return f"“{adjustment.fact}”达到 {limit} 的，扣除投标报价的 {percent}%"
        case _:
            required, below, above = map(plain, (adjustment.required, adjustment.below_gain, adjustment.above_loss))
            return f"“{adjustment.fact}”以 {required} 为准，每少一个单位减 {below}，每多一个单位加 {above}"


def _benchmark(benchmark: Benchmark) -> Iterator[str]:
    yield f"评标基准价以{_COUNTED[benchmark.counted]}的评标价计算。"
    for each in benchmark.filters:
        yield f"不计入基准价：{_filter(each)}；{_then(each.then)}。"
    of_bids = "最低评标价" if benchmark.statistic is Statistic.LOWEST else "评标价的算术平均值"
    weight, coefficient = benchmark.reference_weight, _coefficient(benchmark)
    if weight == 0:
        made_of = of_bids
    elif weight == 1:
        made_of = "标底（控制价）"
    else:
        made_of = f"标底（控制价）× {plain(weight)} + {of_bids} × {plain(1 - weight)}"
        made_of = f"（{made_of}）" if coefficient else made_of
    rounding = "" if benchmark.rounding is None else f"，{rounding_words(benchmark.rounding)}"
    yield f"评标基准价 = {made_of}{coefficient}{rounding}。"


def _coefficient(benchmark: Benchmark) -> str:
    options = [plain(option) for option in benchmark.coefficients]
    if options == ["1"]:
        return ""
    return f" × {options[0]}" if len(options) == 1 else f" × 系数（在 {'、'.join(options)} 中抽取）"


def _filter(each: Filter) -> str:
    match each:
        case NeighbourFilter():
            limit = f"{'达到或超过' if each.inclusive else '超过'} {plain(each.percent)}%"
            return f"评标价不少于 {each.at_least} 个时，最高（最低）价与相邻价格相差{limit}的"
        case BandFilter():
            centre = "评标价平均值" if each.of is Centre.MEAN else "标底（控制价）"
            return f"在{centre}的{_range(each.range)}以外的"
        case _:
            return trim_words(each.trim, "价", "评标价")


def _then(then: LeftOut) -> str:
    match then:
        case FixedPoints():
            return f"该投标的价格分为 {plain(then.points)} 分"
        case Excluded():
            return "该投标不再参与评审"
        case _:
            return "该投标仍按公式计算价格分"


def _formula(formula: Formula) -> str:
    match formula:
        case Ratio():
            return "评标基准价 ÷ 评标价 × 满分"
        case Interpolated():
            best, worst = plain(formula.best_points), plain(formula.worst_points)
            return f"最低评标价得 {best} 分，最高评标价得 {worst} 分，其间按直线计算"
        case _:
            return _deviation(formula)


def _deviation(formula: Deviation) -> str:
    step = plain(formula.step_percent)
    parts = [f"评标价等于评标基准价的得 {plain(formula.at_benchmark)} 分"]
    parts.append(f"每高于基准价 {step}% {_slope(formula.above)}")
    parts.append(f"每低于基准价 {step}% {_slope(formula.below)}")
    if formula.deviation_rounding is not None:
        parts.append(f"偏差率{rounding_words(formula.deviation_rounding)}")
    parts.append("不足一档的按比例计算" if formula.whole_steps is None else _WHOLE_STEPS[formula.whole_steps])
    return "；".join(parts)


def _slope(slope: Slope) -> str:
    points = plain(abs(slope.per_step))
    change = "不扣分" if slope.per_step == 0 else f"{'加' if slope.per_step < 0 else '扣'} {points} 分"
    return change if slope.max_loss is None else f"{change}，最多扣 {plain(slope.max_loss)} 分"


def _range(limits: PercentRange) -> str:
    low = None if limits.min_percent is None else plain(limits.min_percent)
    high = None if limits.max_percent is None else plain(limits.max_percent)
    if low is None:
        return f" {high}% 以下（含）"
    return f" {low}% 以上（含）" if high is None else f" {low}% 至 {high}%（含两端）"
