import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from aioice import stun

from signaling.datagram_batches import Address, bind_udp, host_and_port
from signaling.dtls_srtp import Certificate, HandshakeFailed
from signaling.hot_path.entrance import MOST_SSRCS
from signaling.ice_lite import Credentials
from signaling.link import (
    CONNECT_WITHIN_S,
    GIVEN_UP_AFTER_S,
    MAX_ADDRESSES,
    SILENT_AFTER_S,
    Link,
)
from signaling.messages import GoneReason
from signaling.rtcp import picture_loss
from signaling.rtp import build
from signaling.scripted.connection import ClientConnection
from signaling.udp_port import LEFT_AFTER_S, MOVED_AFTER_S, UdpPort
from tests.support.patience import PATIENCE_S, until

RTP = build(b"x", payload_type=96, marker=True, sequence=1, timestamp=2, ssrc=3)
FIRST, SECOND = Credentials("first", "one"), Credentials("second", "two")


class World:
    """A port with one link, the seat's end of it, and the link's owner."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.moves = 0
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.at_seat: list[bytes] = []
        self.certificates = Certificate(), Certificate()
        self.port = UdpPort(bind_udp("127.0.0.1", 0), lambda now: None)
        self.link = Link(self.port, self.certificates[0], FIRST, self)
        self.seat = ClientConnection(self.certificates[1], self.at_seat.append)
        self.now = asyncio.get_running_loop().time()

    def link_connected(self) -> None:
        self.said.append("connected")

    def link_moved(self, now: float) -> None:
        self.moves += 1

    def link_lost(self, reason: GoneReason) -> None:
        self.said.append(reason)

    def follow_rtp(self, data: bytes, result: int, now: float) -> None:
        self.rtp.append(data)

    def receive_rtcp(self, data: bytes, now: float) -> None:
        self.rtcp.append(data)

    async def open(self) -> None:
        await self.seat.open(("127.0.0.1", self.port.number), FIRST)

    async def connect(self) -> None:
        await self.open()
        self.link.answered(self.certificates[1].fingerprint)
        await self.seat.connect(self.certificates[0].fingerprint)
        await until(lambda: self.said == ["connected"])

    async def close(self) -> None:
        await self.seat.close()
        await self.link.close()
        self.port.close()


class Elsewhere:
    """Another socket that sends to the port."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.name = sock.getsockname()[:2]

    def send(self, datagram: bytes) -> None:
        self._sock.send(datagram)

    async def received(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._sock, 2048)


@asynccontextmanager
async def another_socket(world: World) -> AsyncIterator[Elsewhere]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect(("127.0.0.1", world.port.number))
        yield Elsewhere(sock)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def test_packets_go_both_ways_once_connected(world: World) -> None:
    await world.connect()

    world.seat.send(RTP)
    world.seat.send(picture_loss(1, 3))
    world.link.send_rtcp(picture_loss(1, 9))
    await until(lambda: bool(world.rtcp and world.at_seat))

    assert (world.rtp, world.rtcp, world.at_seat) == ([RTP], [picture_loss(1, 3)], [picture_loss(1, 9)])


async def test_handshake_waits_for_the_answer(world: World) -> None:
    await world.open()
    connecting = asyncio.create_task(world.seat.connect(world.certificates[0].fingerprint))
    await until(lambda: not world.link._dtls._wire.arrived.empty())

    world.link.answered(world.certificates[1].fingerprint)
    world.link.answered(world.certificates[1].fingerprint)
    await connecting
    await until(lambda: world.said == ["connected"])


async def test_handshake_is_begun_here_where_the_other_side_can_only_wait(world: World) -> None:
    world.seat._dtls._dtls._set_role("server")
    world.link.answered(world.certificates[1].fingerprint, "client")
    connecting = asyncio.create_task(world.seat.connect(world.certificates[0].fingerprint))

    await world.open()

    await connecting
    await until(lambda: world.said == ["connected"])


