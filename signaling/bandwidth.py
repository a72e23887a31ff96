"""How much may be sent to one seat: an estimate in bits per second, from what its feedback says. Pure.

It rises slowly while packets pass freely, falls to below what arrived when a queue grows or many are lost, and jumps
when a probe, a short train of packets, has shown that the path carries more. While less is sent than allowed nothing
shows that more would pass, so the estimate does not rise far beyond what arrives.
Source: draft-ietf-rmcat-gcc-02, 5.5 (rate control) and 6 (loss).
"""

from collections import deque

import msgspec

from signaling.delay_trend import DelayTrend, Usage

START_BPS = 8_000_000
"Until the feedback says otherwise: all sound and pictures of a committee. A poorer line shows itself in a second."
LOWEST_BPS = 100_000
HIGHEST_BPS = 50_000_000
MEASURED_OVER_S = 0.5
MOST_MEASURED = 500
"Messages: a seat whose clock runs backwards must not fill our memory."
RISE_PER_S = 1.08
FALL_TO = 0.85
"Of what arrives, when a queue grows."
DEEPEST_STEP = 0.7
"Of the estimate, in one fall: a computer that was busy for a moment looks like a queue, too."
AGAIN_WITHIN_S = 1.0
"A queue that grows again so soon after a fall is no busy computer: then nothing is believed that is not proved."
FREE_OF_PROOF = 1.5
"So far the estimate may lie above what arrives."
FALL_EVERY_S = 0.3
LOSS_MEASURED_OVER_S = 1.0
TOLERATED_LOSS = 0.12
"Noise on a bad line, not congestion: repeats mend it."
NOISE = 0.04
"A line that loses more loses repeats as well, and asking anew takes a round trip in which the picture stands."
OUTAGE_S = 1.0
"Without feedback. What was lost meanwhile tells that the way was cut, and nothing of what it carries."
PROBE_CAUTION = 0.95


class News(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a seat's feedback tells anew."""

    packets: int
    "That have arrived."
    lost: int
    "That have not; less those that were told to be lost before and have come after all."
    octets: int
    "Of the packets that have arrived; where some of a group have not, by the mean size."
    arrived_at: float
    "The latest packet, in seconds of the seat's clock."


class Bandwidth:
    """One path; times are in seconds of our clock."""

    def __init__(self) -> None:
        self.estimate_bps = float(START_BPS)
        self.loss = 0.0
        "Of the packets told of in the last second, before repeats: 0 to 1."
        self.trend = DelayTrend()
        self._arrived: deque[tuple[float, int]] = deque()  # latest arrival, octets; of the first only the time counts
        self._octets = 0
        self._told: deque[tuple[float, int, int]] = deque()  # when, packets, lost
        self._told_packets = self._told_lost = 0
        self._fell_at = float("-inf")
        self._updated_at: float | None = None
        self._counts_from = float("-inf")  # of losses

    def heard(self, news: News, now: float) -> None:
        """Take what the trend has heard of; time in seconds."""
        if news.octets:
            self._measure(news.octets, news.arrived_at)
        elapsed = 0.0 if self._updated_at is None else now - self._updated_at
        self._updated_at = now
        if elapsed > OUTAGE_S:
            self._counts_from = now + LOSS_MEASURED_OVER_S
        self._count(news.packets, news.lost if now >= self._counts_from else 0, now)
        usage = self.trend.usage
        if usage is Usage.OVER:
            self._fall(max(FALL_TO * self.arriving_bps, DEEPEST_STEP * self._believed_bps(now)), now)
        elif self.loss > TOLERATED_LOSS:
            self._fall(self.estimate_bps * (1 - 0.5 * self.loss), now)
        elif usage is Usage.NORMAL:
            self._rise(min(1.0, elapsed))

    def _measure(self, octets: int, arrived: float) -> None:
        if self._arrived:
            self._octets += octets
        self._arrived.append((arrived, octets))
        while len(self._arrived) > 2 and (
            self._arrived[1][0] <= arrived - MEASURED_OVER_S or len(self._arrived) > MOST_MEASURED
        ):
            self._arrived.popleft()
            self._octets -= self._arrived[0][1]

    def _count(self, packets: int, lost: int, now: float) -> None:
        self._told.append((now, packets + lost, lost))
        self._told_packets += packets + lost
        self._told_lost += lost
        while self._told[0][0] < now - LOSS_MEASURED_OVER_S:
            _, count, gone = self._told.popleft()
            self._told_packets -= count
            self._told_lost -= gone
        self.loss = max(0, self._told_lost) / self._told_packets if self._told_packets > 0 else 0.0

    @property
    def arriving_bps(self) -> float:
        """What has lately arrived at the seat."""
        span = self._arrived[-1][0] - self._arrived[0][0] if self._arrived else 0.0
        return 8 * self._octets / span if span else 0.0

    @property
    def is_falling(self) -> bool:
        """Whether the path is full just now."""
        return self.trend.usage is Usage.OVER or self.loss > TOLERATED_LOSS

    @property
    def is_noisy(self) -> bool:
        """Whether much is lost though no queue grows."""
        return self.loss > NOISE and self.trend.usage is not Usage.OVER

    def has_just_fallen(self, now: float) -> bool:
        """Whether what a probe shows is not believed yet: the queue may not be empty."""
        return now - self._fell_at < MEASURED_OVER_S

    def _rise(self, elapsed: float) -> None:
        risen = self.estimate_bps * RISE_PER_S**elapsed
        ceiling = max(self.estimate_bps, FREE_OF_PROOF * self.arriving_bps)
        self.estimate_bps = min(risen, ceiling, HIGHEST_BPS)

    def _believed_bps(self, now: float) -> float:
        is_again = now - self._fell_at <= AGAIN_WITHIN_S
        return min(self.estimate_bps, FREE_OF_PROOF * self.arriving_bps) if is_again else self.estimate_bps

    def _fall(self, to_bps: float, now: float) -> None:
        if now - self._fell_at >= FALL_EVERY_S:
            self._fell_at = now
            self.estimate_bps = max(LOWEST_BPS, min(to_bps, self.estimate_bps))

    def probed(self, carried_bps: float, now: float) -> None:
        """A train of packets arrived at this rate."""
        if not self.has_just_fallen(now):
            self.estimate_bps = min(max(self.estimate_bps, PROBE_CAUTION * carried_bps), HIGHEST_BPS)
