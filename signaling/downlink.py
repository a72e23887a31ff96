"""The way from us to one seat: numbers every packet, learns from the feedback what the way carries, probes for more.

A seat that gives no feedback has no estimate: it gets everything, as before there was any.
"""

from collections.abc import Callable

from signaling.bandwidth import Bandwidth
from signaling.sent_packets import SentPackets
from signaling.transport_feedback import TICK_S, TransportFeedback

PROBE_FACTOR = 2.0
PROBE_OCTETS = (8_000, 30_000)
"Of a train: at least enough packets for a spacing, at most what a shallow queue takes."
PROBE_EVERY_S = (3.0, 30.0)
"After a train that showed more, and at most, after trains that showed nothing."
_PROBE_DEAD_S = 2.0
_ENOUGH = 0.8
_SHORTEST_SPREAD_S = 0.0005

Pad = Callable[[int], int]
"Sends about so many octets that the seat needs not, and gives how many it sent."


class _Probe:
    """A train under way."""

    def __init__(self, first: int, last: int, octets: int, rate_bps: float, sent_at: float) -> None:
        self.first = first
        self.last = last
        self.octets = octets
        self.rate_bps = rate_bps
        self.sent_at = sent_at
        self.arrivals: list[int] = []
        "In ticks of the seat's clock."


class Downlink:
    """One seat's; time is an argument, in seconds."""

    def __init__(self) -> None:
        self.bandwidth = Bandwidth()
        self.is_told = False
        "Whether feedback has ever come."
        self.sent = SentPackets()
        self._probe: _Probe | None = None
        self._probe_at = 0.0
        self._probe_pause_s = PROBE_EVERY_S[0]

    @property
    def budget_bps(self) -> float | None:
        """What may be sent; None while nothing is known."""
        return self.bandwidth.estimate_bps if self.is_told else None

    def heard(self, feedback: TransportFeedback, now: float) -> None:
        """Take the seat's feedback."""
        told = self.sent.take(feedback)
        self.is_told = True
        self.bandwidth.heard(told, now)
        probe = self._probe
        if probe is None:
            return
        end = told.first + len(feedback.arrivals)
        part = feedback.arrivals[max(0, probe.first - told.first) : max(0, probe.last + 1 - told.first)]
        probe.arrivals += (tick for tick in part if tick is not None)
        if end > probe.last:
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
        first = self.sent.number + 1
        octets = pad(int(min(high, max(low, rate_bps / 8 * 0.03))))
        if octets >= low:
            self._probe = _Probe(first, self.sent.number, octets, rate_bps, now)

    def _conclude(self, probe: _Probe, now: float) -> None:
        count = probe.last - probe.first + 1
        came = len(probe.arrivals)
        if came < max(3, _ENOUGH * count):
            self._fail(now)
            return
        spread = max(_SHORTEST_SPREAD_S, (max(probe.arrivals) - min(probe.arrivals)) * TICK_S)
        carried_bps = min(probe.rate_bps, 8 * probe.octets * (came - 1) / count / spread)
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
