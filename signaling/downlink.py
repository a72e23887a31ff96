"""The way from us to one seat: numbers every packet, learns from the feedback what the way carries, probes for more.

What feedback tells is gathered in C (`hot_path/feedback.c`) as it comes, and judged here soon after.

A seat that gives no feedback has no estimate: it gets everything, as before there was any.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from signaling.bandwidth import Bandwidth, News
from signaling.hot_path.entrance import Entrance
from signaling.hot_path.library import ffi, lib
from signaling.rtp import BadPacket
from signaling.sent_packets import SentPackets
from signaling.transport_feedback import TICK_S

PROBE_FACTOR = 2.0
PROBE_OCTETS = (8_000, 30_000)
"Of a train: at least enough packets for a spacing, at most what a shallow queue takes."
PROBE_EVERY_S = (3.0, 10.0)
"After a train that showed more, and at most, after trains that showed nothing."
_PROBE_DEAD_S = 2.0
_ENOUGH = 0.8
_SHORTEST_SPREAD_S = 0.0005

Pad = Callable[[int], int]
"Sends about so many octets that the seat needs not, and gives how many it sent."

_NOTHING: Any = ffi.new("struct news *")


def take_urgency() -> bool:
    """Whether any seat's feedback is urgent that has come since the last call."""
    is_urgent = bool(lib.is_any_urgent)
    lib.is_any_urgent = 0
    return is_urgent


class _Probe(msgspec.Struct, frozen=True, kw_only=True):
    """A train under way; which of its packets have come stands in `struct train`."""

    packets: int
    octets: int
    rate_bps: float
    sent_at: float


class Downlink:
    """One seat's; time is an argument, in seconds."""

    def __init__(self) -> None:
        self.bandwidth = Bandwidth()
        self.is_told = False
        "Whether feedback has ever come."
        self.sent = SentPackets()
        self._news: Any = ffi.new("struct news *")
        self._probe: _Probe | None = None
        self._probe_at = 0.0
        self._probe_pause_s = PROBE_EVERY_S[0]

    @property
    def budget_bps(self) -> float | None:
        """What may be sent; None while nothing is known."""
        return self.bandwidth.estimate_bps if self.is_told else None

    def be_told_by(self, entrance: Entrance) -> None:
        """Hear the feedback that comes in there, as by `take`."""
        entrance.tell(self.sent.pointer, self.bandwidth.trend.pointer, self._news, TICK_S)

    def take(self, body: bytes) -> int:
        """Gather what a message of the seat's feedback tells, until it is `heard`; gives of how many packets it tells.

        Args:
            body: as `transport_feedback.write` gives it.

        Raises:
            BadPacket: it is truncated or tells of too many.
        """
        packets = int(
            lib.hear_feedback(self.sent.pointer, self.bandwidth.trend.pointer, self._news, body, len(body), TICK_S)
        )
        if packets < 0:
            raise BadPacket("broken feedback")
        return packets

    @property
    def is_urgent(self) -> bool:
        """Whether it has been told that packets are lost or a queue grows, since it was last `heard`."""
        return bool(self._news.is_urgent)

    def heard(self, now: float) -> None:
        """Judge the way by what has been told since the last call."""
        told = self._news
        if not told.messages:
            return
        news = News(packets=told.packets, lost=told.lost, octets=int(told.octets), arrived_at=told.arrived_at)
        end = told.end
        self._news[0] = _NOTHING[0]
        self.is_told = True
        self.bandwidth.heard(news, now)
        if self._probe is not None and end > self.sent.pointer.train.last:
            self._conclude(self._probe, now)

    def probe(self, wanted_bps: float, pad: Pad, now: float) -> None:
        """Send a train if it is time and more is wanted than the estimate allows."""
        if self._probe is not None and now - self._probe.sent_at > _PROBE_DEAD_S:
            self._fail(now)
        estimate = self.bandwidth.estimate_bps
        if not self.is_told or self._probe or now < self._probe_at or wanted_bps <= estimate:
            return
        if self.bandwidth.is_falling or self.bandwidth.has_just_fallen(now):
            return
        rate_bps = min(PROBE_FACTOR * estimate, 1.2 * wanted_bps)
        low, high = PROBE_OCTETS
        first = self.sent.number + 1
        octets = pad(int(min(high, max(low, rate_bps / 8 * 0.03))))
        if octets >= low:
            packets = self.sent.number + 1 - first
            self._probe = _Probe(packets=packets, octets=octets, rate_bps=rate_bps, sent_at=now)
            self.sent.pointer.train = {"first": first, "last": self.sent.number, "came": 0, "earliest": 0, "latest": 0}

    def _conclude(self, probe: _Probe, now: float) -> None:
        train = self.sent.pointer.train
        if train.came < max(3, _ENOUGH * probe.packets):
            self._fail(now)
            return
        spread = max(_SHORTEST_SPREAD_S, (train.latest - train.earliest) * TICK_S)
        carried_bps = min(probe.rate_bps, 8 * probe.octets * (train.came - 1) / probe.packets / spread)
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
