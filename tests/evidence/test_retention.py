from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.ids import Millis
from server.evidence.retention import kept_until

SHANGHAI = "Asia/Shanghai"


def at(text: str, zone: str = SHANGHAI) -> Millis:
    return Millis(round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000))


@pytest.mark.parametrize(
    ("closed", "years", "zone", "until"),
    [
        ("2026-03-25T17:30:00.250", 15, SHANGHAI, "2041-03-25T17:30:00.250"),
        ("2028-02-29T09:00", 15, SHANGHAI, "2043-03-01T09:00"),
        ("2028-02-29T09:00", 4, SHANGHAI, "2032-02-29T09:00"),
        ("2026-07-01T12:00", 1, "Europe/Berlin", "2027-07-01T12:00"),
    ],
)
def test_keeping_time_ends_on_the_same_day_some_years_on(closed: str, years: int, zone: str, until: str) -> None:
    assert kept_until(at(closed, zone), years, zone) == at(until, zone)


def test_day_is_that_of_the_rooms_own_zone() -> None:
    late = Millis(round(datetime(2028, 2, 28, 18, 0, tzinfo=UTC).timestamp() * 1000))  # 29 February in Shanghai

    assert kept_until(late, 1, SHANGHAI) == at("2029-03-01T02:00")
