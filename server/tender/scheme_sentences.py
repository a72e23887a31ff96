"""The sentences about a lot's scoring scheme; the English advice comes from `check_scheme` itself."""

from typing import Final

from server.tender.sentences import Sentence


def _problem(en: str, zh: str, zh_hint: str) -> Sentence:
    return Sentence(en=en, en_hint="{advice}", zh=zh, zh_hint=zh_hint)


_PROBLEMS: Final = {
    "number_malformed": _problem(
        "A number of the scheme is too long or too fine.",
        "数字位数过多。",
        "请写最多 15 位数字、其中最多 6 位小数。",
    ),
    "id_malformed": _problem(
        "The id has a form that cannot be used.",
        "编号不规范。",
        "请写不超过 64 个字母、数字、点、连字符或下划线，以字母或数字开头。",
    ),
    "id_duplicate": _problem(
        "The id is used more than once.",
        "评分项或分组的编号重复。",
        "请为每个分组和评分项使用不同的编号。",
    ),
    "weight_not_positive": _problem("The weight is not above 0.", "权重不大于 0。", "请写大于 0 的权重。"),
    "root_weighted": _problem("The root has a weight.", "总分组不能有权重。", "请删除总分组的 weight。"),
    "points_do_not_sum": _problem(
        "The points of the group are not the sum of what it holds.",
        "分组满分与各子项满分乘以权重之和不符。",
        "请修改分组的 points 或子项的满分、权重。",
    ),
    "gate_out_of_range": _problem(
        "The gate is not within the points of its group.",
        "入围分数线不在本组分值范围内。",
        "请写大于 0 且不超过本组满分的 gate。",
    ),
    "gate_over_price": _problem(
        "The gate stands on a group with the price.",
        "入围分数线所在的分组含有价格分。",
        "请把 gate 放在不含价格分的分组上：它在价格公开之前适用。",
    ),
    "total_of_other_things": _problem(
        "Members' totals are trimmed in a group that holds other things too.",
        "按总分去最高最低的分组内含有非委员打分的内容。",
        "本组的直接子项须全部为委员打分项，或改为逐项去最高最低。",
    ),
    "trim_out_of_order": _problem(
        "The rows of the table are not in order.",
        "去最高最低的各行未按数量排序。",
        "请按 at_least 由小到大排列。",
    ),
    "trim_takes_all": _problem(
        "The rule may leave nothing.",
        "该规则可能一个都不留。",
        "请减少去掉的数量，或提高适用的最低数量。",
    ),
    "percent_out_of_range": _problem(
        "The percentage cannot be used here.",
        "百分比超出允许范围。",
        "请写大于 0 的百分比；价格扣除和说明理由的比例不超过 100，两端去掉的比例合计不超过 80。",
    ),
    "max_not_above_min": _problem(
        "The maximum is not above the minimum.",
        "满分不大于最低分。",
        "请写大于 min_points 的 max_points。",
    ),
    "unit_malformed": _problem(
        "The unit is no whole number of hundredths above 0.",
        "打分单位须为 0.01 的整数倍且大于 0。",
        "请写例如 0.5 的 unit。",
    ),
    "unit_does_not_divide": _problem(
        "The maximum or minimum is no multiple of the unit.",
        "满分或最低分不是打分单位的整数倍。",
        "请写能整除满分和最低分的 unit。",
    ),
    "price_criterion_repeated": _problem(
        "There are several price criteria.",
        "价格评分项多于一个。",
        "请只保留一个价格评分项。",
    ),
    "price_formula_missing": _problem(
        "There is a price criterion and no formula for it.",
        "有价格评分项，但没有价格分公式。",
        "请补上 price.formula，或删除价格评分项。",
    ),
    "price_criterion_missing": _problem(
        "Prices earn points, and the tree has no price criterion.",
        "规定了价格得分，但评分项中没有价格评分项。",
        "请增加 kind: price 的评分项，或删除价格分公式和固定得分。",
    ),
    "price_not_positive": _problem("The price is not above 0.", "价格不大于 0。", "请写大于 0 的价格。"),
    "reference_missing": _problem(
        "The scheme looks at a reference price that is not there.",
        "评标办法用到了参考价（标底或控制价），但没有填写。",
        "请填写 price.reference。",
    ),
    "benchmark_missing": _problem(
        "The formula has no benchmark.",
        "价格分公式缺少评标基准价。",
        "请补上 price.benchmark。",
    ),
    "range_empty": _problem(
        "The range has no ends, or the wrong way round.",
        "范围没有上下限，或上下限颠倒。",
        "请写 min_percent、max_percent 或两者，小的在前，例如 97 和 103。",
    ),
    "weight_out_of_range": _problem(
        "The weight of the reference price is not from 0 to 1.",
        "参考价权重不在 0 到 1 之间。",
        "请写 0 到 1 之间的 reference_weight。",
    ),
    "coefficient_not_positive": _problem(
        "There is no coefficient, or one that is not above 0.",
        "没有系数，或系数不大于 0。",
        "请写一个大于 0 的系数，或写出供抽取的几个系数。",
    ),
    "points_out_of_range": _problem(
        "The points lie outside the price criterion's range.",
        "分值超出价格评分项的范围。",
        "请写在价格评分项最低分与满分之间的分值。",
    ),
    "best_not_above_worst": _problem(
        "The lowest price would not earn more than the highest.",
        "最低价得分不高于最高价得分。",
        "best_points 须大于 worst_points。",
    ),
    "max_loss_negative": _problem(
        "The largest loss is below 0.",
        "最多扣分为负数。",
        "请写 0 或以上的 max_loss，或删除此行。",
    ),
    "ranking_empty": _problem("Nothing ranks the bids.", "没有规定排序规则。", "请至少写一条，例如按总分排序。"),
    "ranking_node_unknown": _problem(
        "The ranking names no group or criterion of the tree.",
        "排序规则引用了不存在的分组或评分项。",
        "请写评分项中已有的编号。",
    ),
    "ranking_without_price": _problem(
        "The ranking looks at prices, and there is no price rule.",
        "排序规则用到价格，但没有价格规则。",
        "请补上 price，或按分数排序。",
    ),
    "ranking_without_benchmark": _problem(
        "The ranking looks at a benchmark that is not there.",
        "排序规则用到评标基准价，但没有规定基准价。",
        "请补上 price.benchmark，或改用其他排序规则。",
    ),
    "ranking_after_draw": _problem(
        "A step comes after the draw.",
        "抽签之后还有排序规则。",
        "请把抽签放在最后：抽签之后不再有并列。",
    ),
    "law_price_share": _problem(
        "The law wants another share of the points for the price.",
        "价格分占总分的比例不符合规定。",
        "货物 30% 以上、服务 10% 以上；竞争性磋商货物 30% 至 60%、服务 10% 至 30%。",
    ),
    "law_prices_left_out": _problem(
        "The law forbids leaving prices out of the benchmark.",
        "政府采购不得去掉最高或最低报价。",
        "请删除 price.benchmark.filters。",
    ),
    "law_low_price_first": _problem(
        "The law wants 低价优先法, the lowest price first.",
        "政府采购的价格分须采用低价优先法。",
        "请使用 ratio 公式，并以有效投标的最低价为基准价。",
    ),
    "law_ranking": _problem(
        "The law wants another ranking.",
        "排序规则不符合规定。",
        "请先按总分、再按报价由低到高排序。",
    ),
}

SCHEME_SENTENCES: Final[dict[str, Sentence]] = {f"scheme_{code}": sentence for code, sentence in _PROBLEMS.items()}
