from decimal import Decimal

import pytest

from server.domain.scoring.exact import Rounding, RoundingMode
from server.domain.scoring.price_rule import (
    Amount,
    BandFilter,
    Benchmark,
    Centre,
    Counted,
    Deviation,
    Excluded,
    FixedPoints,
    Formula,
    Interpolated,
    NeighbourFilter,
    PercentCut,
    PercentRange,
    PerUnit,
    PriceRule,
    Ratio,
    Slope,
    Statistic,
    TrimFilter,
)
from server.domain.scoring.trimming import DropCount, Trim
from server.reports.price_words import price_words

KEPT = "得分限于价格分的分值范围内，保留 2 位小数（四舍五入）"


def test_limits_and_adjustments() -> None:
    rule = PriceRule(
        reference=Decimal("13790.00"),
        ceiling=Decimal(15000),
        valid=PercentRange(min_percent=Decimal(85)),
        adjustments=(
            PerUnit(fact="工期（月）", required=Decimal(10), above_loss=Decimal("2.50")),
            Amount(fact="漏项"),
            PercentCut(fact="小微企业份额", at_least=Decimal(30), percent=Decimal(4)),
        ),
    )

    assert list(price_words(rule)) == [
        "标底（控制价）：13790。",
        "最高投标限价：15000，高于限价的投标不再参与评审。",
        "有效报价范围：标底（控制价）的 85% 以上（含），范围以外的投标不再参与评审。",
        "评标价调整：“工期（月）”以 10 为准，每少一个单位减 0，每多一个单位加 2.5。",
        "评标价调整：加上“漏项”的金额。",
        "评标价调整：“小微企业份额”达到 30 的，扣除投标报价的 4%。",
    ]


def test_a_benchmark_with_everything() -> None:
    benchmark = Benchmark(
        statistic=Statistic.MEAN,
        counted=Counted.OPENED,
        filters=(
            TrimFilter(trim=Trim(rows=(DropCount(at_least=5, highest=1, lowest=1),))),
            NeighbourFilter(percent=Decimal(15), inclusive=True, then=FixedPoints(points=Decimal(15))),
            BandFilter(of=Centre.MEAN, range=PercentRange(max_percent=Decimal(105)), then=Excluded()),
            BandFilter(
                of=Centre.REFERENCE,
                range=PercentRange(min_percent=Decimal(90), max_percent=Decimal(110)),
                then=Excluded(),
            ),
        ),
        reference_weight=Decimal("0.4"),
        coefficients=(Decimal("0.97"), Decimal("0.98")),
        rounding=Rounding(places=0),
    )

    assert list(price_words(PriceRule(benchmark=benchmark))) == [
        "评标基准价以全部已开标的投标的评标价计算。",
        "不计入基准价：评标价达到 5 个时去掉最高价 1 个、最低价 1 个；该投标仍按公式计算价格分。",
        "不计入基准价：评标价不少于 3 个时，最高（最低）价与相邻价格相差达到或超过 15%的；该投标的价格分为 15 分。",
        "不计入基准价：在评标价平均值的 105% 以下（含）以外的；该投标不再参与评审。",
        "不计入基准价：在标底（控制价）的 90% 至 110%（含两端）以外的；该投标不再参与评审。",
        "评标基准价 = （标底（控制价）× 0.4 + 评标价的算术平均值 × 0.6） × 系数（在 0.97、0.98 中抽取），"
        "取整数（四舍五入）。",
    ]


@pytest.mark.parametrize(
    ("benchmark", "words"),
    [
        (Benchmark(statistic=Statistic.LOWEST), "评标基准价 = 最低评标价。"),
        (
            Benchmark(statistic=Statistic.MEAN, reference_weight=Decimal(1), coefficients=(Decimal("0.95"),)),
            "评标基准价 = 标底（控制价） × 0.95。",
        ),
    ],
)
def test_short_benchmarks(benchmark: Benchmark, words: str) -> None:
    assert list(price_words(PriceRule(benchmark=benchmark)))[-1] == words


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (Ratio(), "评标基准价 ÷ 评标价 × 满分"),
        (
            Interpolated(best_points=Decimal(50), worst_points=Decimal(5)),
            "最低评标价得 50 分，最高评标价得 5 分，其间按直线计算",
        ),
        (
            Deviation(
                at_benchmark=Decimal(60),
                above=Slope(per_step=Decimal(2)),
                below=Slope(per_step=Decimal(1), max_loss=Decimal(10)),
            ),
            "评标价等于评标基准价的得 60 分；每高于基准价 1% 扣 2 分；每低于基准价 1% 扣 1 分，最多扣 10 分；"
            "不足一档的按比例计算",
        ),
        (
            Deviation(
                at_benchmark=Decimal(30),
                above=Slope(per_step=Decimal(0)),
                below=Slope(per_step=Decimal("-0.5")),
                deviation_rounding=Rounding(places=2),
                step_percent=Decimal("0.5"),
                whole_steps=RoundingMode.UP,
            ),
            "评标价等于评标基准价的得 30 分；每高于基准价 0.5% 不扣分；每低于基准价 0.5% 加 0.5 分；"
            "偏差率保留 2 位小数（四舍五入）；不足一档按一档计",
        ),
    ],
)
def test_formulas(formula: Formula, words: str) -> None:
    assert list(price_words(PriceRule(formula=formula))) == [f"价格分：{words}；{KEPT}。"]
