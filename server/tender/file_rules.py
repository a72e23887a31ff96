"""Whether the file is all there, and what it says of the whole proceeding."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from server.domain.plan import Policy, Regime
from server.tender.messages import Facts
from server.tender.mistakes import Mistake, mistake
from server.tender.reading import Reading
from server.tender.tender_file import DEFAULT_TIME_ZONE

_LEAST_YEARS: Final = {Regime.GOVERNMENT_PROCUREMENT: (15, "政府采购法, Art. 42")}
"Elsewhere the record is kept for a year at least."


def file_mistakes(reading: Reading) -> Iterator[Mistake]:
    """Mistakes of the end mark, the time zone and the retention."""
    yield from _end_mistakes(reading)
    zone = reading.part("time_zone", str)
    if zone is not None and zone != DEFAULT_TIME_ZONE and not _is_zone(zone):
        yield reading.mistake("time_zone", "time_zone_unknown", {"zone": zone})
    policy, regime = reading.part("policy", Policy), reading.part("regime", Regime)
    if policy is not None and regime is not None:
        least, source = _LEAST_YEARS.get(regime, (1, None))
        if policy.retention_years < least:
            facts: Facts = {"years": policy.retention_years, "least": least}
            yield reading.mistake("policy.retention_years", "retention_too_short", facts, source=source)


def _end_mistakes(reading: Reading) -> Iterator[Mistake]:
    """A file that was cut off can still be read; that its last key is there shows that nothing is missing."""
    if not reading.has("end"):
        yield mistake("end", reading.last_line, "end_missing")
    elif reading.part("end", bool) is False or list(reading.entries(""))[-1] != "end":
        yield reading.mistake("end", "end_misplaced")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True