async def test_other_certificate_is_lost(world: World) -> None:
    await world.open()
    world.link.answered(Certificate().fingerprint)
    with pytest.raises(HandshakeFailed):
        await world.seat.connect(Certificate().fingerprint)

    await until(lambda: world.said == ["handshake_failed"])


async def test_goodbye_is_passed_on(world: World) -> None:
    await world.connect()
    await world.seat.close()

    await until(lambda: world.said == ["connected", "closed_by_peer"])


async def test_nominated_address_is_taken(world: World) -> None:
    await world.connect()
    before = world.link.destination
    await world.seat.check()
    assert world.moves == 0
    await world.seat.open(("127.0.0.1", world.port.number), FIRST)

    assert world.moves == 1
    assert before is not None
    assert world.link.destination is not None
    assert world.link.destination != before
    assert host_and_port(world.link.destination)[0] == "127.0.0.1"


async def test_many_addresses_of_a_seat_are_not_all_remembered(world: World) -> None:
    for _ in range(MAX_ADDRESSES + 2):
        await world.seat.open(("127.0.0.1", world.port.number), FIRST)
        await world.seat.check()

    assert len(world.port.paths.owners) == MAX_ADDRESSES


async def test_address_in_use_is_remembered_whatever_is_opened_after_it(world: World) -> None:
    await world.connect()
    in_use = world.link.destination
    assert in_use is not None
    for number in range(MAX_ADDRESSES + 2):
        world.link._open_path(Address(number.to_bytes(16)), 0.0)

    assert world.port.paths.owners.get(in_use) is world.link


async def test_restart_keeps_the_old_name_until_the_new_path_is_nominated(world: World) -> None:
    await world.connect()
    world.link.restart_ice(SECOND)
    during = set(world.port.by_name)

    world.seat.renew(Credentials("theirs", "x"), SECOND)
    await world.seat.check()

    assert (during, set(world.port.by_name)) == ({"first", "second"}, {"second"})
    assert world.link.credentials == SECOND


async def test_unauthentic_check_opens_nothing(world: World) -> None:
    stranger = ClientConnection(world.certificates[1], world.at_seat.append)
    await stranger.open(("127.0.0.1", world.port.number), Credentials("first", "guess"))
    checking = asyncio.create_task(stranger.check())
    await world.open()
    await world.seat.check()

    assert len(world.port.paths.owners) == 1
    assert not checking.done()
    checking.cancel()
    await stranger.close()


async def test_forged_packets_are_not_passed_on(world: World) -> None:
    await world.connect()
    world.seat._put(RTP + bytes(16))
    world.seat._put(picture_loss(1, 3) + bytes(20))
    world.seat.send(RTP)

    await until(lambda: bool(world.rtp))

    assert (world.rtp, world.rtcp) == ([RTP], [])


async def test_nothing_is_sent_or_taken_before_the_handshake(world: World) -> None:
    await world.open()
    await world.seat.check()
    world.link.send_rtcp(picture_loss(1, 3))
    world.seat._put(RTP)
    world.seat._put(picture_loss(1, 3))
    await world.seat.check()

    assert (world.rtp, world.rtcp, world.at_seat) == ([], [], [])


async def test_seat_that_does_not_connect_is_given_up_in_the_end(world: World) -> None:
    assert not world.link.is_given_up(world.now + CONNECT_WITHIN_S - 1)
    assert world.link.is_given_up(world.now + CONNECT_WITHIN_S + 1)


async def test_connected_seat_is_heard_no_more_when_nothing_authentic_comes(world: World) -> None:
    await world.connect()
    now = asyncio.get_running_loop().time()

    assert [world.link.is_heard(now + SILENT_AFTER_S + more) for more in (-1, 1)] == [True, False]
    assert [world.link.is_given_up(now + GIVEN_UP_AFTER_S + more) for more in (-1, 1)] == [False, True]


