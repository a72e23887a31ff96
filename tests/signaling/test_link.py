import asyncio
from collections.abc import AsyncIterator

import pytest

from signaling.datagram_batches import bind_udp, host_and_port
from signaling.dtls_srtp import Certificate, HandshakeFailed
from signaling.ice_lite import Credentials
from signaling.link import CONNECT_WITHIN_S, MAX_ADDRESSES, SILENT_AFTER_S, Link
from signaling.messages import GoneReason
from signaling.rtcp import picture_loss
from signaling.rtp import build
from signaling.scripted.connection import ClientConnection
from signaling.udp_port import UdpPort
from tests.support.patience import until

RTP = build(b"x", payload_type=96, marker=True, sequence=1, timestamp=2, ssrc=3)
FIRST, SECOND = Credentials("first", "one"), Credentials("second", "two")


class World:
    """A port with one link, the seat's end of it, and the link's owner."""

    def __init__(self) -> None:
        self.said: list[str] = []
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

    def link_lost(self, reason: GoneReason) -> None:
        self.said.append(reason)

    def receive_rtp(self, data: bytes, now: float, arrived: float) -> None:
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
    await world.seat.open(("127.0.0.1", world.port.number), FIRST)

    assert before is not None
    assert world.link.destination is not None
    assert world.link.destination.address != before.address
    assert host_and_port(world.link.destination.address)[0] == "127.0.0.1"


async def test_many_addresses_of_a_seat_are_not_all_remembered(world: World) -> None:
    for _ in range(MAX_ADDRESSES + 2):
        await world.seat.open(("127.0.0.1", world.port.number), FIRST)
        await world.seat.check()

    assert len(world.port.by_address) == MAX_ADDRESSES


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

    assert len(world.port.by_address) == 1
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


async def test_seat_that_does_not_connect_is_silent_in_the_end(world: World) -> None:
    assert not world.link.is_silent(world.now + CONNECT_WITHIN_S - 1)
    assert world.link.is_silent(world.now + CONNECT_WITHIN_S + 1)


async def test_connected_seat_is_silent_when_nothing_authentic_comes(world: World) -> None:
    await world.connect()
    now = asyncio.get_running_loop().time()

    assert not world.link.is_silent(now + SILENT_AFTER_S - 1)
    assert world.link.is_silent(now + SILENT_AFTER_S + 1)


async def test_closed_link_is_forgotten_by_the_port(world: World) -> None:
    await world.connect()
    await world.link.close()

    assert (world.port.by_name, world.port.by_address) == ({}, {})
    await until(lambda: world.seat.is_closed)
