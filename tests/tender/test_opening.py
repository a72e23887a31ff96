from collections.abc import Sequence
from hashlib import sha256

import msgspec
import pytest

from server.domain.events import (
    RULES_VERSION,
    AnyEvent,
    BiddersListed,
    BidFileListed,
    BidSealed,
    PersonSealed,
    RoomOpened,
    SeatPlanned,
)
from server.domain.fold import fold
from server.domain.ids import SYSTEM, Alias, BidAlias, CriterionId, Digest, LotId, Millis, RoomId, Seq, VenueId
from server.domain.lines import Line, LineHead
from server.domain.plan import (
    BidPlan,
    Continues,
    DocumentFile,
    LotPlan,
    MemberNames,
    Person,
    Policy,
    Recording,
    Venue,
)
from server.domain.roles import Role
from server.domain.scoring import Offer
from server.tender.opening import opening_events
from server.tender.read import read_tender
from server.tender.template import textbook_text
from server.tender.tender_file import DEFAULT_PLEDGE
from tests.tender.small_tender import SMALL, with_files

LOT = LotId("L1")
CONTINUED = "continues:\n  room: r0\n  checkpoint: |\n    lianping/r0\n    7\n    AAAA\n\n    — lianping BBBB\n"


def _events(text: str, *, records: bool = True) -> list[AnyEvent]:
    tender = read_tender(text).tender
    names = [entry.file for lot in tender.lots.values() for bid in lot.bids.values() for entry in bid.files]
    return opening_events(
        tender,
        room=RoomId("r1"),
        documents={name: _document(name) for name in names},
        issuing_certificates={venue: f"certificate of {venue}".encode() for venue in tender.venues},
        log_key="log+key",
        witnesses=("w1", "w2"),
        quorum=1,
        client=Digest("0" * 64),
        records=records,
    )


def _document(name: str) -> DocumentFile:
    return DocumentFile(sha256=Digest(sha256(name.encode()).hexdigest()), size=len(name))


def _lines(events: Sequence[AnyEvent]) -> list[Line]:
    return [
        Line(head=LineHead(seq=Seq(seq), at=Millis(0), by=SYSTEM, salt=bytes(16)), event=event)
        for seq, event in enumerate(events)
    ]


def test_room_opens_with_all_that_the_tender_fixes() -> None:
    tender = read_tender(SMALL).tender
    lot = tender.lots[LOT]

    assert _events(SMALL)[0] == RoomOpened(
        rules=RULES_VERSION,
        room=RoomId("r1"),
        title="小项目",
        regime=tender.regime,
        policy=Policy(member_names=MemberNames.OPEN, retention_years=15, recording=Recording.REQUIRED),
        venues={
            VenueId("a"): Venue(name="甲县中心", main=True, issuing_certificate=b"certificate of a"),
            VenueId("b"): Venue(name="乙县中心", main=False, issuing_certificate=b"certificate of b"),
        },
        lots={
            LOT: LotPlan(
                title="一标段",
                bids={
                    BidAlias("A"): BidPlan(title="标书甲", given={CriterionId("credit"): "4"}),
                    BidAlias("B"): BidPlan(title="标书乙", given={CriterionId("credit"): "5"}),
                    BidAlias("C"): BidPlan(title="标书丙", given={CriterionId("credit"): "3.5"}),
                },
                checks=lot.checks,
                scheme=lot.scheme,
            )
        },
        pledge=DEFAULT_PLEDGE,
        log_key="log+key",
        witnesses=("w1", "w2"),
        quorum=1,
        client=Digest("0" * 64),
        time_zone="Asia/Shanghai",
        continues=None,
    )


def test_seats_people_and_bids_follow_in_the_order_of_the_file() -> None:
    events = _events(SMALL)

    assert events[1:5] == [
        SeatPlanned(alias=Alias("E1"), role=Role.EXPERT, venue=VenueId("a")),
        PersonSealed(alias=Alias("E1"), person=Person(name="赵𬱖", organisation="一院", title="")),
        SeatPlanned(alias=Alias("E2"), role=Role.EXPERT, venue=VenueId("a")),
        PersonSealed(alias=Alias("E2"), person=Person(name="王龘", organisation="", title="")),
    ]
    assert events[15:] == [
        BiddersListed(names=("北辰公司", "凯源公司", "远峰公司")),
        BidSealed(lot=LOT, bid=BidAlias("A"), bidder="远峰公司", offer=Offer(price="100.50", facts={"months": "10"})),
        BidSealed(lot=LOT, bid=BidAlias("B"), bidder="北辰公司", offer=Offer(price="90", facts={"months": "12"})),
        BidSealed(lot=LOT, bid=BidAlias("C"), bidder="凯源公司", offer=Offer(price="95", facts={"months": "9"})),
    ]