async def test_closed_link_is_forgotten_by_the_port(world: World) -> None:
    await world.connect()
    await world.link.close()

    assert (world.port.by_name, world.port.paths.owners) == ({}, {})
    await until(lambda: world.seat.is_closed)


async def test_address_of_a_living_seat_is_not_taken_by_another(world: World) -> None:
    """A check that is authentic for one connection, from the address of another: as one with a forged source is."""
    await world.connect()
    other = Link(world.port, world.certificates[0], SECOND, world)
    address = world.link.destination if world.link.destination is not None else b""
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "second:theirs"})
    request.add_message_integrity(b"two")

    world.seat._put(bytes(request))
    await until(lambda: other.drops["address_taken"] == 1)

    assert [owner for known, owner in world.port.paths.owners.items() if known == address] == [world.link]
    world.seat.send(RTP)
    await until(lambda: bool(world.rtp))
    await other.close()


async def test_address_that_a_seat_has_left_goes_to_the_next_one_there(world: World) -> None:
    """As a router gives its ports away again, while the seat that had one before lives on at another."""
    await world.connect()
    left = world.link.destination
    assert left is not None
    await world.seat.open(("127.0.0.1", world.port.number), FIRST)
    await world.seat.check()  # by then it has closed the socket that it had before
    other = Link(world.port, world.certificates[0], SECOND, world)
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "second:theirs"})
    request.add_message_integrity(b"two")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(host_and_port(left))
        sock.sendto(bytes(request), ("127.0.0.1", world.port.number))
        await until(lambda: other.drops["address_taken"] == 1)

        world.port.paths.hear(left, asyncio.get_running_loop().time() - LEFT_AFTER_S)
        sock.sendto(bytes(request), ("127.0.0.1", world.port.number))
        await until(lambda: other.destination == left)

    assert world.link.destination != left
    world.seat.send(RTP)
    await until(lambda: bool(world.rtp))
    await other.close()


async def test_seat_is_followed_to_where_its_reports_come_from(world: World) -> None:
    """As after a router has forgotten it: another port, and the seat does not know."""
    await world.connect()
    world.seat.send(picture_loss(1, 3))
    await until(lambda: len(world.rtcp) == 1)
    sealed = world.seat._dtls.seal(picture_loss(1, 4))
    async with another_socket(world) as elsewhere:
        elsewhere.send(sealed)
        await until(lambda: len(world.rtcp) == 2)

        world.link.send_rtcp(picture_loss(1, 9))

        assert await elsewhere.received() != b""
        assert world.moves == 1
        assert world.link.destination is not None
        assert host_and_port(world.link.destination) == elsewhere.name
        await world.seat.check()
        assert world.link.destination is not None
        assert host_and_port(world.link.destination) != elsewhere.name


async def test_seat_that_is_heard_is_not_followed_elsewhere(world: World) -> None:
    """Somebody on the way who copies a report and is faster with it."""
    await world.connect()
    world.seat.send(picture_loss(1, 3))
    await until(lambda: len(world.rtcp) == 1)
    before = world.link.destination
    sealed = world.seat._dtls.seal(picture_loss(1, 4))
    async with another_socket(world) as elsewhere:
        elsewhere.send(sealed)
        numbers = count(100)
        async with asyncio.timeout(PATIENCE_S):
            while world.port.strays["unknown_sender"] == 0:
                sequence = next(numbers)
                world.seat.send(build(b"x", payload_type=96, marker=True, sequence=sequence, timestamp=0, ssrc=3))
                await asyncio.sleep(MOVED_AFTER_S / 10)

    assert world.link.destination is before
    world.seat._put(sealed)
    await until(lambda: len(world.rtcp) == 2)


