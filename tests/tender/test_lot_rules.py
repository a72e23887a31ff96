from decimal import Decimal

import pytest

from server.tender.read import read_tender
from server.tender.tender_file import CRITERION_LIMIT
from tests.tender.small_tender import SMALL, Found, changed, found_in, refusal

CRITERIA = "      criteria:\n"
WITHOUT_PRICE = SMALL[: SMALL.index("      criteria:")] + (
    "      criteria: {id: total, title: 总分, points: 35, children:\n"
    "        [{kind: members, id: plan, title: 方案, max_points: 35, unit: 1}]}\n"
    "      ranking: [{by: points, node: total}]\n"
    "end: true\n"
)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("100.50", "0", (19, "lots.L1.bids.A.price", "price_not_positive")),
        ("北辰公司", "远 峰公司", (20, "lots.L1.bids.B.bidder", "bidder_repeated")),
        ("标书乙", "凯源公司标书", (20, "lots.L1.bids.B.title", "title_names_bidder")),
        ("id: f2", "id: f1", (24, "lots.L1.checks[1].id", "check_repeated")),
        ("id: f2", "id: 资质", (24, "lots.L1.checks[1].id", "id_malformed")),
        ("law: tendering", "law: enterprise", (26, "lots.L1.scheme.law", "law_of_other_regime")),
        ("points: 100", "points: 99", (30, "lots.L1.scheme.criteria.points", "scheme_points_do_not_sum")),
        ("credit: 4}", "credit: 4, fame: 1}", (19, "lots.L1.bids.A.given.fame", "points_unknown")),
        ("given: {credit: 4}", "given: {}", (19, "lots.L1.bids.A.given.credit", "points_missing")),
        (", given: {credit: 4}", "", (19, "lots.L1.bids.A.given.credit", "points_missing")),
        ("{credit: 4}", "{credit: 4.001}", (19, "lots.L1.bids.A.given.credit", "points_malformed")),
        ("{credit: 4}", "{credit: 5.5}", (19, "lots.L1.bids.A.given.credit", "points_out_of_range")),
        ("{credit: 4}", "{credit: 4.25}", (19, "lots.L1.bids.A.given.credit", "points_off_unit")),
        ("months: 10", "months: 10, days: 1", (19, "lots.L1.bids.A.facts.days", "fact_unknown")),
        ("facts: {months: 10}, ", "", (19, "lots.L1.bids.A.facts.months", "fact_missing")),
        ("above_loss: 1", "above_loss: -50", (20, "lots.L1.bids.B.facts", "evaluated_price_not_positive")),
        (
            "organisation: 一院",
            "organisation: 远峰公司",
            (8, "seats[0].organisation", "member_of_bidder"),
        ),
    ],
)
def test_lot_mistake_is_found_in_its_line(old: str, new: str, found: Found) -> None:
    assert found_in(changed((old, new))) == [found]


def test_organisation_of_an_operator_may_be_a_bidders() -> None:
    text = changed(("name: 何一", "name: 何一, organisation: 远峰公司"))

    assert read_tender(text).tender.seats[5].organisation == "远峰公司"


def test_fewer_than_three_bids_block_opening() -> None:
    text = "".join(line for line in SMALL.splitlines(keepends=True) if "C: {title" not in line)

    mistakes = refusal(text).mistakes

    assert [(one.line, one.path, one.code) for one in mistakes] == [(18, "lots.L1.bids", "bids_too_few")]
    assert mistakes[0].facts == {"count": 2, "least": 3}
    assert mistakes[0].source == "CTS-EBS01-2016, B-018; 招标投标法, Art. 28"


def test_no_bids_at_all_are_too_few_for_an_enterprise_too() -> None:
    start, end = SMALL.index("    bids:\n"), SMALL.index("    checks:")
    text = SMALL[:start] + "    bids: {}\n" + SMALL[end:]
    text = changed(("regime: tendering_law", "regime: enterprise"), ("law: tendering", "law: enterprise"), text=text)

    mistakes = refusal(text).mistakes

    assert [(one.line, one.path, one.code, one.source) for one in mistakes] == [
        (18, "lots.L1.bids", "bids_too_few", None)
    ]


