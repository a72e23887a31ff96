"""When a block was made, by the server's clock: from its RTP time, the sender reports around it and when they came.

A report comes some time after it was sent, never before; the quickest one of a minute tells best how far the sender's
clock is from ours. So its drift is followed, and sound and pictures of one seat, whose reports share one clock, keep
step.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import inf
from typing import Final

from signaling.recording.pieces import PieceFacts, SenderTime
from signaling.rtcp import NTP_FRACTION

NTP_EPOCH_MS: Final = 2_208_988_800_000
"From 1900 to 1970."
AROUND_MS: Final = 60_000
"Reports so near to a moment tell of it."


def sent_at(report: SenderTime) -> float:
    """When a report was sent, by the sender's clock: milliseconds since 1970 UTC."""
    return 1000 * (report.ntp_seconds + report.ntp_fraction / NTP_FRACTION) - NTP_EPOCH_MS


class SenderClock:
    """How far a seat's clock is from ours, from all reports of its sound and pictures."""

    def __init__(self, reports: Iterable[SenderTime]) -> None:
        self._offsets = sorted({(report.heard_at, report.heard_at - sent_at(report)) for report in reports})

    def offset_ms(self, moment: int) -> float | None:
        """What is to be added to the sender's time; none where no report tells."""
        first = bisect_left(self._offsets, (moment - AROUND_MS, -inf))
        last = bisect_right(self._offsets, (moment + AROUND_MS, inf))
        return min((offset for _, offset in self._offsets[first:last]), default=None)


def made_at(facts: PieceFacts, clock: SenderClock) -> float:
    """When a piece's first block was made, by our clock; without a report, when it came."""
    offset = clock.offset_ms(facts.begins_at)
    if not facts.reports or offset is None:
        return float(facts.begins_at)
    nearest = min(facts.reports, key=lambda report: abs(report.heard_at - facts.begins_at))
    since = ((facts.first_timestamp - nearest.rtp_timestamp + 0x80000000) & 0xFFFFFFFF) - 0x80000000
    return sent_at(nearest) + 1000 * since / facts.clock_rate + offset
