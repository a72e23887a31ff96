from decimal import Decimal

from msgspec.structs import replace

from server.domain.scoring.exact import TWO_PLACES
from server.reports.document import Paragraph, Table
from server.reports.report_criteria import criteria_blocks
from server.reports.subject import Subject, subject_of
from tests.domain.scoring.schemes import group, member
from tests.support.report_scenes import textbook
from tests.support.room_plan import L1


def tables(subject: Subject) -> list[Table]:
    return [block for block in criteria_blocks(subject) if isinstance(block, Table)]


def test_checks_and_criteria_stand_as_the_tender_has_them() -> None:
    checks, criteria = tables(subject_of(textbook().room, L1))

    assert checks.rows[1] == ("2", "只有一个有效报价", "评标办法前附表 2.1.1（形式评审）")
    assert criteria.rows == (
        ("总分", "各项相加", "100", "—", "—", "1"),
        ("　技术标", "各项相加", "40", "—", "—", "1"),
        ("　　施工方案", "成员打分", "15", "0", "0.5", "1"),
        ("　　总工期", "随投标文件给定", "8", "0", "0.5", "1"),
        ("　　工程质量", "随投标文件给定", "6", "0", "0.5", "1"),
        ("　　项目班子", "随投标文件给定", "6", "0", "0.5", "1"),
        ("　　企业信誉", "随投标文件给定", "5", "0", "0.5", "1"),
        ("　商务标（报价）", "按价格公式计算", "60", "0", "—", "1"),
    )
    assert criteria.strong == (0, 1)


def test_the_rules_are_numbered_from_the_members_points_to_the_ranking() -> None:
    texts = [block.text for block in criteria_blocks(subject_of(textbook().room, L1)) if isinstance(block, Paragraph)]

    assert texts[0] == "（1）评分规则适用：招标投标法。"
    assert [text.partition("：")[0] for text in texts[1:4]] == [
        "（2）技术标的成员打分",
        "（3）入围线",
        "（4）标底（控制价）",
    ]
    assert texts[-2].startswith("（9）排序：总分得分高者优先")


def test_weights_roundings_and_objective_items_are_named() -> None:
    subject = subject_of(textbook().room, L1)
    tree = group("总分", "5", member("工期", objective=True, weight=Decimal("0.50"), rounding=TWO_PLACES))
    scheme = replace(subject.plan.scheme, criteria=tree, price=None)

    *_, criteria = tables(replace(subject, plan=replace(subject.plan, scheme=scheme, checks=())))

    assert criteria.rows[1] == ("　工期", "成员打分（客观分），保留 2 位小数（四舍五入）", "10", "0", "0.5", "0.5")
