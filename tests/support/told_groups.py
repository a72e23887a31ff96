"""What a feedback tells, written and read by tests."""

from collections.abc import Sequence
from typing import NamedTuple

from signaling.hot_path.library import ffi
from signaling.sent_packets import Told


class Arrived(NamedTuple):
    """A group of packets as far as one feedback tells of it; in seconds, `arrived_at` by the seat's clock."""

    began_at: float
    ended_at: float
    arrived_at: float
    octets: int


def tell(groups: Sequence[Arrived], *, lost: int = 0) -> Told:
    """A feedback that tells of these groups, a packet each."""
    pointer = ffi.new("struct told *")
    pointer.count = pointer.packets = len(groups)
    pointer.lost = lost
    for place, group in enumerate(groups):
        pointer.groups[place] = group._asdict()
    pointer.octets = sum(group.octets for group in groups)
    pointer.arrived_at = max((group.arrived_at for group in groups), default=0.0)
    return Told(pointer)


def groups_of(told: Told) -> list[Arrived]:
    """The groups that have just been told of."""
    found = [told.pointer.groups[place] for place in range(told.pointer.count)]
    return [Arrived(one.began_at, one.ended_at, one.arrived_at, int(one.octets)) for one in found]
