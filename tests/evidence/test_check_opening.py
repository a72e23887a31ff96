from collections.abc import Sequence
from decimal import Decimal

import pytest
from msgspec.structs import replace

from server.domain.events import AnyEvent, BidSealed, PersonSealed, RoomOpened, RoomPaused, SeatPlanned
from server.domain.ids import Alias, BidAlias, LotId, VenueId
from server.domain.lines import parse_line
from server.domain.plan import LotPlan
from server.domain.roles import Role
from server.domain.scoring import Offer
from server.domain.scoring.criteria import Group
from server.domain.scoring.price_rule import PriceRule, Ratio
from server.evidence.check_opening import check_opening
from server.evidence.sealing import seal
from server.evidence.verdict import Outcome
from tests.evidence.signed_room import short_sitting, signed_opening
from tests.support.room_plan import BING, JIA, L1, L2, LOT_ONE, LOT_TWO, bid_file, person
from tests.support.room_world import START

EVENTS = signed_opening()
SEATS = [number for number, event in enumerate(EVENTS) if isinstance(event, SeatPlanned)]
PEOPLE = [number for number, event in enumerate(EVENTS) if isinstance(event, PersonSealed)]
BIDS = [number for number, event in enumerate(EVENTS) if isinstance(event, BidSealed)]
STRANGER = SeatPlanned(alias=Alias("E9"), role=Role.EXPERT, venue=VenueId("ding"))
TWICE = SeatPlanned(alias=Alias("H1"), role=Role.HOST_OPERATOR, venue=BING)
SEALED = BidSealed(lot=L1, bid=BidAlias("Z"), bidder="某", offer=Offer(price="1"))


def found(events: Sequence[AnyEvent]) -> list[tuple[str, str]]:
    raws = seal(events, at=START, first_seq=0, salts=[bytes(16)] * len(events))
    opening = events[0]
    assert isinstance(opening, RoomOpened)
    check = check_opening([parse_line(raw) for raw in raws], opening)
    assert (check.code, check.failure) == ("opening_sound", Outcome.BROKEN)
    return [(each.where, each.reason) for each in check.findings]


def put(number: int, event: AnyEvent) -> list[AnyEvent]:
    return [*EVENTS[:number], event, *EVENTS[number + 1 :]]


def with_lot(plan: LotPlan) -> list[AnyEvent]:
    return signed_opening(lots={L1: plan})


def test_entry_that_plans_a_room_is_sound() -> None:
    world = short_sitting().world
    assert world.room.opening

    assert found(EVENTS) == []
    assert check_opening(world.lines, world.room.opening).ok


def test_event_that_needs_a_command_has_no_place_there() -> None:
    reason = "nobody's command caused it, and it does not plan the room"

    assert found([*EVENTS, RoomPaused(reason="停")]) == [(f"lines.jsonl:{len(EVENTS) + 1}", reason)]


@pytest.mark.parametrize(("seat", "alias"), [(STRANGER, "E9"), (TWICE, "H1")])
def test_seats_are_planned_once_at_venues_of_the_room(seat: SeatPlanned, alias: str) -> None:
    where = f"lines.jsonl:{len(EVENTS) + 1}"

    assert found([*EVENTS, seat]) == [(where, f"{alias} sits at no venue of the room, or twice")]


def test_person_without_a_seat_is_found() -> None:
    events = put(PEOPLE[0], PersonSealed(alias=Alias("E9"), person=person(Alias("E9"))))

    assert found(events) == [(f"lines.jsonl:{PEOPLE[0] + 1}", "E9 has no seat")]


@pytest.mark.parametrize(
    ("events", "bids"),
    [
        ([*EVENTS, SEALED], ["bid Z of lot L1"]),
        ([*EVENTS, replace(SEALED, lot=LotId("L9"), bid=BidAlias("A"))], ["bid A of lot L9"]),
        ([*EVENTS, EVENTS[BIDS[0]]], ["bid A of lot L1"]),
        (EVENTS[: BIDS[-1]], ["bid B of lot L2"]),
        (put(BIDS[0], SEALED), ["bid Z of lot L1", "bid A of lot L1"]),
    ],
)
def test_every_bid_is_sealed_just_once(events: Sequence[AnyEvent], bids: list[str]) -> None:
    assert found(events) == [("lines.jsonl:1", f"{bid} is not sealed just once") for bid in bids]


def test_files_belong_to_the_bids_of_the_room() -> None:
    stray = [bid_file(L1, BidAlias("Z")), replace(bid_file(L1, BidAlias("A")), lot=LotId("L9"))]
    size = len(EVENTS)

    assert found([*EVENTS, bid_file(L1, BidAlias("A")), bid_file(L2, BidAlias("B"))]) == []
    assert found([*EVENTS, *stray]) == [
        (f"lines.jsonl:{size + 1}", "a file of bid Z of lot L1, which is not planned"),
        (f"lines.jsonl:{size + 2}", "a file of bid A of lot L9, which is not planned"),
    ]


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "1E+1000000000", "1E-1000000000", "1" * 31, "0E+99"])
def test_number_that_would_stop_the_calculation_is_found(number: str) -> None:
    price = PriceRule(ceiling=Decimal(number), formula=Ratio())
    plan = replace(LOT_ONE, scheme=replace(LOT_ONE.scheme, price=price))

    assert found(with_lot(plan)) == [("lines.jsonl:1", "the scheme of lot L1 has numbers that nobody calculates with")]


def test_numbers_are_found_however_deep() -> None:
    inner = replace(LOT_TWO.scheme.criteria, points=Decimal("Infinity"))
    outer = Group(id=LOT_TWO.scheme.criteria.id, title="外", points=Decimal(1), children=(inner,))
    plan = replace(LOT_TWO, scheme=replace(LOT_TWO.scheme, criteria=outer))

    assert found(signed_opening(lots={L2: plan}, seats={Alias("H1"): (Role.HOST_OPERATOR, JIA)})) == [
        ("lines.jsonl:1", "the scheme of lot L2 has numbers that nobody calculates with")
    ]
