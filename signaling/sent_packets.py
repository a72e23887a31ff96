"""What was sent to one seat, in groups of a few milliseconds, until its feedback has told of it.

The judgement of the way looks at groups, not at packets, so a packet costs no more here than a number and a sum.
"""

from collections import deque
from collections.abc import Sequence
from typing import cast

import msgspec

from signaling.rtp import signed_distance
from signaling.transport_feedback import TICK_S, TransportFeedback

GROUP_S = 0.01
"Twice that of draft-ietf-rmcat-gcc-02, 5.1: a seat's dozen tracks come at all times, and half the groups cost half."
MOST_LOST = 8192
MOST_GROUPS = 2048
"Some ten seconds; what is older is forgotten."


class _Group:
    """Packets with numbers from `first` on, to where the next group begins."""

    __slots__ = ("began_at", "ended_at", "first", "octets")

    def __init__(self, first: int, now: float) -> None:
        self.first = first
        self.began_at = self.ended_at = now
        self.octets = 0


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
        self.number = 0
        "Of packets sent so far; the number of the last one."
        self._group = _Group(1, float("-inf"))
        self._groups: deque[_Group] = deque(maxlen=MOST_GROUPS)
        self._told = 0
        "All numbers up to this one have been told of."
        self._lost: set[int] = set()
        "Numbers of those told to be lost."

    def note(self, octets: int, now: float) -> int:
        """Count a packet; gives its number, from 1."""
        number = self.number = self.number + 1
        group = self._group
        if now - group.began_at > GROUP_S:
            group = self._group = _Group(number, now)
            self._groups.append(group)
        group.ended_at = now
        group.octets += octets
        return number

    def take(self, feedback: TransportFeedback) -> Told:
        """What the feedback tells that was not told before."""
        arrivals = feedback.arrivals
        first = self.number + signed_distance(feedback.base, self.number & 0xFFFF)
        end = min(first + len(arrivals), self.number + 1)
        at = self._told + 1
        lost = -self._come_after_all(arrivals, first) if first < at else 0
        at = max(first, at)
        groups: list[ArrivedGroup] = []
        packets = 0
        is_whole = None not in arrivals
        while at < end:
            group, upto = self._group_at(at)
            if group is not None:
                part = arrivals[at - first : min(upto, end) - first]
                came = cast(Sequence[int], part) if is_whole else self._came(part, at)
                count = len(came)
                lost += len(part) - count
                packets += count
                if came:
                    octets = group.octets * count // (upto - group.first)
                    groups.append(ArrivedGroup(group.began_at, group.ended_at, max(came) * TICK_S, octets))
            at = upto
        self._told = max(self._told, end - 1)
        return Told(first, groups, packets, lost)

    def _group_at(self, number: int) -> tuple[_Group | None, int]:
        """The group with this packet, if it is remembered, and where the next one begins."""
        groups = self._groups
        while len(groups) > 1 and groups[1].first <= number:
            groups.popleft()
        if groups[0].first > number:
            return None, groups[0].first
        return groups[0], groups[1].first if len(groups) > 1 else self.number + 1

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
