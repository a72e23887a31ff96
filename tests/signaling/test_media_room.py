import asyncio
from collections.abc import AsyncIterator

import pytest

from signaling.datagram_batches import bind_udp
from signaling.drops import Drops
from signaling.dtls_srtp import Certificate
from signaling.host import Host, draw_ssrc
from signaling.link import CONNECT_WITHIN_S
from signaling.media_room import ROUND_TICKS, MediaRoom
from signaling.messages import FromMedia, Gone, PolicyInForce, Stats
from signaling.negotiation import BadAnswer, lines_of
from signaling.peer import Peer
from signaling.routes import policy_of
from signaling.rtcp import transport_wide
from signaling.transport_feedback import write
from signaling.udp_port import UdpPort
from tests.support.media_world import cameras


class World:
    """A room whose seats are not connected: what it tells and whom it drops."""

    def __init__(self) -> None:
        self.told: list[FromMedia] = []
        self.dropped: list[Peer] = []
        self.loop = asyncio.get_running_loop()
        self.port = UdpPort(bind_udp("127.0.0.1", 0), lambda now: None)
        self.host = Host(port=self.port, certificate=Certificate(), addresses=("127.0.0.1",))
        self.room = MediaRoom("r", tell=self.told.append, drop=self.dropped.append)

    def seat(self, alias: str) -> Peer:
        peer = Peer(alias, lines_of(alias, ["audio"], cameras("E1", "E2"), draw_ssrc), self.host, self.room)
        self.room.add(peer)
        return peer

    async def close(self) -> None:
        for peer in [*self.dropped, *self.room.peers.values()]:
            await peer.link.close()
        self.port.close()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


def gone(peer: Peer, reason: str) -> Gone:
    return Gone(room="r", alias=peer.alias, connection=peer.connection, reason=reason)  # type: ignore[arg-type]


async def test_policy_is_told_to_be_in_force(world: World) -> None:
    world.room.set_policy(policy_of(4, [("E1", "E2", "audio")]))

    assert world.told == [PolicyInForce(room="r", version=4)]
    assert world.room.policy_version == 4


async def test_new_connection_of_an_alias_ends_the_one_before(world: World) -> None:
    before, after = world.seat("E1"), world.seat("E1")

    assert world.told == [gone(before, "replaced")]
    assert (world.dropped, world.room.peers) == ([before], {"E1": after})


async def test_late_news_of_a_replaced_connection_changes_nothing(world: World) -> None:
    before, after = world.seat("E1"), world.seat("E1")
    world.room.peer_lost(before, "closed_by_peer")

    assert world.room.peers == {"E1": after}


async def test_seat_that_never_connects_is_gone_in_the_end(world: World) -> None:
    peer = world.seat("E1")
    now = world.loop.time()

    def round_at(now: float) -> None:
        for _ in range(ROUND_TICKS):
            world.room.tick(now)

    round_at(now)
    assert world.told == []
    round_at(now + CONNECT_WITHIN_S + 1)

    assert world.told == [gone(peer, "silent")]


async def test_closing_ends_every_connection(world: World) -> None:
    peers = [world.seat("E1"), world.seat("E2")]

    world.room.close()

    assert world.told == [gone(peer, "room_closed") for peer in peers]
    assert world.room.peers == {}


async def test_removing_nobody_tells_nothing(world: World) -> None:
    world.room.remove("E9", "left")

    assert world.told == []


async def test_answer_that_does_not_fit_is_not_taken(world: World) -> None:
    with pytest.raises(BadAnswer):
        world.room.answered(world.seat("E1"), "v=0")


async def test_stats_of_an_empty_room_are_empty(world: World) -> None:
    assert world.room.stats(unsent=3, strays=Drops({"nonsense": 2})) == Stats(
        room="r", tracks=[], routes=[], budgets={}, unsent=3, dropped={}, strays={"nonsense": 2}
    )


async def test_who_speaks_is_known_until_they_leave(world: World) -> None:
    seat = world.seat("E1")
    for number in range(100):
        world.room.sound_heard(seat, 30, number / 50)
    speaker, among_others = world.room.speaker(["E1", "E2"]), world.room.speaker(["E2"])
    world.room.remove("E1", "left")

    assert (speaker, among_others, world.room.speaker(["E1", "E2"])) == ("E1", None, None)


async def test_way_on_which_packets_are_lost_is_judged_at_once_and_no_other(world: World) -> None:
    peers = [world.seat(alias) for alias in ("E1", "E2")]
    arrivals: list[list[int | None]] = [[4000, 4001], [4000, None]]
    for peer, ticks in zip(peers, arrivals, strict=True):
        for _ in range(2):
            peer.downlink.sent.note(1000, 1.0)
        peer.receive_rtcp(transport_wide(7, 9, write(1, 0, ticks)), 1.0)

    world.room.hear_urgent(1.0)

    assert [peer.downlink.is_told for peer in peers] == [False, True]
