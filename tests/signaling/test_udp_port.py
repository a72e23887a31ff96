import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aioice import stun

from signaling.allowance import Allowance
from signaling.datagram_batches import Address, bind_udp
from signaling.rtcp import picture_loss
from signaling.rtp import MAX_RTP_BYTES, build
from signaling.stun_binding import Request
from signaling.udp_port import UdpPort
from tests.support.patience import until

RTP = build(b"x", payload_type=96, marker=True, sequence=1, timestamp=2, ssrc=3)


def check(name: str) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": f"{name}:theirs"})
    message.add_message_integrity(b"secret")
    return bytes(message)


class Recorder:
    """A connection that notes what it is given; a check opens the path, as an authentic one would."""

    def __init__(self, port: UdpPort) -> None:
        self.given: list[tuple[str, bytes]] = []
        self.sender: Address | None = None
        self.moves = False
        self._port = port

    def handle_stun(self, request: Request, sender: Address, now: float) -> None:
        self.given.append(("stun", request.called.encode()))
        self._port.by_address[sender] = self
        self.sender = sender

    def is_heard(self, now: float) -> bool:
        return True

    def handle_dtls(self, datagram: bytes, now: float) -> None:
        self.given.append(("dtls", datagram))

    def handle_rtp(self, pointer: Any, view: Any, length: int, now: float, arrived: float) -> None:
        self.given.append(("rtp", view[:length]))

    def handle_rtcp(self, pointer: Any, view: Any, length: int, now: float) -> None:
        self.given.append(("rtcp", view[:length]))

    def follow(self, datagram: bytes, sender: Address, now: float) -> bool:
        self.given.append(("from nowhere", datagram))
        return self.moves


@pytest.fixture
async def port() -> AsyncIterator[UdpPort]:
    port = UdpPort(bind_udp("127.0.0.1", 0), times.append)
    yield port
    port.close()


times: list[float] = []


@pytest.fixture
def seat(port: UdpPort) -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", port.number))
        sock.settimeout(5)
        yield sock


async def test_datagrams_go_where_they_belong(port: UdpPort, seat: socket.socket) -> None:
    one, other = Recorder(port), Recorder(port)
    port.by_name.update(one=one, other=other)
    for datagram in (b"\x16too early", check("nobody"), check("one"), b"\x16hello there", RTP, picture_loss(1, 3)):
        seat.send(datagram)

    await until(lambda: len(one.given) == 4)

    assert one.given == [
        ("stun", b"one"),
        ("dtls", b"\x16hello there"),
        ("rtp", RTP),
        ("rtcp", picture_loss(1, 3)),
    ]
    assert other.given == []


async def test_nonsense_goes_nowhere(port: UdpPort, seat: socket.socket) -> None:
    connection = Recorder(port)
    port.by_name["one"] = connection
    for datagram in (
        check("one"),
        b"",
        b"\x00",
        b"\x50channel",
        b"\xffhigh",
        RTP + bytes(MAX_RTP_BYTES),
        b"\x16at last",
    ):
        seat.send(datagram)

    await until(lambda: ("dtls", b"\x16at last") in connection.given)

    assert [kind for kind, _ in connection.given] == ["stun", "dtls"]


async def test_last_authentic_check_owns_an_address(port: UdpPort, seat: socket.socket) -> None:
    before, after = Recorder(port), Recorder(port)
    port.by_name.update(before=before, after=after)
    for datagram in (check("before"), check("after"), RTP):
        seat.send(datagram)

    await until(lambda: len(after.given) == 2)

    assert [kind for kind, _ in before.given] == ["stun"]


async def test_report_from_nowhere_is_shown_to_all_until_one_takes_it(port: UdpPort, seat: socket.socket) -> None:
    one, other, third = (Recorder(port) for _ in range(3))
    other.moves = True
    port.by_name.update(one=one, again=one, other=other, third=third)
    seat.send(RTP)
    seat.send(picture_loss(1, 3))
    await until(lambda: len(other.given) == 1)

    other.moves = False
    seat.send(picture_loss(1, 3))
    await until(lambda: len(third.given) == 1)

    looked = ("from nowhere", picture_loss(1, 3))
    assert (one.given, other.given, third.given) == ([looked, looked], [looked, looked], [looked])
    assert port.strays == {"unknown_sender": 2}


async def test_report_from_nowhere_that_waited_goes_to_who_has_the_address_by_then(
    port: UdpPort, seat: socket.socket
) -> None:
    one = Recorder(port)
    port.by_name["one"] = one
    for datagram in (picture_loss(1, 3), check("one")):
        seat.send(datagram)

    await until(lambda: len(one.given) == 2)

    assert one.given == [("stun", b"one"), ("rtcp", picture_loss(1, 3))]


async def test_fault_over_a_report_from_nowhere_is_noted(port: UdpPort, seat: socket.socket) -> None:
    port.by_name["broken"] = None  # type: ignore[assignment] # as a mistake of ours would be
    seat.send(picture_loss(1, 3))

    await until(lambda: port.faults.count == 1)

    assert port.strays == {"fault": 1}


async def test_search_for_whom_reports_from_nowhere_belong_to_is_limited(port: UdpPort, seat: socket.socket) -> None:
    one = Recorder(port)
    port.by_name["one"] = one
    port._searches = Allowance(0.0, 3)
    for _ in range(10):
        seat.send(picture_loss(1, 3))

    await until(lambda: port.strays["unknown_sender"] == 10)

    assert len(one.given) == 3


async def test_forgotten_connection_gets_nothing(port: UdpPort, seat: socket.socket) -> None:
    gone, there = Recorder(port), Recorder(port)
    port.by_name.update(gone=gone, there=there)
    seat.send(check("gone"))
    await until(lambda: len(gone.given) == 1)

    port.forget(gone)
    for datagram in (RTP, check("gone"), check("there")):
        seat.send(datagram)
    await until(lambda: len(there.given) == 1)

    assert [kind for kind, _ in gone.given] == ["stun"]


async def test_what_is_sent_at_once_comes_after_what_was_batched(port: UdpPort, seat: socket.socket) -> None:
    connection = Recorder(port)
    port.by_name["one"] = connection
    seat.send(check("one"))
    await until(lambda: connection.sender is not None)
    assert connection.sender is not None

    port.batch.add(b"first", connection.sender)
    port.send(b"second", connection.sender)

    assert [seat.recv(100), seat.recv(100)] == [b"first", b"second"]


async def test_time_is_told_before_anything_is_looked_at(port: UdpPort, seat: socket.socket) -> None:
    times.clear()
    connection = Recorder(port)
    port.by_name["one"] = connection

    seat.send(check("one"))
    await until(lambda: len(connection.given) == 1)

    assert len(times) >= 1
