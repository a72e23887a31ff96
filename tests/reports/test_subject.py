import pytest

from server.domain.ids import Alias, BidAlias
from server.domain.phases import Phase
from server.reports.subject import in_order, subject_of
from tests.support.golden_logs import replaced_members, returned_sheets
from tests.support.room_plan import L1, L2, A
from tests.support.room_scenes import at


def test_a_report_follows_the_lock() -> None:
    with pytest.raises(TypeError, match="follows the lock"):
        subject_of(at(Phase.SUMMARY).room, L1)


def test_names_stand_only_where_the_policy_lets_them() -> None:
    named, unnamed = subject_of(replaced_members().room, L1), subject_of(returned_sheets().room, L2)

    assert (named.member(Alias("E2")), unnamed.member(Alias("E2"))) == ("E2 姓名·E2·", "E2")
    assert (named.kind(Alias("R1")), unnamed.kind(Alias("R1"))) == ("招标人代表", "采购人代表")
    assert (named.office(Alias("E2")), named.office(Alias("E3"))) == ("组长", "成员")


def test_the_report_opens_no_seal_that_the_room_kept() -> None:
    room = replaced_members().room
    opened, sealed = subject_of(room, L1), subject_of(room, L2)

    assert (opened.bidder(A), opened.price(A)) == ("松江建设", "8137411.53")
    assert (sealed.bidder(A), sealed.price(A)) == ("未开启", "未开启")


def test_bids_are_counted_as_people_do() -> None:
    assert in_order(BidAlias(name) for name in ("A", "AA", "B")) == ("A", "B", "AA")
