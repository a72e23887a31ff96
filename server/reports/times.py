"""Times as they are printed: in the room's own time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from server.domain.ids import Millis


def local_time(at: Millis, zone: str) -> str:
    """Date and time to the minute: `2026年3月25日 09:05`."""
    local = moment(at).astimezone(ZoneInfo(zone))
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def moment(at: Millis) -> datetime:
    """The same in UTC, to the second."""
    return datetime.fromtimestamp(at // 1000, UTC)
