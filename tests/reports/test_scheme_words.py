from decimal import Decimal

from msgspec.structs import replace

from server.domain.ids import CriterionId
from server.domain.scoring import Scheme, ScoringLaw
from server.domain.scoring.criteria import Aggregation, Per
from server.domain.scoring.exact import Rounding, RoundingMode
from server.domain.scoring.scheme import (
    CloserToBenchmark,
    DrawnLot,
    HigherPoints,
    LowerEvaluatedPrice,
    LowerPrice,
    Review,
)
from server.domain.scoring.trimming import DropCount, DropShare, Equals, Trim
from server.reports.scheme_words import (
    LAWS,
    aggregation_words,
    gate_words,
    ranking_words,
    review_words,
    rounding_words,
    trim_words,
)
from tests.domain.scoring.schemes import TOTAL, group, member, price

SEVEN = Aggregation(trim=Trim(rows=(DropCount(at_least=7, highest=1, lowest=1),)))


def test_every_law_has_a_name() -> None:
    assert set(LAWS) == set(ScoringLaw)


def test_roundings() -> None:
    roundings = [Rounding(places=2), *(Rounding(places=0, mode=mode) for mode in RoundingMode)]

    assert [rounding_words(rounding) for rounding in roundings] == [
        "保留 2 位小数（四舍五入）",
        "取整数（四舍五入）",
        "取整数（四舍六入五成双）",
        "取整数（其余舍去）",
        "取整数（其余进位）",
    ]


def test_only_groups_whose_rule_holds_for_something_are_named() -> None:
    tree = group("总分", "60", group("技术", "30", group("方案", "10", member("甲")), aggregation=SEVEN), price())

    assert list(aggregation_words(tree)) == [
        "技术的成员打分：逐项计算，打分达到 7 个时去掉最高分 1 个、最低分 1 个；取其余打分的算术平均值，"
        "保留 2 位小数（四舍五入）。"
    ]


def test_totals_and_the_widest_member() -> None:
    tree = group("总分", "10", member("甲"), aggregation=Aggregation(per=Per.TOTAL, drop_widest_from=9))

    assert list(aggregation_words(tree)) == [
        "总分的成员打分：成员达到 9 名时，先不计打分离散最大的一名成员的全部打分；按各成员本组的合计分计算，"
        "打分全部计入；取其余打分的算术平均值，保留 2 位小数（四舍五入）。"
    ]


def test_tables_of_trimming() -> None:
    rows = (
        DropCount(at_least=3),
        DropCount(at_least=5, highest=1),
        DropShare(at_least=10, highest_percent=Decimal(10), lowest_percent=Decimal("12.5"), mode=RoundingMode.DOWN),
    )

    assert trim_words(Trim(rows=rows, equals=Equals.KEEP), "价", "评标价") == (
        "评标价达到 3 个时全部计入；评标价达到 5 个时去掉最高价 1 个；"
        "评标价达到 10 个时去掉最高价 10%（个数其余舍去取整）、最低价 12.5%（个数其余舍去取整）；与保留值相同的不去掉"
    )


def test_gates() -> None:
    assert list(gate_words(group("总分", "10", group("技术", "10", member("甲"), gate=Decimal("6.0"))))) == [
        "入围线：技术得分低于 6 分的投标不进入价格评审。"
    ]


def test_the_ranking() -> None:
    scheme = Scheme(law=ScoringLaw.TENDERING, criteria=group("total", "10", member("甲")), ranking=(TOTAL,))
    steps = (HigherPoints(node=CriterionId("甲")), LowerPrice(), LowerEvaluatedPrice(), CloserToBenchmark(), DrawnLot())

    assert ranking_words(scheme) == "排序：total得分高者优先；相同的并列。"
    assert ranking_words(replace(scheme, ranking=steps)) == (
        "排序：甲得分高者优先；相同的，依次按以下规则区分："
        "投标报价低者优先、评标价低者优先、评标价接近基准价者优先、抽签；仍相同的并列。"
    )


def test_what_is_pointed_out() -> None:
    scheme = Scheme(
        law=ScoringLaw.TENDERING,
        criteria=group("total", "10", member("甲")),
        ranking=(TOTAL,),
        review=Review(far_percent=Decimal(20), reason_below_percent=Decimal(60)),
    )

    assert list(review_words(scheme)) == [
        "成员对某投标的总打分偏离各成员平均值超过 20% 的，系统予以提示，不自动更改。",
        "某项打分低于该项满分 60% 的，须说明理由。",
    ]
    assert list(review_words(replace(scheme, criteria=group("total", "30", price()), review=Review()))) == []
