from msgspec.structs import replace

from server.domain.scoring.offers import Offer
from server.domain.scoring.prices import BidOut
from server.reports.document import Block, Paragraph, Table
from server.reports.report_bids import conforming_bids, how_far, opening_record, rejected_bids, tally_appendix
from server.reports.subject import Subject, subject_of
from tests.support.golden_logs import replaced_members
from tests.support.report_scenes import minority, rejecting, textbook
from tests.support.room_plan import L1, L2, A, B, C
from tests.support.room_world import World


def subject(world: World, lot: str = L1) -> Subject:
    return subject_of(world.room, L2 if lot == L2 else L1)


def tables(blocks: tuple[Block, ...]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def test_the_opening_record_names_every_bid_its_bidder_and_its_price() -> None:
    blocks = opening_record(subject(textbook()))

    [table] = tables(blocks)
    assert [row[0] for row in table.rows] == [f"投标文件 {bid}" for bid in "ABCDEF"]
    assert table.rows[0] == ("投标文件 A", "远峰水利建设集团有限公司", "13656")
    assert texts(blocks) == ["报价的货币和单位以招标文件为准。", "标底（控制价）：13790。"]


def test_facts_that_prices_are_adjusted_by_have_their_columns() -> None:
    this = subject(replaced_members())
    identity = replace(this.lot.identities[A], offer=Offer(price="1", facts={"工期": "9.5"}))

    changed = replace(this, lot=replace(this.lot, identities={**this.lot.identities, A: identity}))

    [table] = tables(opening_record(changed))
    assert [column.title for column in table.columns][3:] == ["工期"]
    assert [row[3] for row in table.rows] == ["9.5", "—", "—"]


def test_a_lot_that_ended_before_its_prices_opened_keeps_them_sealed() -> None:
    blocks = opening_record(subject(replaced_members(), L2))

    assert [row[1:] for row in tables(blocks)[0].rows] == [("未开启", "未开启")] * 2
    assert "由招标人另行附入" in texts(blocks)[1]
    assert texts(blocks)[1].endswith("松江建设、柏川工程、梅岭路桥、竹溪实业。")


def test_conforming_bids_are_told_how_far_they_went() -> None:
    [table] = tables(conforming_bids(subject(textbook())))

    assert [row[2] for row in table.rows] == [
        "参加排序",
        "参加排序",
        "技术标得分 27.2，低于入围线 28，未进入价格评审",
        "参加排序",
        "参加排序",
        "参加排序",
    ]
    assert texts(conforming_bids(subject(replaced_members(), L2))) == ["没有符合要求的投标。"]


def test_a_price_that_puts_its_bid_out_is_named() -> None:
    this = subject(textbook())
    if this.lot.prices is None:
        raise AssertionError("the textbook's prices are scored")
    result = replace(this.lot.prices.result, out=(BidOut(bid=B, code="above_ceiling"),))

    changed = replace(this, lot=replace(this.lot, prices=replace(this.lot.prices, result=result)))

    assert how_far(changed, B) == "报价高于最高投标限价，不再参与评审"


def test_rejected_bids_stand_with_votes_and_minutes_and_what_is_left_with_its_competition() -> None:
    blocks = rejected_bids(subject(rejecting()))

    [table] = tables(blocks)
    assert [row[0] for row in table.rows] == [f"投标文件 {bid}" for bid in "BCEF"]
    assert table.rows[0][1:] == (
        "北辰路桥工程有限公司",
        "投标函按规定格式填写并签字盖章（评标办法前附表 2.1.1（形式评审））2∶5",
        "委员会多数成员认定该投标未通过初步评审。",
    )
    assert texts(blocks) == ["有效投标为 2 份，不足 3 份，评标委员会关于竞争性的意见：两家报价相互独立，仍具有竞争性"]


def test_a_lot_without_rejections_and_one_without_bids_say_so() -> None:
    assert texts(rejected_bids(subject(textbook()))) == ["没有被否决的投标。"]
    assert texts(rejected_bids(subject(replaced_members(), L2)))[-1].startswith("全部投标均被否决")


def test_the_appendix_has_every_vote_and_what_a_minority_found() -> None:
    votes, findings = tables(tally_appendix(subject(minority(), L2)).blocks)

    assert (votes.title, votes.rows) == (
        "各评审项的表决（通过∶不通过）",
        (("签字盖章（招标文件 2.1.1）", "5∶0", "3∶2"),),
    )
    assert findings.rows == (
        ("E3", "投标文件 B", "签字盖章", "印章模糊"),
        ("R1", "投标文件 B", "签字盖章", "印章模糊"),
    )


def test_only_members_who_report_are_counted() -> None:
    votes, findings = tables(tally_appendix(subject(replaced_members())).blocks)

    assert votes.rows[0] == ("签字盖章（招标文件 2.1.1）", "5∶0", "5∶0", "2∶3")
    assert [row[0] for row in findings.rows] == ["E2", "E3", "E6"]
    assert C in votes.columns[3].title
