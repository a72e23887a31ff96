from collections.abc import Sequence

from msgspec.structs import replace

from server.domain.ids import BidAlias
from server.domain.scoring import RankedBid
from server.reports.document import Block, Paragraph, Table
from server.reports.report_ranking import candidate_blocks, ranking_blocks
from server.reports.subject import Subject, subject_of
from tests.support.golden_logs import replaced_members, returned_sheets
from tests.support.report_scenes import textbook
from tests.support.room_plan import L1, L2


def told(blocks: Sequence[Block]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Rows and paragraphs."""
    rows = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    return rows, [block.text for block in blocks if isinstance(block, Paragraph)]


def with_ranks(*ranks: int) -> Subject:
    """The textbook's lot with its bids at these ranks."""
    subject = subject_of(textbook().room, L1)
    if subject.lot.ranked is None:
        raise AssertionError("the textbook's bids are ranked")
    order = tuple(
        RankedBid(bid=BidAlias(bid), rank=rank, total="90") for bid, rank in zip("ABDEF", ranks, strict=False)
    )
    ranking = replace(subject.lot.ranked.ranking, order=order)
    return replace(subject, lot=replace(subject.lot, ranked=replace(subject.lot.ranked, ranking=ranking)))


def test_the_ranking_names_bidder_price_and_total() -> None:
    rows, paragraphs = told(ranking_blocks(subject_of(textbook().room, L1)))

    assert rows == [
        ("1", "投标文件 A", "远峰水利建设集团有限公司", "13656", "92.87"),
        ("2", "投标文件 D", "安澜水务工程有限公司", "13098", "91.59"),
        ("3", "投标文件 E", "中汇建设工程有限公司", "13241", "89.43"),
        ("4", "投标文件 F", "石门疏浚工程有限责任公司", "14125", "83.59"),
        ("5", "投标文件 B", "北辰路桥工程有限公司", "11108", "49.60"),
    ]
    assert paragraphs == []


def test_steps_that_parted_equals_are_told() -> None:
    _, paragraphs = told(ranking_blocks(subject_of(returned_sheets().room, L2)))

    assert paragraphs == ["前一规则相同的，依次按以下规则区分：投标报价低者优先、抽签。"]


def test_at_most_three_are_candidates_in_order() -> None:
    rows, paragraphs = told(candidate_blocks(subject_of(textbook().room, L1)))

    assert [row[:2] for row in rows] == [("1", "投标文件 A"), ("2", "投标文件 D"), ("3", "投标文件 E")]
    assert paragraphs == []


def test_nobody_is_chosen_among_equals_that_do_not_all_fit() -> None:
    rows, paragraphs = told(candidate_blocks(with_ranks(1, 2, 3, 3, 5)))

    assert [row[0] for row in rows] == ["1", "2"]
    assert paragraphs == ["投标文件 D、投标文件 E并列第 3 名，其中推荐何者由招标人按招标文件的规定确定。"]


def test_equals_that_fit_share_their_place() -> None:
    rows, paragraphs = told(candidate_blocks(with_ranks(1, 2, 2, 4)))

    assert [row[0] for row in rows] == ["1", "2（并列）", "2（并列）"]
    assert paragraphs == []


def test_without_a_ranked_bid_nobody_is_recommended() -> None:
    subject = subject_of(replaced_members().room, L2)

    for blocks in (ranking_blocks(subject), candidate_blocks(subject)):
        assert told(blocks) == ([], ["没有参加排序的投标，不推荐中标候选人。"])
