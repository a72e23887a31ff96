"""Whether a queue grows on the way to a receiver, from the spacing of packets at both ends. Pure.

Packets sent within 10 ms form a group (see `sent_packets.py`). For each group the change of spacing is summed up; the
slope of that sum over the last groups is the growth of the queue, and it counts as congestion when it passes a
threshold that adapts to the path.
Source: draft-ietf-rmcat-gcc-02, 5; the line through the last groups in place of its Kalman filter, as Chromium has it
since 2017.
"""

from collections import deque
from enum import Enum

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
_NO_SPREAD = 1e-6
"Of points that lie above one another, in milliseconds squared: what rounding leaves."


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
        self._line = _Line()
        self._sum = 0.0
        self._smooth = 0.0
        self._groups = 0
        self._threshold = _FIRST_THRESHOLD
        self._judged_at: float | None = None
        self._over_since: float | None = None
        self._trend = 0.0

    def add(self, began_at: float, sent: float, arrived: float) -> None:
        """Take a group, or more of the last one; groups come in the order they were sent.

        Args:
            began_at: when its first packet was sent, which tells it from others.
            sent: when its last packet was.
            arrived: when the last packet came.
        """
        group = self._group
        if group is not None and group[0] == began_at:
            self._group = (began_at, sent, max(arrived, group[2]))
            return
        if group is not None:
            self._close(group)
        self._group = (began_at, sent, arrived)

    def _close(self, group: tuple[float, float, float]) -> None:
        _, sent, arrived = group
        if self._before is not None:
            self._groups += 1
            self._sum += 1000 * ((arrived - self._before[1]) - (sent - self._before[0]))
            self._smooth = SMOOTHING * self._smooth + (1 - SMOOTHING) * self._sum
            slope = self._line.add(1000 * arrived, self._smooth)
            if slope is not None:
                self._judge(slope * min(self._groups, MOST_COUNTED) * GAIN, arrived)
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


class _Line:
    """The line nearest to the last `WINDOW` points, by sums that each point enters and leaves."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque()
        self._origin = 0.0
        self._x = self._y = self._xx = self._xy = 0.0
        self._since_begin = WINDOW

    def add(self, x: float, y: float) -> float | None:
        """Take a point; gives the slope, once there are enough points: 0 where they all lie above one another."""
        points = self._points
        points.append((x, y))
        x -= self._origin
        self._x, self._y, self._xx, self._xy = self._x + x, self._y + y, self._xx + x * x, self._xy + x * y
        if len(points) > WINDOW:
            x, y = points.popleft()
            x -= self._origin
            self._x, self._y, self._xx, self._xy = self._x - x, self._y - y, self._xx - x * x, self._xy - x * y
        self._since_begin += 1
        if self._since_begin > WINDOW:
            self._begin_again()
        if len(points) < WINDOW:
            return None
        spread = WINDOW * self._xx - self._x * self._x
        return (WINDOW * self._xy - self._x * self._y) / spread if spread > _NO_SPREAD else 0.0

    def _begin_again(self) -> None:
        """Sum up afresh from the first point, so that numbers stay small and nothing cancels out."""
        self._since_begin = 1
        self._origin = self._points[0][0]
        moved = [(x - self._origin, y) for x, y in self._points]
        self._x, self._y = sum(x for x, _ in moved), sum(y for _, y in moved)
        self._xx, self._xy = sum(x * x for x, _ in moved), sum(x * y for x, y in moved)
