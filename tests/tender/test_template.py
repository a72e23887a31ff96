import re
from collections import Counter
from typing import Final

from server.domain.ids import Alias, BidAlias, CriterionId
from server.domain.roles import Role
from server.domain.scoring import DrawKind, Offer, aggregate_members, check_given, check_sheet, rank, score_prices
from server.tender.read import read_tender
from server.tender.template import template_text, textbook_text
from server.tender.tender_file import BidEntry, BidFileEntry, ContinuesEntry, LotEntry, SeatEntry, Tender, VenueEntry

PLAN = CriterionId("plan")
PLAN_POINTS: Final = {
    "A": ("13", "11.5", "12", "11", "11", "12.5", "12.5"),
    "B": ("14.5", "13.5", "14.5", "13", "13.5", "14.5", "14.5"),
    "C": ("12", "10", "11.5", "11", "10.5", "11.5", "11.5"),
    "D": ("14", "13.5", "13.5", "13", "13.5", "14", "14.5"),
    "E": ("12.5", "11.5", "12", "11", "11.5", "12.5", "12.5"),
    "F": ("10.5", "10.5", "10.5", "10", "9.5", "11", "10.5"),
}
"Source: https://app.ixiawen.com/question/28400805/7cf726ae8bcf12c13f6aae7274ab73ac.html"


def test_template_reads_without_a_mistake() -> None:
    tender = read_tender(template_text()).tender

    assert (len(tender.venues), len(tender.seats), list(tender.lots)) == (2, 11, ["L1"])


def test_template_shows_every_key_but_those_of_demonstrations() -> None:
    kinds = (Tender, VenueEntry, SeatEntry, LotEntry, BidEntry, BidFileEntry, ContinuesEntry)
    fields = [field for kind in kinds for field in kind.__struct_fields__]

    assert [field for field in fields if not re.search(rf"\b{field}:", template_text())] == ["acts"]


def test_textbook_spreads_seven_members_over_three_venues() -> None:
    tender = read_tender(textbook_text()).tender

    assert Counter(seat.venue for seat in tender.seats if seat.alias.startswith("E")) == {
        "qingyuan": 3,
        "wangxi": 2,
        "songping": 2,
    }
    assert Counter(seat.role for seat in tender.seats) == {
        Role.EXPERT: 6,
        Role.REPRESENTATIVE: 1,
        Role.HOST_OPERATOR: 1,
        Role.VENUE_OPERATOR: 2,
        Role.AGENT: 1,
        Role.WITNESS: 3,
        Role.SUPERVISOR: 1,
        Role.AUDITOR: 1,
    }


def test_textbook_keeps_rare_and_long_names() -> None:
    names = [seat.name for seat in read_tender(textbook_text()).tender.seats]

    assert names[:3] == ["赵𬱖", "王龘", "阿依古丽·买买提"]
    assert names[4] == "买买提吐尔逊·阿卜杜热合曼·伊敏尼亚孜"


def test_textbook_gives_the_published_result() -> None:
    lot = next(iter(read_tender(textbook_text()).tender.lots.values()))
    bids = list(lot.bids)
    sheets = {
        Alias(f"E{number + 1}"): check_sheet(
            lot.scheme, bids, {BidAlias(bid): {PLAN: row[number]} for bid, row in PLAN_POINTS.items()}
        )
        for number in range(7)
    }
    given = check_given(lot.scheme, bids, {alias: bid.given for alias, bid in lot.bids.items()})
    offers = {alias: Offer(price=bid.price) for alias, bid in lot.bids.items()}

    members = aggregate_members(lot.scheme, sheets, bids, given=given)
    prices = score_prices(lot.scheme, offers, members.remaining)
    ranking = rank(lot.scheme, members, prices, draws={DrawKind.TIE: tuple(bids)})

    assert {bid: points["technical"] for bid, points in members.points.items()} == {  # type: ignore[index]
        "A": "32.9",
        "B": "34.6",
        "C": "27.2",
        "D": "35.7",
        "E": "32.5",
        "F": "30.4",
    }
    assert [failure.bid for failure in members.gated_out] == ["C"]
    assert prices.benchmark == "13660"
    assert prices.points == {"A": "59.97", "B": "15", "D": "55.89", "E": "56.93", "F": "53.19"}
    assert [(place.bid, place.total) for place in ranking.order] == [
        ("A", "92.87"),
        ("D", "91.59"),
        ("E", "89.43"),
        ("F", "83.59"),
        ("B", "49.6"),
    ]
