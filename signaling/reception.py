"""How a track arrives: the counters of a receiver report, which are kept in C, and its sender's clock.

Source: RFC 3550, A.3 (loss), A.8 (jitter), 6.4.1 (delay since the last sender report).
"""

from typing import Any

import msgspec

from signaling.hot_path.library import ffi, lib
from signaling.rtcp import NTP_FRACTION, ReportBlock, SenderReport


class SenderClock(msgspec.Struct, frozen=True):
    """One point where the sender's RTP clock and wall clock meet, and when we learned of it."""

    ntp: int
    rtp_timestamp: int
    heard_at: float
    "Seconds of our own clock."

    def at(self, now: float, clock_rate: int) -> tuple[int, int]:
        """NTP and RTP time of the sender at this moment, by running both clocks on."""
        elapsed = now - self.heard_at
        return self.ntp + int(elapsed * NTP_FRACTION), (self.rtp_timestamp + int(elapsed * clock_rate)) & 0xFFFFFFFF


class Reception:
    """Counts one stream from one sender; time is an argument, in seconds.

    Args:
        clock_rate: of its timestamps.
        pointer: where it is counted, a `struct reception` that says the same rate; else in one of its own.
    """

    def __init__(self, clock_rate: int, pointer: Any = None) -> None:
        self.clock: SenderClock | None = None
        self._counts = pointer or ffi.new("struct reception *", {"clock_rate": clock_rate})
        self._clock_rate = clock_rate
        self._expected_before = 0
        self._packets_before = 0

    def arrived(self, index: int, timestamp: int, octets: int, now: float) -> None:
        """Note one packet with its unwrapped sequence number and its size."""
        lib.count(self._counts, index, timestamp, octets, now)

    @property
    def packets(self) -> int:
        """How many have come."""
        return int(self._counts.packets)

    @property
    def octets(self) -> int:
        """Their size, with headers."""
        return int(self._counts.octets)

    def heard_report(self, report: SenderReport, now: float) -> None:
        """Note the sender's own report."""
        self.clock = SenderClock(report.ntp, report.rtp_timestamp, now)

    @property
    def lost(self) -> int:
        """Packets expected less packets that came; negative after duplicates."""
        return self.expected - self.packets

    @property
    def jitter_ms(self) -> float:
        """Mean deviation of the spacing."""
        return float(1000 * self._counts.jitter / self._clock_rate)

    @property
    def expected(self) -> int:
        """Packets that the sender has sent, by their numbers."""
        counts = self._counts
        return int(counts.highest - counts.first + 1) if counts.packets else 0

    def block(self, ssrc: int, now: float, at_least: float = 0.0) -> ReportBlock:
        """The report since the last one; calling it starts the next interval.

        Args:
            ssrc: of the stream.
            now: seconds of our clock.
            at_least: told to be lost, 0 to 1, where fewer were: listeners behind us may miss more.
        """
        expected, packets = self.expected - self._expected_before, self.packets - self._packets_before
        self._expected_before, self._packets_before = self.expected, self.packets
        lost = max(0, expected - packets)
        return ReportBlock(
            ssrc=ssrc,
            fraction_lost=min(255, max(int(256 * at_least), (lost << 8) // expected if expected else 0)),
            lost=self.lost,
            highest=int(self._counts.highest) & 0xFFFFFFFF,
            jitter=int(self._counts.jitter),
            last_report=(self.clock.ntp >> 16) & 0xFFFFFFFF if self.clock else 0,
            delay=int((now - self.clock.heard_at) * 65536) & 0xFFFFFFFF if self.clock else 0,
        )
