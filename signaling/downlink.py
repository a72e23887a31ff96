"""The way from us to one seat: numbers every packet, learns from the feedback what the way carries, probes for more.

A seat that gives no feedback has no estimate: it gets everything, as before there was any.
"""

import struct
from collections.abc import Callable
from typing import Any

from signaling.bandwidth import Bandwidth
from signaling.rtp import COUNTER_AT, signed_distance
from signaling.transport_feedback import TransportFeedback

RING = 8192
"Packets remembered until they are told of; a power of two. Some seven seconds at 1200 a second."
PROBE_FACTOR = 2.0
PROBE_OCTETS = (8_000, 30_000)
"Of a train: at least enough packets for a spacing, at most what a shallow queue takes."
PROBE_EVERY_S = (3.0, 30.0)
"After a train that showed more, and at most, after trains that showed nothing."
_PROBE_DEAD_S = 2.0
_ENOUGH = 0.8
_SHORTEST_SPREAD_S = 0.0005

_NUMBER = struct.Struct("!H")

Pad = Callable[[int], int]
"Sends about so many octets that the seat needs not, and gives how many it sent."


class _Probe:
    """A train under way."""

    def __init__(self, first: int, last: int, rate_bps: float, sent_at: float) -> None:
        self.first = first
        self.last = last
        self.rate_bps = rate_bps
        self.sent_at = sent_at
        self.arrivals: list[tuple[float, int]] = []


class Downlink:
    """One seat's; time is an argument, in seconds."""

    def __init__(self) -> None:
        self.bandwidth = Bandwidth()
        self.is_told = False
        "Whether feedback has ever come."
        self.number = 0
        "Of packets numbered so far."
        self._sent_at = [0.0] * RING
        self._octets = [0] * RING
        self._probe: _Probe | None = None
        self._probe_at = 0.0
        self._probe_pause_s = PROBE_EVERY_S[0]

    @property
    def budget_bps(self) -> float | None:
        """What may be sent; None while nothing is known."""
        return self.bandwidth.estimate_bps if self.is_told else None

    def stamp(self, view: Any, length: int, now: float) -> None:
        """Number a packet that has room for it at `COUNTER_AT`, and remember it; `length` in octets."""
        number = self.number = self.number + 1
        _NUMBER.pack_into(view, COUNTER_AT, number & 0xFFFF)
        self._sent_at[number % RING] = now
        self._octets[number % RING] = length

    def heard(self, feedback: TransportFeedback, now: float) -> None:
        """Take the seat's feedback; what is older than the ring is left out."""
        first = self.number + signed_distance(feedback.base, self.number & 0xFFFF)
        packets: list[tuple[float, float, int]] = []
        lost = 0
        probe = self._probe
        for number, arrived in enumerate(feedback.arrivals, first):
            if not self.number - RING < number <= self.number or number < 1:
                continue
            octets = self._octets[number % RING]
            if arrived is None:
                lost += bool(octets)
            elif octets:
                self._octets[number % RING] = 0
                packets.append((self._sent_at[number % RING], arrived, octets))
                if probe is not None and probe.first <= number <= probe.last:
                    probe.arrivals.append((arrived, octets))
        self.is_told = True
        self.bandwidth.heard(packets, lost, now)
        if probe is not None and first + len(feedback.arrivals) > probe.last:
            self._conclude(probe, now)

    def probe(self, wanted_bps: float, pad: Pad, now: float) -> None:
        """Send a train if it is time and more is wanted than the estimate allows."""
        if self._probe is not None and now - self._probe.sent_at > _PROBE_DEAD_S:
            self._fail(now)
        estimate = self.bandwidth.estimate_bps
        if not self.is_told or self._probe or now < self._probe_at or wanted_bps <= estimate:
            return
        if self.bandwidth.is_falling:
            return
        rate_bps = min(PROBE_FACTOR * estimate, 1.2 * wanted_bps)
        low, high = PROBE_OCTETS
        first = self.number + 1
        if pad(int(min(high, max(low, rate_bps / 8 * 0.03)))) >= low:
            self._probe = _Probe(first, self.number, rate_bps, now)

    def _conclude(self, probe: _Probe, now: float) -> None:
        octets = sum(size for _, size in probe.arrivals)
        count = probe.last - probe.first + 1
        if len(probe.arrivals) < max(3, _ENOUGH * count):
            self._fail(now)
            return
        times = [arrived for arrived, _ in probe.arrivals]
        spread = max(_SHORTEST_SPREAD_S, max(times) - min(times))
        carried_bps = min(probe.rate_bps, 8 * (octets - probe.arrivals[0][1]) / spread)
        before = self.bandwidth.estimate_bps
        self.bandwidth.probed(carried_bps, now)
        self._probe = None
        if self.bandwidth.estimate_bps > before:
            self._probe_pause_s = PROBE_EVERY_S[0]
            self._probe_at = now + self._probe_pause_s / 3
        else:
            self._fail(now)

    def _fail(self, now: float) -> None:
        self._probe = None
        self._probe_at = now + self._probe_pause_s
        self._probe_pause_s = min(PROBE_EVERY_S[1], 2 * self._probe_pause_s)
