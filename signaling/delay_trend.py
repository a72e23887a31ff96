"""Whether a queue grows on the way to a receiver, from the spacing of packets at both ends. Pure.

Packets sent within 5 ms form a group. For each group the change of spacing is summed up; the slope of that sum over the
last groups is the growth of the queue, and it counts as congestion when it passes a threshold that adapts to the path.
Source: draft-ietf-rmcat-gcc-02, 5; the line through the last groups in place of its Kalman filter, as Chromium has it
since 2017.
"""

from collections import deque
from enum import Enum

GROUP_S = 0.005
WINDOW = 20
"Groups of the line."
SMOOTHING = 0.9
GAIN = 4.0
MOST_COUNTED = 60
LASTING_S = 0.15
"Growth for less is no congestion: a computer that was busy for a moment."
_FIRST_THRESHOLD = 12.5
_THRESHOLD_RANGE = (6.0, 600.0)
_UP, _DOWN = 0.0087, 0.039
_OUTLIER = 15.0
"A trend so far above the threshold does not move it."
_LONGEST_STEP_S = 0.1


class Usage(Enum):
    """What the spacing says about the path."""

    NORMAL = "normal"
    OVER = "over"
    "A queue grows."
    UNDER = "under"
    "A queue empties: wait until it has."


class DelayTrend:
    """One path; times are in seconds, each on its own end's clock."""

    def __init__(self) -> None:
        self.usage = Usage.NORMAL
        self._group: tuple[float, float, float] | None = None  # first and last sent, last arrived
        self._before: tuple[float, float] | None = None  # last sent and arrived of the group before
        self._points: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._sum = 0.0
        self._smooth = 0.0
        self._groups = 0
        self._threshold = _FIRST_THRESHOLD
        self._judged_at: float | None = None
        self._over_since: float | None = None
        self._trend = 0.0

    def add(self, sent: float, arrived: float) -> None:
        """Take a packet that arrived; packets come in the order they were sent."""
        group = self._group
        if group is None or sent - group[0] > GROUP_S:
            if group is not None:
                self._close(group)
            self._group = (sent, sent, arrived)
        else:
            self._group = (group[0], sent, max(arrived, group[2]))

    def _close(self, group: tuple[float, float, float]) -> None:
        _, sent, arrived = group
        if self._before is not None:
            step_ms = 1000 * ((arrived - self._before[1]) - (sent - self._before[0]))
            self._groups += 1
            self._sum += step_ms
            self._smooth = SMOOTHING * self._smooth + (1 - SMOOTHING) * self._sum
            self._points.append((1000 * arrived, self._smooth))
            if len(self._points) == WINDOW:
                self._judge(_slope(self._points) * min(self._groups, MOST_COUNTED) * GAIN, arrived)
        self._before = (sent, arrived)

    def _judge(self, trend: float, now: float) -> None:
        if trend > self._threshold:
            self._over_since = now if self._over_since is None else self._over_since
            if now - self._over_since > LASTING_S and trend >= self._trend:
                self.usage = Usage.OVER
        else:
            self._over_since = None
            self.usage = Usage.UNDER if trend < -self._threshold else Usage.NORMAL
        self._trend = trend
        self._adapt(trend, now)

    def _adapt(self, trend: float, now: float) -> None:
        elapsed = 0.0 if self._judged_at is None else min(_LONGEST_STEP_S, max(0.0, now - self._judged_at))
        self._judged_at = now
        size = abs(trend)
        if size > self._threshold + _OUTLIER:
            return
        pace = _UP if size > self._threshold else _DOWN
        low, high = _THRESHOLD_RANGE
        self._threshold = min(high, max(low, self._threshold + pace * (size - self._threshold) * 1000 * elapsed))


def _slope(points: deque[tuple[float, float]]) -> float:
    """Of the line nearest to the points; 0 where they all lie above one another."""
    first_x = points[0][0]
    sum_x = sum_y = sum_xx = sum_xy = 0.0
    for x, y in points:
        x -= first_x  # small numbers, so that nothing cancels out
        sum_x += x
        sum_y += y
        sum_xx += x * x
        sum_xy += x * y
    count = len(points)
    spread = count * sum_xx - sum_x * sum_x
    return (count * sum_xy - sum_x * sum_y) / spread if spread else 0.0
