import pytest

from server.tender.read import read_tender
from tests.tender.small_tender import SMALL, Found, changed, found_in, refusal

PROCUREMENT = changed(
    ("regime: tendering_law", "regime: government_procurement"),
    ("law: tendering", "law: procurement_goods"),
)


def test_planned_chair_is_refused_and_counts_as_no_member() -> None:
    mistakes = refusal(changed(("R1, role: representative", "R1, role: chair"))).mistakes

    assert [(one.line, one.path, one.code) for one in mistakes] == [
        (7, "seats", "committee_even"),
        (7, "seats", "committee_too_small"),
        (12, "seats[4].role", "chair_planned"),
    ]
    assert mistakes[2].source == "12号令, Art. 9; 87号令, Art. 45"


def test_unknown_venue_is_refused_with_the_nearest() -> None:
    text = changed(("  a: {name: 甲县中心", "  main: {name: 甲县中心")).replace("venue: a,", "venue: main,")

    mistakes = refusal(changed(("E1, role: expert, venue: main", "E1, role: expert, venue: mian"), text=text)).mistakes

    assert [(one.line, one.path, one.code) for one in mistakes] == [(8, "seats[0].venue", "venue_unknown")]
    assert mistakes[0].facts == {"venue": "mian", "expected": "main"}


def test_no_venue_is_unknown_where_all_are_missing() -> None:
    text = changed(("venues:\n  a: {name: 甲县中心, main: true}\n  b: {name: 乙县中心}\n", ""))

    assert found_in(text) == [(1, "venues", "missing_key")]


def test_repeated_alias_is_refused_with_both_lines() -> None:
    mistakes = refusal(changed(("alias: E2", "alias: E1"))).mistakes

    assert [(one.line, one.path, one.code) for one in mistakes] == [(9, "seats[1].alias", "alias_repeated")]
    assert mistakes[0].facts == {"alias": "E1", "first_line": 8}


def test_second_seat_of_a_person_is_refused_with_both_lines() -> None:
    mistakes = refusal(changed(("name: 王龘", "name: 赵𬱖, organisation: 一院"))).mistakes

    assert [(one.line, one.path, one.code) for one in mistakes] == [(9, "seats[1].name", "person_repeated")]
    assert mistakes[0].facts == {"name": "赵𬱖", "first_line": 8}


@pytest.mark.parametrize("name", ["赵𬱖, organisation: 二院", "赵𬱖（二）, organisation: 一院"])
def test_people_who_share_a_name_can_be_told_apart(name: str) -> None:
    assert len(read_tender(changed(("name: 王龘", f"name: {name}"))).tender.seats) == 7


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (", main: true", "", (4, "venues", "main_venue_missing")),
        ("乙县中心", "乙县中心, main: true", (6, "venues.b.main", "main_venue_repeated")),
        ("H1, role: host_operator", "H1, role: witness", (5, "venues.a", "operator_missing")),
        ("V1, role: venue_operator", "V1, role: witness", (6, "venues.b", "operator_missing")),
    ],
)
def test_venues_need_one_main_and_an_operator_each(old: str, new: str, found: Found) -> None:
    assert found_in(changed((old, new))) == [found]


def test_operator_of_the_wrong_kind_is_misplaced() -> None:
    text = changed(("H1, role: host_operator", "H1, role: venue_operator"))

    assert found_in(text) == [(5, "venues.a", "operator_missing"), (13, "seats[5].role", "operator_misplaced")]


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ("alias: H1, role: hots_operator, venue: a", (13, "seats[5].role", "unknown_choice")),
        ("alias: H1, role: host_operator", (13, "seats[5].venue", "missing_key")),
    ],
)
def test_no_operator_is_missed_while_a_seat_is_broken(new: str, found: Found) -> None:
    assert found_in(changed(("alias: H1, role: host_operator, venue: a", new))) == [found]


def test_operators_are_not_asked_for_without_seats() -> None:
    assert found_in(SMALL[: SMALL.index("  - {alias: E1")] + SMALL[SMALL.index("lots:") :]) == [
        (7, "seats", "not_list")
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (changed(("E4, role: expert", "E4, role: witness")), ["committee_even", "committee_too_small"]),
        (changed(("E4, role: expert", "E4, role: representative")), ["experts_too_few"]),
        (
            changed(("E4, role: expert", "E4, role: witness"), ("E3, role: expert", "E3, role: agent")),
            ["committee_too_small"],
        ),
        (PROCUREMENT.replace("regime", "budget_yuan: 10000000.00\nregime"), ["committee_too_small"]),
        (
            SMALL.replace("role: expert", "role: witness").replace("role: representative", "role: agent"),
            ["committee_missing"],
        ),
    ],
)
def test_committee_against_the_law_is_refused(text: str, codes: list[str]) -> None:
    line = text[: text.index("seats:")].count("\n") + 1

    assert found_in(text) == [(line, "seats", code) for code in codes]


def test_refused_committee_names_numbers_and_law() -> None:
    mistake = refusal(changed(("E4, role: expert", "E4, role: representative"))).mistakes[0]

    assert (mistake.facts, mistake.source) == ({"experts": 3, "count": 5, "least": 4}, "招标投标法, Art. 37")


@pytest.mark.parametrize(
    "text",
    [
        PROCUREMENT,
        PROCUREMENT.replace("regime", "budget_yuan: 9999999.99\nregime"),
        SMALL.replace("regime", "budget_yuan: 10000000\nregime"),
        changed(
            ("regime: tendering_law", "regime: enterprise"),
            ("law: tendering", "law: enterprise"),
            ("E4, role: expert", "E4, role: representative"),
        ),
    ],
)
def test_committee_within_the_law_is_read(text: str) -> None:
    assert len(read_tender(text).tender.seats) == 7


def test_size_is_not_judged_without_a_regime() -> None:
    text = changed(("regime: tendering_law\n", ""), ("E4, role: expert", "E4, role: witness"))

    assert found_in(text) == [(1, "regime", "missing_key")]
