from server.reports.document import Block, Paragraph, Sentences, Table
from server.reports.report_scores import calculation_appendix, score_blocks
from server.reports.subject import subject_of
from tests.support.golden_logs import replaced_members, returned_sheets
from tests.support.report_scenes import crowded, textbook
from tests.support.room_plan import L1, L2


def table(blocks: tuple[Block, ...], title: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.title.startswith(title))


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def test_every_members_points_stand_with_what_they_became() -> None:
    blocks = score_blocks(subject_of(textbook().room, L1))

    points = table(blocks, "成员打分：施工方案（满分 15 分，打分单位 0.5 分）")
    assert [column.title for column in points.columns] == ["投标文件", *(f"E{n}" for n in range(1, 8)), "得分"]
    assert points.rows[0] == (
        "投标文件 A",
        "(13.0)",
        "11.5",
        "12.0",
        "(11.0)",
        "11.0",
        "12.5",
        "12.5",
        "11.9",
    )
    assert texts(blocks)[0] == "注：括号内的打分为按评标办法去掉的最高分、最低分，不计入平均分。"


def test_prices_stand_with_deviation_and_points() -> None:
    blocks = score_blocks(subject_of(textbook().room, L1))

    prices = table(blocks, "投标报价与价格分")
    assert [row[2:] for row in prices.rows] == [
        ("13656", "-0.03", "59.97"),
        ("11108", "—", "15.00"),
        ("13098", "-4.11", "55.89"),
        ("13241", "-3.07", "56.93"),
        ("14125", "3.40", "53.19"),
    ]
    assert texts(blocks)[1:] == ["评标基准价：13660。", "报价未计入评标基准价的投标：B。"]


def test_the_summary_adds_up_to_the_total() -> None:
    summary = table(score_blocks(subject_of(textbook().room, L1)), "评分汇总")

    assert summary.rows[0] == ("　　施工方案", "15", "11.9", "14.1", "11.2", "13.7", "12.0", "10.4")
    assert summary.rows[5][0] == "　技术标"
    assert summary.rows[-1] == ("总分", "100", "92.87", "49.60", "—", "91.59", "89.43", "83.59")
    assert summary.strong == (5, 7)


def test_many_bids_go_over_several_summaries() -> None:
    blocks = score_blocks(subject_of(crowded().room, L1))

    parts = [block for block in blocks if isinstance(block, Table) and block.title.startswith("评分汇总")]
    assert [column.title for part in parts for column in part.columns[2:]] == list("ABCDEFGHIJKLMN")


def test_the_member_left_out_and_the_draws_are_named() -> None:
    blocks = score_blocks(subject_of(returned_sheets().room, L2))

    [left_out] = {cell for cell in table(blocks, "成员打分").rows[0] if cell.startswith("(")}
    assert left_out == "(19.19)"
    assert texts(blocks) == [
        "注：括号内的打分为按评标办法去掉的离散最大成员的打分，不计入平均分。",
        "评标基准价：5120733.19。",
        "成员抽取结果（按抽出先后）：E2、R1、E4、E3、E1。",
        "排序抽签结果（按抽出先后）：B、A。",
    ]


def test_a_lot_without_admitted_bids_has_nothing_to_compare_or_calculate() -> None:
    subject = subject_of(replaced_members().room, L2)

    assert texts(score_blocks(subject)) == ["没有进入详细评审的投标。"]
    assert calculation_appendix(subject).blocks == ()


def test_the_appendix_has_every_step_of_the_calculation() -> None:
    subject = subject_of(textbook().room, L1)

    blocks = [block for block in calculation_appendix(subject).blocks if isinstance(block, Sentences)]

    lot = subject.lot
    if lot.members is None or lot.prices is None or lot.ranked is None:
        raise AssertionError("the textbook's room is ranked")
    steps = (lot.members.result.trace, lot.prices.result.trace, lot.ranked.ranking.trace)
    assert [len(block.sentences) for block in blocks] == [len(trace) for trace in steps]
    assert blocks[0].sentences[0] == "A｜施工方案：去掉一个最高值 13（E1）。"
    assert blocks[2].sentences[-1] == "按总分得分比较（A 92.87、B 49.6、D 91.59、E 89.43、F 83.59），92.87 在前。"
