import time

from signaling.datagram_batches import bind_udp
from tests.benchmarks.media.drain import SLOT_BYTES, SLOTS, Drain, stamp_arrivals


def test_drain_takes_datagrams_with_the_time_of_their_arrival() -> None:
    with bind_udp("127.0.0.1", 0) as receiver, bind_udp("127.0.0.1", 0) as sender:
        stamp_arrivals(receiver)
        drain = Drain()
        before = time.time_ns()
        for data in (b"one", b"three"):
            sender.sendto(data, receiver.getsockname())

        taken = drain.take(receiver.fileno())

        assert taken == 2
        assert [drain.view[n * SLOT_BYTES : n * SLOT_BYTES + drain.length(n)] for n in range(2)] == [b"one", b"three"]
        assert before <= drain.arrived_ns(0) <= drain.arrived_ns(1) <= time.time_ns()


def test_drain_takes_no_more_than_it_has_slots_and_nothing_from_an_empty_socket() -> None:
    with bind_udp("127.0.0.1", 0) as receiver, bind_udp("127.0.0.1", 0) as sender:
        drain = Drain()
        for _ in range(SLOTS + 1):
            sender.sendto(b"x", receiver.getsockname())

        assert [drain.take(receiver.fileno()) for _ in range(3)] == [SLOTS, 1, 0]
        assert drain.arrived_ns(0) == 0
