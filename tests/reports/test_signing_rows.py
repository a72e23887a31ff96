import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.ids import Digest
from server.domain.moment import Moment
from server.reports.signing_record import SigningRecord
from server.reports.signing_rows import signing_record_of
from server.reports.times import local_time
from tests.evidence.reported_room import DISSENT, OTHER_DISSENT, ReportedRoom, fully_reported, reported
from tests.support.room_plan import L2

SEALED = Digest("ab" * 32)


def record_of(room: ReportedRoom) -> SigningRecord:
    world = room.world
    moment = Moment(now=world.now, size=len(world.raw), root_at=world.root_at, last_n=0, certificate=b"", draws={})
    return signing_record_of(world.room, L2, moment, SEALED)


def test_every_member_has_a_row_with_the_end_and_what_was_written() -> None:
    record = record_of(fully_reported().before(c.SealReport))

    assert [(each.label, each.outcome, each.paragraphs) for each in record.entries] == [
        ("E1 姓名·E1·", "已签名", ()),
        ("E2 姓名·E2·", "已签名", ()),
        ("E3 姓名·E3·", "已签名并保留不同意见", tuple(DISSENT.splitlines())),
        ("E4 姓名·E4·", "拒绝签名并书面陈述不同意见", (OTHER_DISSENT,)),
        ("R1 姓名·R1·", "拒绝签名且不陈述理由，视为同意", ("拒签说明·R1·",)),
    ]


def test_rows_tell_when_each_member_came_to_the_end() -> None:
    room = fully_reported().before(c.SealReport)
    ended_at = room.report().ended_at

    assert [each.time for each in record_of(room).entries] == [
        local_time(ended_at[member], "Asia/Shanghai") for member in room.report().members
    ]


def test_record_says_which_report_it_belongs_to_and_on_what_it_rests() -> None:
    room = fully_reported().before(c.SealReport)
    record = record_of(room)

    facts = {fact.label: fact.value for fact in record.facts}
    assert facts["所附报告"] == "评标报告（第 2 版）"
    assert facts["报告文件"] == f"SHA-256 {SEALED}"
    size = len(room.world.raw)
    assert record.record == f"过程记录前 {size} 条，树根 {room.world.root_at(size)}"


def test_lot_without_a_report_has_no_signing_record() -> None:
    with pytest.raises(TypeError):
        record_of(reported())


def test_member_who_has_not_answered_has_no_row() -> None:
    room = fully_reported().before(c.SealReport)
    report = room.report()
    open_ends = {member: end for member, end in report.ends.items() if member != "E1"}
    lot = replace(room.world.room.lots[L2], report=replace(report, ends=open_ends))
    room.world.room = replace(room.world.room, lots={L2: lot})

    with pytest.raises(KeyError):
        record_of(room)
