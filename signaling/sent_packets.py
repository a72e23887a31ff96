"""What was sent to one seat, in groups of a few milliseconds, until its feedback has told of it.

The judgement of the way looks at groups, not at packets, so a packet costs no more here than a number and a sum.
"""

from array import array
from typing import Any

from signaling.hot_path.library import ffi, lib
from signaling.transport_feedback import TICK_S, TransportFeedback

GROUP_S = 0.01
"Twice that of draft-ietf-rmcat-gcc-02, 5.1: a seat's dozen tracks come at all times, and half the groups cost half."

_NOT_COME = -(1 << 63)


class Told:
    """What a feedback tells anew; `pointer` is a `struct told`."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = pointer
        self.first = int(pointer.first)
        "Number of its first packet, without the wrap; it may have been told of before."
        self.packets = int(pointer.packets)
        "That have arrived."
        self.lost = int(pointer.lost)
        "That have not; less those that were told to be lost before and have come after all."
        self.octets = int(pointer.octets)
        "Of the packets that have arrived; where some of a group have not, by the mean size."
        self.arrived_at = float(pointer.arrived_at)
        "The latest packet, in seconds of the seat's clock."


_told: Any = ffi.new("struct told *")  # the groups of one feedback are heard before the next is taken


class SentPackets:
    """One seat's; time is an argument, in seconds."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct sent *", {"group_s": GROUP_S})
        "Where packets are counted; the last `GROUPS` groups are remembered, some ten seconds."

    @property
    def number(self) -> int:
        """Of packets sent so far; the number of the last one."""
        return int(self.pointer.number)

    def note(self, octets: int, now: float) -> None:
        """Count a packet, as the fan-out does."""
        lib.note(self.pointer, octets, now)

    def take(self, feedback: TransportFeedback) -> Told:
        """What the feedback tells that was not told before; its groups stand until the next call, of anybody's."""
        ticks = array("q", [_NOT_COME if tick is None else tick for tick in feedback.arrivals])
        lib.take(self.pointer, ffi.from_buffer("int64_t[]", ticks), len(ticks), feedback.base, TICK_S, _told)
        return Told(_told)
