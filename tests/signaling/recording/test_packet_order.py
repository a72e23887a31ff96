import random

from hypothesis import given
from hypothesis import strategies as st

from signaling.recording.packet_order import MAX_WAITING, Arrival, PacketOrder
from signaling.rtp import RtpPacket, build, parse


def packet(number: int) -> RtpPacket:
    return parse(build(b"x", payload_type=96, marker=False, sequence=number, timestamp=0, ssrc=1))


def numbers(arrivals: list[Arrival]) -> list[tuple[int, int]]:
    return [(each.packet.sequence, each.lost) for each in arrivals]


def test_packets_in_order_pass_at_once() -> None:
    order = PacketOrder(1.0)

    given_back = [order.arrived(packet(number), number, 0.1 * number) for number in (5, 6, 7)]

    assert [[(one.packet.sequence, one.at, one.lost) for one in each] for each in given_back] == [
        [(5, 0.5, 0)],
        [(6, 0.1 * 6, 0)],
        [(7, 0.1 * 7, 0)],
    ]


def test_late_packet_takes_its_place() -> None:
    order = PacketOrder(1.0)
    order.arrived(packet(1), 1, 0.0)

    assert order.arrived(packet(3), 3, 0.1) == []
    assert order.due(1.0) == []
    assert numbers(order.arrived(packet(2), 2, 1.0)) == [(2, 0), (3, 0)]


def test_missing_packet_is_given_up_after_the_wait() -> None:
    order = PacketOrder(1.0)
    order.arrived(packet(1), 1, 0.0)
    order.arrived(packet(4), 4, 0.1)
    order.arrived(packet(5), 5, 0.2)

    assert numbers(order.due(1.1)) == [(4, 2), (5, 0)]
    assert order.arrived(packet(2), 2, 1.2) == []
    assert numbers(order.arrived(packet(6), 6, 1.3)) == [(6, 0)]


def test_repeat_changes_nothing() -> None:
    order = PacketOrder(1.0)
    order.arrived(packet(1), 1, 0.0)
    order.arrived(packet(3), 3, 0.1)

    assert order.arrived(packet(1), 1, 0.2) == []
    assert order.arrived(packet(3), 3, 0.2) == []
    assert numbers(order.rest()) == [(3, 1)]


def test_too_many_waiting_are_not_waited_for() -> None:
    order = PacketOrder(1.0)
    order.arrived(packet(0), 0, 0.0)

    ready = [one for index in range(2, MAX_WAITING + 3) for one in order.arrived(packet(index), index, 0.0)]

    assert (len(ready), ready[0].lost) == (MAX_WAITING + 1, 1)


@given(st.integers(0, 2**32), st.sets(st.integers(1, 60), max_size=10))
def test_every_packet_that_comes_passes_once_and_in_order(seed: int, lost: set[int]) -> None:
    order, chance = PacketOrder(0.5), random.Random(seed)
    coming = [index for index in range(64) if index not in lost]
    shuffled = sorted(coming, key=lambda index: index + chance.uniform(0, 6))
    shuffled.remove(0)

    passed = order.arrived(packet(0), 0, 0.0)
    for step, index in enumerate(shuffled):
        passed += order.arrived(packet(index), index, 0.01 * step)
        if chance.random() < 0.2:
            passed += order.arrived(packet(index), index, 0.01 * step)
    passed += order.rest()

    assert [one.packet.sequence for one in passed] == coming
    assert sum(one.lost for one in passed) == len(lost)


def test_what_waits_behind_many_gaps_is_given_up_in_turn() -> None:
    order = PacketOrder(0.5)
    order.arrived(packet(0), 0, 0.0)
    for index in range(2, 4000, 2):
        order.arrived(packet(index), index, index / 1000)

    passed = order.due(2.5)
    assert [one.packet.sequence for one in passed] == list(range(2, 2001, 2))
    assert {one.lost for one in passed} == {1}