async def test_neither_forged_nor_repeated_reports_are_followed(world: World) -> None:
    await world.connect()
    sealed = world.seat._dtls.seal(picture_loss(1, 3))
    world.seat._put(sealed)
    await until(lambda: len(world.rtcp) == 1)
    before = world.link.destination
    async with another_socket(world) as elsewhere:
        for datagram in (sealed, picture_loss(1, 4) + bytes(20), picture_loss(7, 4) + bytes(20)):
            elsewhere.send(datagram)
        await until(lambda: world.port.strays["unknown_sender"] == 3)

    assert (world.link.destination, len(world.rtcp)) == (before, 1)


async def test_check_that_has_come_before_opens_no_path_from_elsewhere(world: World) -> None:
    await world.connect()
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "first:theirs"})
    request.attributes["USE-CANDIDATE"] = None
    request.add_message_integrity(b"one")
    world.seat._put(bytes(request))
    await world.seat.check()
    before = world.link.destination
    async with another_socket(world) as elsewhere:
        elsewhere.send(bytes(request))
        await until(lambda: world.link.drops["bad_check"] == 1)

    assert (world.link.destination, len(world.port.paths.owners)) == (before, 1)


async def test_flood_of_bad_checks_is_looked_at_in_part_and_the_seat_goes_on(world: World) -> None:
    await world.connect()
    stranger = ClientConnection(world.certificates[1], world.at_seat.append)
    await stranger.open(("127.0.0.1", world.port.number), Credentials("first", "guess"))
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "first:theirs"})
    request.add_message_integrity(b"guess")
    for _ in range(1000):
        stranger._put(bytes(request))
    await until(lambda: world.link.drops["bad_check"] + world.link.drops["too_many"] >= 1000)

    await world.seat.check()

    assert world.link.drops["too_many"] > world.link.drops["bad_check"]
    await stranger.close()


async def test_connection_has_no_more_sources_than_any_seat(world: World) -> None:
    await world.connect()
    for ssrc in range(2 * MOST_SSRCS):
        world.seat.send(build(b"x", payload_type=96, marker=True, sequence=1, timestamp=2, ssrc=ssrc))
    world.seat.send(picture_loss(7777, 3))
    await until(lambda: world.link.drops["too_many_sources"] == MOST_SSRCS + 1)

    world.seat.send(build(b"x", payload_type=96, marker=True, sequence=2, timestamp=2, ssrc=0))
    await until(lambda: len(world.rtp) == MOST_SSRCS + 1)
    assert world.rtcp == []


async def test_repeated_and_forged_packets_are_counted(world: World) -> None:
    await world.connect()
    sealed = world.seat._dtls.seal(RTP)
    for datagram in (sealed, sealed, RTP + bytes(16), picture_loss(1, 3) + bytes(20)):
        world.seat._put(datagram)

    await until(lambda: world.link.drops["forged"] == 3)

    assert world.rtp == [RTP]


async def test_more_than_a_seat_may_send_is_dropped(world: World) -> None:
    await world.connect()
    packets = world.link.entrance.pointer.packets
    packets.per_s, packets.left = 0, 5
    world.link.entrance.owe(1e6)
    for sequence in range(8):
        world.seat.send(build(b"x", payload_type=96, marker=True, sequence=sequence, timestamp=2, ssrc=3))
    world.seat.send(picture_loss(1, 3))

    await until(lambda: world.link.drops["too_many"] == 4)

    assert (len(world.rtp), world.rtcp) == (5, [])


async def test_dtls_records_after_the_handshake_change_nothing_and_are_limited(world: World) -> None:
    await world.connect()
    for kind in (20, 21, 22, 23, 63):
        for _ in range(60):
            world.seat._put(bytes([kind, 0xFE, 0xFD]) + bytes(8) + b"\x00\x02\x02\x28")
    await until(lambda: world.link.drops["too_many"] > 0)

    world.seat.send(RTP)
    await until(lambda: bool(world.rtp))

    assert world.said == ["connected"]


async def test_old_names_do_not_pile_up_over_restarts(world: World) -> None:
    for number in range(20):
        world.link.restart_ice(Credentials(f"name{number}", "x"))

    assert set(world.port.by_name) == {"name18", "name19"}
