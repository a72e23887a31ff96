"""How one track comes to a seat: since when, how late, and for how long it stood still.

Time is an argument, in seconds.
"""

from signaling.reception import SenderClock
from signaling.rtcp import NTP_FRACTION
from signaling.rtp import RtpPacket

FROZEN_AFTER_S = 0.5
"Between two frames; the slowest camera sends five a second."
SAMPLED = 8
"Of so many packets the delay of one is noted."
MOST_DELAYS = 4000

_HALF = 1 << 31


class Smoothness:
    """Of one track; the delay is told by the sender's reports, so both ends must have the same wall clock."""

    def __init__(self, clock_rate: int) -> None:
        self.first_at: float | None = None
        self.frozen_s = 0.0
        self.freezes = 0
        self.delays_ms: list[float] = []
        self._clock_rate = clock_rate
        self._frame_at: float | None = None
        self._count = 0

    def arrived(self, packet: RtpPacket, now: float, ntp: float, clock: SenderClock | None) -> None:
        """Note a packet.

        Args:
            packet: of the track.
            now: by our clock.
            ntp: the same moment by the wall clock, in seconds since 1900.
            clock: the sender's, from its last report.
        """
        self._count += 1
        if clock is not None and self._count % SAMPLED == 0 and len(self.delays_ms) < MOST_DELAYS:
            since_report = (packet.timestamp - clock.rtp_timestamp + _HALF) % (2 * _HALF) - _HALF
            self.delays_ms.append(1000 * (ntp - clock.ntp / NTP_FRACTION - since_report / self._clock_rate))
        if packet.marker:
            self._note_frame(now)

    def _note_frame(self, now: float) -> None:
        if self._frame_at is None:
            self.first_at = now
        elif now - self._frame_at > FROZEN_AFTER_S:
            self.freezes += 1
            self.frozen_s += now - self._frame_at
        self._frame_at = now

    def begin_again(self, now: float) -> None:
        """Forget what stood still and how late it came until now, as when a measurement begins."""
        self.frozen_s, self.freezes = 0.0, 0
        self.delays_ms.clear()
        if self._frame_at is not None:
            self._frame_at = now

    def frozen_until(self, now: float) -> float:
        """Seconds without a new frame, with the standstill that is not over yet."""
        standing = now - self._frame_at if self._frame_at is not None else 0.0
        return self.frozen_s + (standing if standing > FROZEN_AFTER_S else 0.0)
