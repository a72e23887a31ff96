import pytest

from server.domain.ids import Millis
from server.domain.phases import Phase
from server.reports.document import Fact, Facts, Paragraph, ReportDocument, Section, SignaturePlace, Table
from server.reports.report_document import DECLARATION, ReportFacts, report_document
from tests.support.golden_logs import replaced_members, returned_sheets
from tests.support.report_scenes import CLARIFICATIONS, MATTERS, SCENES, reported, textbook
from tests.support.room_plan import L1, L2
from tests.support.room_scenes import at

ITEMS = (
    "基本情况和数据表",
    "评标委员会成员名单",
    "开标记录",
    "符合要求的投标一览表",
    "否决投标的情况说明",
    "评标标准、评标方法或者评标因素一览表",
    "经评审的价格或者评分比较一览表",
    "经评审的投标人排序",
    "推荐的中标候选人名单与签订合同前要处理的事宜",
    "澄清、说明、补正事项纪要",
)
"Source: 12号令, Art. 42."


def paragraphs(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Paragraph)]


def facts(document: ReportDocument) -> list[Fact]:
    return [fact for block in document.sections[0].blocks if isinstance(block, Facts) for fact in block.facts]


@pytest.mark.parametrize("scene", SCENES)
def test_every_report_has_the_ten_items_in_order_and_none_is_empty(scene: str) -> None:
    document = SCENES[scene]()

    assert tuple(section.title for section in document.sections) == ITEMS
    assert all(section.blocks for section in (*document.sections, *document.appendices))
    assert document.declaration == DECLARATION


def test_a_report_says_of_what_it_speaks() -> None:
    world = textbook()
    root = world.root_at(100)

    document = report_document(
        world.room,
        L1,
        ReportFacts(version=3, matters="", clarifications="", at=Millis(1_774_400_000_000), size=100, root=root),
    )

    assert (document.project, document.lot) == ("清源县云栖河综合治理工程施工招标", "施工标段")
    assert (document.version, document.time) == ("第 3 版", "2026年3月25日 08:53")
    assert document.record == f"过程记录前 100 条，树根 {root}"
    assert Fact(label="过程记录", value=f"前 100 条，树根 {root}", wide=True) in facts(document)
    assert Fact(label="评标委员会", value="7 人，其中招标人代表 1 人") in facts(document)


def test_what_the_chair_wrote_stands_line_by_line_and_nothing_as_none() -> None:
    *_, matters, clarifications = reported(textbook(), matters=MATTERS, minutes=CLARIFICATIONS).sections
    *_, no_matters, no_clarifications = reported(textbook(), matters=" \n").sections

    assert paragraphs(matters)[-2:] == MATTERS.splitlines()
    assert paragraphs(clarifications) == [CLARIFICATIONS]
    assert (paragraphs(no_matters)[-1], paragraphs(no_clarifications)) == ("无。", ["无。"])


def test_the_committee_is_listed_with_its_chair_and_who_was_replaced() -> None:
    section = reported(replaced_members()).sections[1]

    [table] = [block for block in section.blocks if isinstance(block, Table)]
    assert table.rows[0] == ("E2", "姓名·E2·", "单位·E2·", "职称·E2·", "乙县", "评标专家", "组长")
    assert [row[0] for row in table.rows] == ["E2", "E3", "R1", "E5", "E6"]
    elected, *replacements = paragraphs(section)
    assert elected == "组长经成员推选产生，得票：E2 5 票。"
    assert [text[: text.index("（过程")] for text in replacements] == [
        "更换成员：E1 姓名·E1·（甲市）退出评标委员会，由 E6 姓名·E6· 接替",
        "更换成员：E4 姓名·E4·（丙县）退出评标委员会，由 E5 姓名·E5· 接替",
    ]


def test_a_room_that_never_shows_names_reports_under_aliases() -> None:
    document = reported(returned_sheets(), L2)

    [table] = [block for block in document.sections[1].blocks if isinstance(block, Table)]
    assert table.rows[0] == ("E1", "甲市", "评标专家", "组长")
    assert "姓名·" not in repr(document)
    assert "作为单独附件" in paragraphs(document.sections[1])[0]
    assert document.signatures[0] == SignaturePlace(field="SignE1", label="E1", role="组长，评标专家，甲市")


def test_returned_sheets_are_told_with_their_reasons() -> None:
    assert paragraphs(reported(returned_sheets(), L2).sections[0]) == [
        "初步评审第 2 轮：E2 重新提交评审表。",
        "详细评审第 2 轮：R1、E3 重新提交评审表。",
        "组长退回 E2 的评审表，理由（最近一次）：退回理由·E2·",
        "组长退回 E3 的评审表，理由（最近一次）：退回理由·E3·",
        "组长退回 R1 的评审表，理由（最近一次）：退回理由·R1·",
    ]


def test_a_substitute_hands_in_for_the_first_time() -> None:
    assert paragraphs(reported(replaced_members()).sections[0]) == ["初步评审第 2 轮：E6 首次提交评审表。"]


def test_every_present_member_signs() -> None:
    signatures = reported(textbook()).signatures

    assert [each.field for each in signatures] == [f"SignE{number}" for number in range(1, 8)]
    assert signatures[0].label == "E1 赵𬱖"
    assert signatures[6].role == "成员，招标人代表，清源县公共资源交易中心"


def test_there_is_no_report_before_the_lock() -> None:
    world = at(Phase.SUMMARY)

    with pytest.raises(TypeError):
        reported(world)
