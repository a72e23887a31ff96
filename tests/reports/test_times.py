from server.domain.ids import Millis
from server.reports.times import local_time


def test_times_are_those_of_the_rooms_zone() -> None:
    at = Millis(1_774_400_000_999)

    assert local_time(at, "Asia/Shanghai") == "2026年3月25日 08:53"
    assert local_time(at, "Asia/Urumqi") == "2026年3月25日 06:53"
