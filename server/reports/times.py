"""Times as they are printed: in the room's own time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from server.domain.ids import Millis


def local_time(at: Millis, zone: str) -> str:
    """Date and time to the minute: `2026年3月25日 09:05`."""
    local = moment(at).astimezone(ZoneInfo(zone))
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def local_span(begins_at: Millis, ends_at: Millis, zone: str) -> str:
    """From when to when, to the second: `2026年3月25日 09:05:10 至 09:07:40`, with a second date if that is another."""
    begin, end = (moment(at).astimezone(ZoneInfo(zone)) for at in (begins_at, ends_at))
    date = "" if begin.date() == end.date() else f"{end.year}年{end.month}月{end.day}日 "
    return f"{begin.year}年{begin.month}月{begin.day}日 {begin:%H:%M:%S} 至 {date}{end:%H:%M:%S}"


def moment(at: Millis) -> datetime:
    """The same in UTC, to the second."""
    return datetime.fromtimestamp(at // 1000, UTC)
