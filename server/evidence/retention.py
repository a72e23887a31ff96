"""How long what was recorded of a room must be kept."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from server.domain.ids import Millis


def kept_until(closed_at: Millis, years: int, zone: str) -> Millis:
    """The end of the keeping time of a room, by the calendar of its time zone.

    The law counts from the end of the whole procurement, which is after the close and which no room knows.
    Source: 政府采购法, Art. 42.
    """
    closed = datetime.fromtimestamp(closed_at / 1000, UTC).astimezone(ZoneInfo(zone))
    try:
        end = closed.replace(year=closed.year + years)
    except ValueError:  # closed on 29 February
        end = closed.replace(year=closed.year + years, month=3, day=1)
    return Millis(round(end.timestamp() * 1000))
