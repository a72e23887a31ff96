import pytest

from server.tender.read import read_tender
from tests.tender.small_tender import SMALL, changed, found_in, refusal


def test_missing_end_is_reported_at_the_last_line() -> None:
    assert found_in(changed(("end: true\n", ""))) == [(39, "end", "end_missing")]


@pytest.mark.parametrize("end", ["end: false\n", "end: true\ntime_zone: Asia/Shanghai\n"])
def test_end_is_true_and_last(end: str) -> None:
    assert found_in(changed(("end: true\n", end))) == [(40, "end", "end_misplaced")]


def test_end_that_was_cut_itself_is_no_end() -> None:
    assert found_in(changed(("end: true\n", "end: tru"))) == [(40, "end", "not_true_or_false")]


@pytest.mark.parametrize("zone", ["Asia/Urumqi", "UTC", "Asia/Shanghai"])
def test_known_time_zone_is_read(zone: str) -> None:
    assert read_tender(f"time_zone: {zone}\n{SMALL}").tender.time_zone == zone


@pytest.mark.parametrize("zone", ["Asia/Beijing", "../etc", "北京"])
def test_unknown_time_zone_is_refused(zone: str) -> None:
    assert found_in(f"time_zone: {zone}\n{SMALL}") == [(1, "time_zone", "time_zone_unknown")]


def test_government_procurement_keeps_records_for_fifteen_years() -> None:
    text = changed(
        ("regime: tendering_law", "regime: government_procurement"),
        ("law: tendering", "law: procurement_goods"),
        ("retention_years: 15", "retention_years: 14"),
    )

    mistakes = refusal(text).mistakes

    assert [(one.line, one.path, one.code) for one in mistakes] == [
        (3, "policy.retention_years", "retention_too_short")
    ]
    assert (mistakes[0].facts, mistakes[0].source) == ({"years": 14, "least": 15}, "政府采购法, Art. 42")


def test_other_regimes_keep_records_for_a_year_at_least() -> None:
    assert read_tender(changed(("retention_years: 15", "retention_years: 1"))).tender.policy.retention_years == 1
    assert found_in(changed(("retention_years: 15", "retention_years: 0"))) == [
        (3, "policy.retention_years", "retention_too_short")
    ]


def test_retention_is_not_judged_without_a_policy() -> None:
    assert found_in(changed(("policy: {member_names: open, retention_years: 15}\n", ""))) == [
        (1, "policy", "missing_key")
    ]