def test_one_bid_is_enough_for_an_enterprise() -> None:
    text = "".join(line for line in SMALL.splitlines(keepends=True) if not line.startswith(("      B:", "      C:")))
    text = changed(("regime: tendering_law", "regime: enterprise"), ("law: tendering", "law: enterprise"), text=text)

    assert list(read_tender(text).tender.lots["L1"].bids) == ["A"]  # type: ignore[index]


def test_bids_of_the_wrong_form_are_not_counted() -> None:
    start, end = SMALL.index("    bids:\n"), SMALL.index("    checks:")

    assert found_in(SMALL[:start] + "    bids: []\n" + SMALL[end:]) == [(18, "lots.L1.bids", "not_mapping")]


def test_bid_of_the_wrong_form_owes_the_scheme_nothing() -> None:
    line = SMALL.splitlines()[18]

    assert found_in(changed((line, "      A: 远峰公司"))) == [(19, "lots.L1.bids.A", "not_mapping")]


def test_broken_numbers_of_a_bid_are_not_judged_further() -> None:
    text = changed(("{credit: 4}", "{credit: 四}"), ("months: 10}", "months: ten}"), ("100.50", "-1"))

    assert found_in(text) == [
        (19, "lots.L1.bids.A.facts.months", "not_decimal"),
        (19, "lots.L1.bids.A.given.credit", "not_decimal"),
        (19, "lots.L1.bids.A.price", "price_not_positive"),
    ]


def test_evaluated_price_is_not_asked_for_without_a_price() -> None:
    text = changed(("above_loss: 1", "above_loss: -50"), ('price: "90", ', ""))

    assert found_in(text) == [(20, "lots.L1.bids.B.price", "missing_key")]


def test_mistakes_of_one_bid_do_not_hide_each_other() -> None:
    text = changed(("标书乙", "~"), ("北辰公司", "远峰公司"), ('"90"', "0"), ("credit: 5}", "credit: 6}"))

    assert [code for _, _, code in found_in(text)] == [
        "bidder_repeated",
        "points_out_of_range",
        "price_not_positive",
        "text_empty",
    ]


def test_law_of_the_scheme_is_not_judged_without_a_regime() -> None:
    text = changed(("regime: tendering_law\n", ""), ("law: tendering", "law: enterprise"))

    assert found_in(text) == [(1, "regime", "missing_key")]


def test_scheme_without_prices_has_no_use_for_facts_and_given_points() -> None:
    mistakes = [one for one in refusal(WITHOUT_PRICE).mistakes if one.line == 19]

    assert [(one.path, one.code, one.facts["known"]) for one in mistakes] == [
        ("lots.L1.bids.A.facts.months", "fact_unknown", "—"),
        ("lots.L1.bids.A.given.credit", "points_unknown", "—"),
    ]


def test_scheme_without_prices_is_read() -> None:
    text = WITHOUT_PRICE
    for piece in ("months: 10", "months: 12", "months: 9"):
        text = changed((f", facts: {{{piece}}}", ""), text=text)
    for piece in ("credit: 4", "credit: 5", "credit: 3.5"):
        text = changed((f", given: {{{piece}}}", ""), text=text)

    assert read_tender(text).tender.lots["L1"].scheme.criteria.points == Decimal(35)  # type: ignore[index]


def test_problem_of_the_law_names_its_source() -> None:
    text = changed(
        ("regime: tendering_law", "regime: government_procurement"), ("law: tendering", "law: procurement_goods")
    )

    mistakes = refusal(changed(("{statistic: lowest}", "{statistic: mean}"), text=text)).mistakes

    assert [(one.line, one.path, one.code, one.source) for one in mistakes] == [
        (35, "lots.L1.scheme.price", "scheme_law_low_price_first", "87号令, Art. 55")
    ]
    assert mistakes[0].hint == mistakes[0].facts["advice"]


def test_too_many_criteria_are_refused() -> None:
    rows = "".join(
        f"          - {{kind: members, id: i{at}, title: 项, max_points: 1, unit: 1}}\n"
        for at in range(CRITERION_LIMIT)
    )
    text = changed(("          - {kind: members, id: plan, title: 方案, max_points: 35, unit: 1}\n", rows))

    mistakes = refusal(changed(("points: 100", "points: 165"), text=text)).mistakes

    assert [(one.line, one.path, one.code) for one in mistakes] == [(27, "lots.L1.scheme.criteria", "too_many")]
    assert mistakes[0].facts == {"count": CRITERION_LIMIT + 2, "limit": CRITERION_LIMIT}
