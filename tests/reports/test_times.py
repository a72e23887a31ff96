from server.domain.ids import Millis
from server.reports.times import local_span, local_time


def test_times_are_those_of_the_rooms_zone() -> None:
    at = Millis(1_774_400_000_999)

    assert local_time(at, "Asia/Shanghai") == "2026年3月25日 08:53"
    assert local_time(at, "Asia/Urumqi") == "2026年3月25日 06:53"


def test_a_span_names_the_second_day_where_it_is_another_one() -> None:
    at = Millis(1_774_400_000_999)

    assert local_span(at, Millis(at + 90_000), "Asia/Shanghai") == "2026年3月25日 08:53:20 至 08:54:50"
    next_day = local_span(at, Millis(at + 20 * 3600_000), "Asia/Shanghai")
    assert next_day == "2026年3月25日 08:53:20 至 2026年3月26日 04:53:20"
