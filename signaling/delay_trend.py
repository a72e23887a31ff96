"""Whether a queue grows on the way to a receiver, from the spacing of packets at both ends. Pure.

Packets sent within 10 ms form a group (see `sent_packets.py`). For each group the change of spacing is summed up; the
slope of that sum over the last groups is the growth of the queue, and it counts as congestion when it passes a
threshold that adapts to the path.
Source: draft-ietf-rmcat-gcc-02, 5; the line through the last groups in place of its Kalman filter, as Chromium has it
since 2017.
"""

from enum import IntEnum
from typing import Any

from signaling.hot_path.library import ffi

_FIRST_THRESHOLD = 12.5


class Usage(IntEnum):
    """What the spacing says about the path."""

    NORMAL = 0
    OVER = 1
    "A queue grows."
    UNDER = 2
    "A queue empties: wait until it has."


class DelayTrend:
    """One path; times are in seconds, each on its own end's clock."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct trend *", {"threshold": _FIRST_THRESHOLD})
        "What groups of packets are heard by (`hot_path/feedback.c`), in the order they were sent."

    @property
    def usage(self) -> Usage:
        """What the last groups say."""
        return _USAGES[int(self.pointer.usage)]


_USAGES = tuple(Usage)
