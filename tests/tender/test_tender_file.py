import string

import msgspec
import pytest

from server.domain.ids import Alias, VenueId
from server.domain.roles import Role
from server.tender.read import read_tender
from server.tender.tender_file import (
    BID_LIMIT,
    CHECK_LIMIT,
    DEFAULT_PLEDGE,
    SEAT_LIMIT,
    VENUE_LIMIT,
    SeatEntry,
    Tender,
)
from tests.tender.small_tender import SMALL, Found, changed, found_in


def test_left_out_keys_have_defaults() -> None:
    tender = read_tender(SMALL).tender

    assert (tender.budget_yuan, tender.time_zone, tender.pledge, tender.continues) == (
        None,
        "Asia/Shanghai",
        DEFAULT_PLEDGE,
        None,
    )


def test_tender_reads_back_as_msgspec_writes_it() -> None:
    tender = read_tender(SMALL).tender

    written = msgspec.json.encode(tender).decode()

    assert msgspec.json.decode(written, type=Tender) == tender


def test_values_are_taken_over_as_written() -> None:
    tender = read_tender(f"budget_yuan: 100.10\n{SMALL}").tender

    assert tender.budget_yuan == "100.10"
    assert [bid.price for lot in tender.lots.values() for bid in lot.bids.values()] == ["100.50", "90", "95"]
    assert [seat.name for seat in tender.seats][2:5] == ["阿依古丽·买买提", "no", "2025-01-01"]
    assert tender.seats[0] == SeatEntry(
        alias=Alias("E1"), role=Role.EXPERT, venue=VenueId("a"), name="赵𬱖", organisation="一院"
    )


def test_own_pledge_may_have_lines() -> None:
    assert read_tender(f"pledge: |\n  一、保密。\n  二、公正。\n{SMALL}").tender.pledge == "一、保密。\n二、公正。"


def _seats(count: int) -> str:
    seat = "  - {{alias: W{0}, role: witness, venue: a, name: 见证{0}}}\n"
    return changed(("lots:\n", "".join(seat.format(at) for at in range(1, count - 6)) + "lots:\n"))


def _bids(count: int) -> str:
    codes = [f"{first}{second}" for first in "XY" for second in string.ascii_uppercase]
    bid = "      {0}: {{title: 标书, bidder: 第{0}号, price: 99, facts: {{months: 1}}, given: {{credit: 1}}}}\n"
    return changed(("    checks:\n", "".join(bid.format(code) for code in codes[: count - 3]) + "    checks:\n"))


def _checks(count: int) -> str:
    check = "      - {{id: g{0}, title: 项, basis: 条}}\n"
    return changed(("    scheme:\n", "".join(check.format(at) for at in range(count - 2)) + "    scheme:\n"))


def _venues(count: int) -> str:
    names = [f"v{at}" for at in range(count - 2)]
    venues = "".join(f"  {name}: {{name: 场地}}\n" for name in names)
    operators = "".join(
        f"  - {{alias: X{at + 1}, role: venue_operator, venue: {name}, name: 管理{name}}}\n"
        for at, name in enumerate(names)
    )
    return changed(("seats:\n", venues + "seats:\n" + operators))


@pytest.mark.parametrize(
    ("text", "beyond", "found"),
    [
        (_seats(SEAT_LIMIT), _seats(SEAT_LIMIT + 1), (7, "seats", "too_many")),
        (_bids(BID_LIMIT), _bids(BID_LIMIT + 1), (18, "lots.L1.bids", "too_many")),
        (_checks(CHECK_LIMIT), _checks(CHECK_LIMIT + 1), (22, "lots.L1.checks", "too_many")),
        (_venues(VENUE_LIMIT), _venues(VENUE_LIMIT + 1), (4, "venues", "too_many")),
    ],
)
def test_counts_are_limited(text: str, beyond: str, found: Found) -> None:
    assert read_tender(text).tender.title == "小项目"
    assert found_in(beyond) == [found]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("alias: E1", "alias: e1", (8, "seats[0].alias", "alias_malformed")),
        ("alias: E1", "alias: E0", (8, "seats[0].alias", "alias_malformed")),
        ("      A: {", "      A1: {", (19, "lots.L1.bids.A1", "bid_alias_malformed")),
        ("  L1:", "  标段.一:", (16, "lots.标段.一", "id_malformed")),
        ("王龘", "王\u200b龘", (9, "seats[1].name", "character_forbidden")),
        ("王龘", '""', (9, "seats[1].name", "text_empty")),
        ("王龘", "王" * 401, (9, "seats[1].name", "text_too_long")),
    ],
)
def test_form_is_checked_by_the_structs(old: str, new: str, found: Found) -> None:
    assert found_in(changed((old, new))) == [found]


def test_separator_in_a_price_is_never_overlooked() -> None:
    """Within braces a comma ends the value: 13,656 would be 13, and a key 656."""
    assert found_in(changed(("price: 95", "price: 13,656"))) == [(21, "lots.L1.bids.C.656", "unknown_key")]
