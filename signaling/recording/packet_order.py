"""Packets in the order of their numbers: a missing one is waited for a while, since a repeat may bring it."""

from typing import NamedTuple

from signaling.rtp import RtpPacket

MAX_WAITING = 4096
"Packets behind a missing one; more is no loss that a repeat could mend."


class Arrival(NamedTuple):
    """A packet in its turn."""

    packet: RtpPacket
    at: float
    "When it came, in seconds."
    lost: int
    "Packets just before it that never came."


class PacketOrder:
    """Time is an argument, in seconds.

    Args:
        wait_s: how long a missing packet is waited for.
    """

    def __init__(self, wait_s: float) -> None:
        self._wait_s = wait_s
        self._next: int | None = None
        self._waiting: dict[int, tuple[RtpPacket, float]] = {}

    def arrived(self, packet: RtpPacket, index: int, now: float) -> list[Arrival]:
        """The packets whose turn has come with this one; a repeat of what has had its turn changes nothing."""
        expected = index if self._next is None else self._next
        if index < expected:
            return []
        if index == expected and not self._waiting:
            self._next = index + 1
            return [Arrival(packet, now, 0)]
        self._waiting.setdefault(index, (packet, now))
        ready = self._run(expected, lost=0)
        return ready if len(self._waiting) <= MAX_WAITING else ready + self._skip_to(min(self._waiting))

    def due(self, now: float) -> list[Arrival]:
        """The packets that have waited long enough for those in front of them."""
        ready: list[Arrival] = []
        for first in sorted(self._waiting):
            if first not in self._waiting:  # it has had its turn behind one before it
                continue
            if now - self._waiting[first][1] < self._wait_s:
                break
            ready += self._skip_to(first)
        return ready

    def rest(self) -> list[Arrival]:
        """All that still wait: nothing more comes."""
        return self.due(float("inf"))

    def _skip_to(self, first: int) -> list[Arrival]:
        """Give up what is missing in front of the first that waits."""
        return self._run(first, lost=first - (self._next or first))

    def _run(self, index: int, *, lost: int) -> list[Arrival]:
        """The unbroken run from a number on."""
        ready: list[Arrival] = []
        while index in self._waiting:
            packet, at = self._waiting.pop(index)
            ready.append(Arrival(packet, at, lost))
            lost = 0
            index += 1
        self._next = index
        return ready
