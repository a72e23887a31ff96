"""The steps of a calculation as Chinese sentences, worded as the members saw them on their pages."""

from collections.abc import Iterable
from typing import Final

from server.domain.ids import CriterionId
from server.domain.scoring import Step
from server.domain.scoring.criteria import Group, nodes
from server.domain.scoring.trace import StepCode

SHOWN_PLACES: Final = 6
"Decimals that are printed; the record has all that were calculated with."

SENTENCES: Final[dict[StepCode, str]] = {
    "highest_dropped": "{node}：去掉一个最高值 {result}（{who}）。",
    "lowest_dropped": "{node}：去掉一个最低值 {result}（{who}）。",
    "widest_member_dropped": "{node}：{who} 的分值离散最大（{result}），其打分不计；各成员离散值：{list}。",
    "mean": "{node}：{list} 的平均值 = {result}。",
    "sum": "{node}：{list} 相加 = {result}。",
    "weighted": "{node}：{points} × 权重 {weight} = {result}。",
    "gate_passed": "{node}：得分 {points} 不低于入围线 {gate}，入围。",
    "gate_failed": "{node}：得分 {points} 低于入围线 {gate}，未入围。",
    "percent_cut": "价格扣除：{fact} 达到 {at_least}，报价 {price} 扣除 {percent}%，调整 {result}。",
    "per_unit": "价格调整：数值 {fact}，相差 {units} 个单位，每单位 {each}，调整 {result}。",
    "evaluated_price": "评标价：投标报价 {price} 经调整 = {result}。",
    "above_ceiling": "投标报价 {price} 高于最高投标限价 {ceiling}。",
    "percent_of_reference": "投标报价 {price} 是标底（控制价）{reference} 的 {result}%。",
    "highest_gap_accepted": "最高报价 {price} 比次高报价 {next} 高 {result}%，没有超过 {limit_percent}% 的界限。",
    "highest_gap_too_far": (
        "最高报价 {price} 比次高报价 {next} 高 {result}%，超过 {limit_percent}% 的界限，不计入基准价。"
    ),
    "lowest_gap_accepted": "最低报价 {price} 比次低报价 {next} 低 {result}%，没有超过 {limit_percent}% 的界限。",
    "lowest_gap_too_far": (
        "最低报价 {price} 比次低报价 {next} 低 {result}%，超过 {limit_percent}% 的界限，不计入基准价。"
    ),
    "outside_band": "价格 {price} 是中心值 {centre} 的 {result}%，在有效区间之外，不计入基准价。",
    "mean_price": "价格平均值：{list} 的平均值 = {result}。",
    "lowest_price": "最低价：{list} 中最低的是 {result}。",
    "reference_price": "以标底（控制价）{result} 作为基准。",
    "reference_part": "标底部分：{reference} × {weight} = {result}。",
    "bids_part": "报价部分：{value} × {weight} = {result}。",
    "benchmark_blended": "两部分相加：{reference} + {bids} = {result}。",
    "coefficient_applied": "乘以系数：{value} × {coefficient} = {result}。",
    "benchmark": "评标基准价 = {result}。",
    "ratio_points": "价格分：基准价 {benchmark} ÷ 价格 {price} × 满分 {full} = {result}。",
    "interpolated_points": (
        "价格分：价格 {price} 在最低 {lowest}（{best} 分）与最高 {highest}（{worst} 分）之间按直线计算 = {result}。"
    ),
    "deviation_percent": "偏差率：（价格 {price} − 基准价 {benchmark}）÷ 基准价 × 100% = {result}%。",
    "whole_steps_half_up": "偏差 {percent}% ÷ 每档 {step_percent}%，四舍五入取整 = {result} 档。",
    "whole_steps_half_even": "偏差 {percent}% ÷ 每档 {step_percent}%，四舍六入五成双取整 = {result} 档。",
    "whole_steps_down": "偏差 {percent}% ÷ 每档 {step_percent}%，不足一档不计 = {result} 档。",
    "whole_steps_up": "偏差 {percent}% ÷ 每档 {step_percent}%，不足一档按一档计 = {result} 档。",
    "loss": "扣分：{steps} × 每档 {per_step} 分 = {result} 分。",
    "loss_limited": "扣分 {loss} 分超过上限，按 {result} 分扣。",
    "deviation_points": "价格分：{at_benchmark} − {loss} = {result}。",
    "fixed_points": "未计入基准价，按评标办法得固定分 {result} 分。",
    "cut_to_range": "计算值 {points} 超出分值范围，按 {result} 计。",
    "price_points": "价格分 = {result}。",
    "compared_points": "按{node}得分比较（{list}），{result} 在前。",
    "compared_prices": "按投标报价比较（{list}），{result} 在前。",
    "compared_evaluated_prices": "按评标价比较（{list}），{result} 在前。",
    "compared_distances": "按与基准价的距离比较（{list}），{result} 在前。",
    "compared_lots": "按抽签次序区分（{list}）。",
    "rounded_half_up": "{value} 四舍五入保留 {places} 位小数 = {result}。",
    "rounded_half_even": "{value} 四舍六入五成双保留 {places} 位小数 = {result}。",
    "rounded_down": "{value} 保留 {places} 位小数，其余舍去 = {result}。",
    "rounded_up": "{value} 保留 {places} 位小数，其余进位 = {result}。",
}
"Format strings over the step's operands; the client's are the same."

_PRICE_DROPPED: Final[dict[StepCode, str]] = {
    "highest_dropped": "去掉一个最高价 {result}，不计入基准价。",
    "lowest_dropped": "去掉一个最低价 {result}，不计入基准价。",
}
"Where prices are trimmed, the step has no criterion and no member."


def trace_sentences(steps: Iterable[Step], root: Group) -> tuple[str, ...]:
    """One sentence a step, in order; those about one bid begin with its alias."""
    return tuple(_sentence(step, root) for step in steps)


def title_of(root: Group, name: str) -> str:
    """The title of a criterion or group; the name itself where it is another thing's."""
    return next((node.title for node in nodes(root) if node.id == CriterionId(name)), name)


def shortened(text: str) -> str:
    """A decimal text with no more places than people read; cut ones end in dots."""
    whole, point, places = text.partition(".")
    return text if len(places) <= SHOWN_PLACES else f"{whole}{point}{places[:SHOWN_PLACES]}…"


def _sentence(step: Step, root: Group) -> str:
    sentence = SENTENCES[step.code]
    if step.node is None:
        sentence = _PRICE_DROPPED.get(step.code, sentence)
    values = {
        **{name: shortened(value) for name, value in step.operands.items()},
        "node": "" if step.node is None else title_of(root, step.node),
        "who": step.who or "",
        "result": shortened(step.result),
        "list": "、".join(f"{title_of(root, name)} {shortened(value)}" for name, value in step.operands.items()),
    }
    return ("" if step.bid is None else f"{step.bid}｜") + sentence.format(**values)
