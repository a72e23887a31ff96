"""What feedback tells, as its readers in C give it and take it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from signaling.bandwidth import Bandwidth, News
from signaling.delay_trend import DelayTrend
from signaling.hot_path.library import ffi, lib
from signaling.sent_packets import SentPackets
from signaling.transport_feedback import TICK_S

NOT_COME = -(1 << 63)


class Arrived(NamedTuple):
    """A group of packets as far as one message tells of it; in seconds, `arrived_at` by the seat's clock."""

    began_at: float
    ended_at: float
    arrived_at: float
    octets: int


class Feedback(NamedTuple):
    """What a message says; `arrivals` are ticks, None for a packet that has not come."""

    base: int
    messages: int
    "So far."
    arrivals: list[int | None]


class Told(NamedTuple):
    """What a message tells anew."""

    first: int
    packets: int
    lost: int
    octets: int
    groups: list[Arrived]


def read(body: bytes) -> Feedback | None:
    """The message in a body; None if it is broken."""
    found = ffi.new("struct feedback *")
    if not lib.read_feedback(body, len(body), found):
        return None
    ticks = list(found.ticks[0 : found.count])
    return Feedback(found.base, body[7], [None if tick == NOT_COME else tick for tick in ticks])


def take(sent: SentPackets, base: int, arrivals: Sequence[int | None]) -> Told:
    """What a message with these arrivals tells of packets that were sent."""
    feedback, told = ffi.new("struct feedback *"), ffi.new("struct told *")
    feedback.base, feedback.count = base & 0xFFFF, len(arrivals)
    for place, tick in enumerate(arrivals):
        feedback.ticks[place] = NOT_COME if tick is None else tick
    lib.take(sent.pointer, feedback, TICK_S, told)
    groups = [
        Arrived(group.began_at, group.ended_at, group.arrived_at, int(group.octets))
        for group in (told.groups[place] for place in range(told.count))
    ]
    return Told(told.first, told.packets, told.lost, int(told.octets), groups)


def hear(trend: DelayTrend, groups: Sequence[Arrived]) -> None:
    """Have these groups heard."""
    told: Any = ffi.new("struct told *")
    told.count = len(groups)
    for place, group in enumerate(groups):
        told.groups[place] = group._asdict()
    lib.hear(trend.pointer, told)


def tell(bandwidth: Bandwidth, groups: Sequence[Arrived], now: float, *, lost: int = 0) -> None:
    """Have a message heard that tells of these groups, a packet each."""
    hear(bandwidth.trend, groups)
    octets = sum(group.octets for group in groups)
    arrived_at = max((group.arrived_at for group in groups), default=0.0)
    bandwidth.heard(News(packets=len(groups), lost=lost, octets=octets, arrived_at=arrived_at), now)
