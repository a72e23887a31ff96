"""What was sent to one seat, in groups of a few milliseconds, until its feedback has told of it.

The judgement of the way looks at groups, not at packets, so a packet costs no more here than a number and a sum.
"""

from collections.abc import Sequence
from typing import Any, cast

import msgspec

from signaling.fan_out.library import GROUPS, ffi, lib
from signaling.rtp import signed_distance
from signaling.transport_feedback import TICK_S, TransportFeedback

GROUP_S = 0.01
"Twice that of draft-ietf-rmcat-gcc-02, 5.1: a seat's dozen tracks come at all times, and half the groups cost half."
MOST_LOST = 8192

_FIELDS = 4
"Of `struct group`."


class ArrivedGroup(msgspec.Struct, frozen=True, gc=False):
    """As much of a group as one feedback tells of, when any of it has arrived."""

    began_at: float
    "When its first packet was sent, in seconds of our clock: the same for all parts of a group."
    ended_at: float
    arrived_at: float
    "Its latest packet, in seconds of the seat's clock."
    octets: int
    "Of the packets that have arrived; where some have not, by the mean size."


class Told(msgspec.Struct, frozen=True, gc=False):
    """What a feedback tells anew."""

    first: int
    "Number of its first packet, without the wrap; it may have been told of before."
    groups: list[ArrivedGroup]
    packets: int
    "That have arrived."
    lost: int
    "That have not; less those that were told to be lost before and have come after all."


class SentPackets:
    """One seat's; time is an argument, in seconds."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct sent *", {"group_s": GROUP_S})
        "Where the fan-out counts; the last `GROUPS` groups are remembered, some ten seconds."
        self._groups = memoryview(ffi.buffer(ffi.addressof(self.pointer, "groups"))).cast("B").cast("d")
        self._oldest = 0
        "Of the groups that have not been told of."
        self._told = 0
        "All numbers up to this one have been told of."
        self._lost: set[int] = set()
        "Numbers of those told to be lost."

    @property
    def number(self) -> int:
        """Of packets sent so far; the number of the last one."""
        return int(self.pointer.number)

    def note(self, octets: int, now: float) -> None:
        """Count a packet, as the fan-out does."""
        lib.note(self.pointer, octets, now)

    def take(self, feedback: TransportFeedback) -> Told:
        """What the feedback tells that was not told before."""
        arrivals, number = feedback.arrivals, self.number
        first = number + signed_distance(feedback.base, number & 0xFFFF)
        end = min(first + len(arrivals), number + 1)
        at = self._told + 1
        lost = -self._come_after_all(arrivals, first) if first < at else 0
        at = max(first, at)
        groups: list[ArrivedGroup] = []
        packets = 0
        is_whole = None not in arrivals
        while at < end:
            place, begins, upto = self._group_at(at, number)
            if place is not None:
                part = arrivals[at - first : min(upto, end) - first]
                came = cast(Sequence[int], part) if is_whole else self._came(part, at)
                count = len(came)
                lost += len(part) - count
                packets += count
                if came:
                    _, began_at, ended_at, octets = self._groups[place : place + _FIELDS]
                    came_octets = int(octets) * count // (upto - begins)
                    groups.append(ArrivedGroup(began_at, ended_at, max(came) * TICK_S, came_octets))
            at = upto
        self._told = max(self._told, end - 1)
        return Told(first, groups, packets, lost)

    def _group_at(self, number: int, latest: int) -> tuple[int | None, int, int]:
        """Where the group with this packet is, if it is remembered; where it begins, and where the next one does."""
        begun = self.pointer.begun
        at = max(self._oldest, begun - GROUPS)
        while at + 1 < begun and self._first(at + 1) <= number:
            at += 1
        self._oldest = at
        begins = self._first(at)
        if begins > number:
            return None, begins, begins
        return at % GROUPS * _FIELDS, begins, self._first(at + 1) if at + 1 < begun else latest + 1

    def _first(self, group: int) -> int:
        return int(self._groups[group % GROUPS * _FIELDS])

    def _came(self, part: Sequence[int | None], at: int) -> list[int]:
        """Those that have arrived; the others are noted."""
        self._lost.update(number for number, tick in enumerate(part, at) if tick is None)
        if len(self._lost) > MOST_LOST:
            self._lost = {number for number in self._lost if number > at - MOST_LOST // 2}
        return [tick for tick in part if tick is not None]

    def _come_after_all(self, arrivals: Sequence[int | None], first: int) -> int:
        """How many that were told to be lost have arrived."""
        found = {number for number, tick in enumerate(arrivals, first) if tick is not None} & self._lost
        self._lost -= found
        return len(found)