def test_checkpoint_of_the_earlier_room_is_a_whole_note() -> None:
    opened = _events(CONTINUED + SMALL)[0]

    assert isinstance(opened, RoomOpened)
    assert opened.continues == Continues(room=RoomId("r0"), checkpoint="lianping/r0\n7\nAAAA\n\n— lianping BBBB\n")


def test_bidder_of_two_lots_is_listed_once() -> None:
    lot = SMALL[SMALL.index("  L1:") : SMALL.index("end: true")]

    events = _events(SMALL.replace("end: true", lot.replace("L1:", "L2:") + "end: true"))

    assert BiddersListed(names=("北辰公司", "凯源公司", "远峰公司")) in events
    assert [event.lot for event in events if isinstance(event, BidSealed)] == ["L1"] * 3 + ["L2"] * 3


def test_list_of_bidders_does_not_betray_the_order_of_bids() -> None:
    events = _events(textbook_text())
    listed = next(event.names for event in events if isinstance(event, BiddersListed))

    assert listed == tuple(sorted(listed, key=lambda name: name.encode("gb18030")))
    assert listed != tuple(event.bidder for event in events if isinstance(event, BidSealed))


def test_files_of_the_bids_come_last_in_the_order_of_the_file() -> None:
    events = _events(
        with_files(A="[{title: 技术标, file: t.pdf}, {title: 商务标, file: a.pdf}]", C="[{title: 技术标, file: c.pdf}]")
    )

    assert events[15:19] == _events(SMALL)[15:]
    assert events[19:] == [
        BidFileListed(lot=LOT, bid=BidAlias("A"), title="技术标", file=_document("t.pdf")),
        BidFileListed(lot=LOT, bid=BidAlias("A"), title="商务标", file=_document("a.pdf")),
        BidFileListed(lot=LOT, bid=BidAlias("C"), title="技术标", file=_document("c.pdf")),
    ]


def test_events_survive_the_log_and_fold_to_a_room() -> None:
    events = _events(textbook_text())

    read = msgspec.json.decode(msgspec.json.encode(events), type=list[AnyEvent])
    room = fold(_lines(read))

    assert read == events
    assert (room.opening, len(room.seats), len(room.people)) == (events[0], 16, 16)
    assert {bid: identity.offer.price for bid, identity in room.lots[LOT].identities.items()} == {
        "A": "13656",
        "B": "11108",
        "C": "14303",
        "D": "13098",
        "E": "13241",
        "F": "14125",
    }


def _policies(text: str, *, records: bool) -> list[Policy]:
    return [event.policy for event in _events(text, records=records) if isinstance(event, RoomOpened)]


def test_room_is_recorded_unless_the_tender_or_the_server_says_otherwise() -> None:
    unrecorded = Policy(member_names=MemberNames.OPEN, retention_years=15)
    without = SMALL.replace("retention_years: 15}", "retention_years: 15, recording: off}")

    assert _policies(SMALL, records=False) == _policies(without, records=True) == [unrecorded]
    assert unrecorded.recording is Recording.OFF


@pytest.mark.parametrize(
    ("said", "faces", "voices"),
    [("", False, False), ("cover_faces: true", True, False), ("change_voices: true", False, True)],
)
def test_each_protection_of_the_members_is_asked_for_alone(said: str, faces: bool, voices: bool) -> None:
    text = SMALL.replace("retention_years: 15}", f"retention_years: 15, {said}}}")

    (policy,) = _policies(text, records=True)
    assert (policy.cover_faces, policy.change_voices) == (faces, voices)


@pytest.mark.parametrize(("said", "records"), [("", False), ("record_desktops: true", True)])
def test_desktops_are_recorded_where_the_tender_asks_for_it(said: str, records: bool) -> None:
    (policy,) = _policies(SMALL.replace("retention_years: 15}", f"retention_years: 15, {said}}}"), records=True)

    assert policy.record_desktops is records
