import socket
import time
from collections.abc import Iterator

import pytest

from signaling.datagram_batches import (
    NOTHING,
    RECEIVE_SLOTS,
    Address,
    ReceiveBatch,
    SendBatch,
    bind_udp,
    host_and_port,
    route_of,
)
from signaling.hot_path.library import SLOT_BYTES, SLOTS


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    sockets = bind_udp("127.0.0.1", 0), bind_udp("127.0.0.1", 0)
    yield sockets
    for sock in sockets:
        sock.close()


def address_of(sock: socket.socket) -> Address:
    """As the kernel names the sender of a datagram."""
    with bind_udp(sock.getsockname()[0], 0) as receiver:
        sock.sendto(b"x", receiver.getsockname())
        ((_, address, _),) = received(ReceiveBatch(receiver))
    return address


def received(batch: ReceiveBatch) -> Iterator[tuple[bytes, Address, float]]:
    """What waits: each datagram with its sender and the time of its arrival."""
    while batch.take_next(0.0) != NOTHING:
        yield batch.data, batch.sender, batch.arrived


def taken(receiver: socket.socket) -> list[bytes]:
    return [data for data, _, _ in received(ReceiveBatch(receiver))]


def test_batch_arrives_whole_and_in_order(pair: tuple[socket.socket, socket.socket]) -> None:
    batch, destination = SendBatch(pair[0]), address_of(pair[1])
    for n in range(RECEIVE_SLOTS + 5):
        batch.add(b"%d" % n, destination)
    batch.flush()

    assert taken(pair[1]) == [b"%d" % n for n in range(RECEIVE_SLOTS + 5)]
    assert batch.unsent == 0


def test_full_batch_is_sent_by_itself(pair: tuple[socket.socket, socket.socket]) -> None:
    batch, destination = SendBatch(pair[0]), address_of(pair[1])
    for _ in range(SLOTS + 1):
        batch.add(b"x", destination)

    assert len(taken(pair[1])) == SLOTS


def test_bad_destination_stops_nothing_but_its_own_packet(pair: tuple[socket.socket, socket.socket]) -> None:
    good = address_of(pair[1])
    nowhere = Address(good[:2] + b"\0\0" + good[4:])  # port 0
    batch = SendBatch(pair[0])
    for address, data in ((good, b"1"), (nowhere, b"2"), (nowhere, b"3"), (good, b"4")):
        batch.add(data, address)
    batch.flush()

    assert (taken(pair[1]), batch.unsent) == ([b"1", b"4"], 2)


def test_full_socket_drops_the_rest() -> None:
    """A local socket pair refuses more than its queue holds, which UDP on the loopback never does."""
    sender, receiver = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    with sender, receiver:
        batch = SendBatch(sender)
        for n in range(SLOTS):
            batch.add(b"%d" % n, Address(b""))
        batch.flush()
        receiver.setblocking(False)
        came: list[bytes] = []
        while len(came) + batch.unsent < SLOTS:
            came.append(receiver.recv(10))
        with pytest.raises(BlockingIOError):
            receiver.recv(10)

    assert 0 < len(came) < SLOTS
    assert came == [b"%d" % n for n in range(len(came))]


def test_nothing_waits_in_an_idle_socket(pair: tuple[socket.socket, socket.socket]) -> None:
    assert taken(pair[0]) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_address_is_told_to_people(host: str) -> None:
    with bind_udp(host, 0) as sock:
        assert host_and_port(address_of(sock)) == (host, sock.getsockname()[1])


def test_ipv4_inside_ipv6_is_told_as_ipv4() -> None:
    with bind_udp("::", 0) as both, bind_udp("127.0.0.1", 0) as sender:
        sender.sendto(b"x", ("127.0.0.1", both.getsockname()[1]))
        ((_, address, _),) = received(ReceiveBatch(both))
        batch = SendBatch(both)
        batch.add(b"back", address)
        batch.flush()

        assert (host_and_port(address), sender.recv(10)) == (sender.getsockname(), b"back")


def test_taken_port_is_refused() -> None:
    with bind_udp("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        bind_udp("127.0.0.1", first.getsockname()[1])


def test_arrival_is_told_by_the_kernel_even_to_one_who_looks_late(pair: tuple[socket.socket, socket.socket]) -> None:
    sender, receiver = pair
    batch = ReceiveBatch(receiver)
    before = time.time()
    sender.sendto(b"first", receiver.getsockname())
    between = time.time()
    sender.sendto(b"second", receiver.getsockname())
    after = time.time()

    first, second = (arrived for _, _, arrived in received(batch))

    assert before <= first <= between <= second <= after


def test_datagram_that_no_slot_holds_is_not_sent(pair: tuple[socket.socket, socket.socket]) -> None:
    sender, receiver = pair
    batch = SendBatch(sender)
    batch.add(bytes(SLOT_BYTES + 1), Address(b""))
    batch.flush()

    assert batch.unsent == 1
    with pytest.raises(BlockingIOError):
        receiver.recv(10)


@pytest.mark.parametrize(
    ("bound", "asked"),
    [
        ("0.0.0.0", "127.0.0.2"),
        ("0.0.0.0", "127.0.0.3"),
        ("::", "127.0.0.2"),
        ("::", "::1"),
        ("127.0.0.2", "127.0.0.2"),
    ],
)
def test_answer_leaves_from_the_address_that_was_asked(bound: str, asked: str) -> None:
    with bind_udp(bound, 0) as server, bind_udp(asked if ":" in asked else "127.0.0.1", 0) as seat:
        batch = ReceiveBatch(server)
        seat.connect((asked, server.getsockname()[1]))  # from now on it takes nothing from anywhere else
        seat.send(b"asked")
        ((_, address, _),) = received(batch)
        sending = SendBatch(server)
        sending.add(b"answered", address)
        sending.flush()

        assert (seat.recv(10), sending.unsent) == (b"answered", 0)


def test_paths_to_two_of_our_addresses_are_two() -> None:
    with bind_udp("0.0.0.0", 0) as server, bind_udp("127.0.0.1", 0) as seat:
        batch = ReceiveBatch(server)
        paths = set()
        for asked in ("127.0.0.2", "127.0.0.3", "127.0.0.2"):
            seat.sendto(b"asked", (asked, server.getsockname()[1]))
            paths |= {address for _, address, _ in received(batch)}

        assert len(paths) == 2
        assert {host_and_port(path) for path in paths} == {seat.getsockname()}


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="address"):
        route_of(Address(bytes(29)))
