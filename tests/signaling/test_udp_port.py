import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aioice import stun

from signaling.allowance import Allowance
from signaling.datagram_batches import Address, bind_udp
from signaling.hot_path.entrance import Entrance, reason
from signaling.hot_path.intake import UNKNOWN
from signaling.hot_path.library import ffi
from signaling.rtcp import picture_loss
from signaling.rtp import MAX_RTP_BYTES, build
from signaling.stun_binding import Request
from signaling.udp_port import UdpPort
from tests.support.patience import until

LONGEST = 100
RTP = build(b"x", payload_type=96, marker=True, sequence=1, timestamp=2, ssrc=3)


def check(name: str) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": f"{name}:theirs"})
    message.add_message_integrity(b"secret")
    return bytes(message)


@ffi.callback("int(void *, void *, int *)")  # type: ignore[untyped-decorator]
def leave_clear(session: Any, packet: Any, size: Any) -> int:
    """As libsrtp, but for packets that are not encrypted; none may be longer than an honest one."""
    return int(size[0] > LONGEST)


class Recorder:
    """A connection that notes what it is given; a check opens the path, as an authentic one would."""

    def __init__(self, port: UdpPort) -> None:
        self.entrance = Entrance(1e6, 1e6)
        function, session = int(ffi.cast("uintptr_t", leave_clear)), ffi.new("int *")
        self.entrance.decrypt_with(function, function, int(ffi.cast("uintptr_t", session)), session)
        self.given: list[tuple[str, bytes]] = []
        self.sender: Address | None = None
        self.moves = False
        self._port = port

    def handle_stun(self, request: Request, sender: Address, now: float) -> None:
        self.given.append(("stun", request.called.encode()))
        self._port.paths.put(sender, self, now)
        self.sender = sender

    def handle_dtls(self, datagram: bytes, now: float) -> None:
        self.given.append(("dtls", datagram))

    def handle_drop(self, result: int) -> None:
        self.given.append((reason(result), b""))

    def handle_rtp(self, data: bytes, result: int, now: float) -> None:
        assert result == UNKNOWN
        self.given.append(("rtp", data))

    def handle_rtcp(self, data: bytes, now: float) -> None:
        self.given.append(("rtcp", data))

    def handle_sealed_rtcp(self, datagram: bytes, now: float) -> None:
        self.given.append(("sealed rtcp", datagram))

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


async def test_what_cannot_be_decrypted_is_told_to_its_connection(port: UdpPort, seat: socket.socket) -> None:
    one = Recorder(port)
    port.by_name["one"] = one
    for datagram in (check("one"), RTP + bytes(LONGEST), picture_loss(1, 3) + bytes(LONGEST), RTP):
        seat.send(datagram)

    await until(lambda: len(one.given) == 4)

    assert one.given[1:] == [("forged", b""), ("forged", b""), ("rtp", RTP)]


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

    assert one.given == [("stun", b"one"), ("sealed rtcp", picture_loss(1, 3))]


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
