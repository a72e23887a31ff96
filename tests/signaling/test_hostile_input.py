"""What nobody should send, sent by a seat of the room and by strangers, while two others talk: seeded, thousands of it.

The same for a million packets, and answers among them, against the real process, is `make soak NAME=media_siege`.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from signaling.messages import DropReason, Gone, OfferTaken, Refused, Reoffer, TakeOffer, TakePlayer, Track
from tests.support.encoder import new_encoder
from tests.support.hostile_packets import HostilePackets
from tests.support.media_world import ROOM, MediaWorld, cameras, everything
from tests.support.siege import Siege
from tests.support.wall_player import new_player

PACKETS = 6000
ANSWERS = 300
AT_ONCE = 20
SEED = 20261126

EXPECTED: frozenset[DropReason] = frozenset(
    {"bad_check", "forged", "malformed", "not_agreed", "too_many", "too_many_sources"}
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[MediaWorld]:
    world = MediaWorld(recordings=tmp_path)
    yield world
    await world.close()


async def besiege(siege: Siege, packets: int) -> None:
    while siege.count < packets:
        for _ in range(AT_ONCE):
            siege.send()
        await asyncio.sleep(0)


async def talk_on(world: MediaWorld) -> None:
    """Wait until much more of each has come to the other."""
    pairs = (("E1", "E2"), ("E2", "E1"))
    pictures = (world.flowing(listener, source, "video", more=30) for listener, source in pairs)
    sounds = (world.flowing(listener, source, "audio", more=50) for listener, source in pairs)
    await asyncio.gather(*pictures, *sounds)


async def test_two_talk_on_while_a_third_sends_what_nobody_should(world: MediaWorld) -> None:
    recorded = [(alias, kind) for alias in ("E1", "E2", "E3") for kind in ("audio", "video")]
    await world.server.set_policy(everything("E1", "E2", "E3"), recorded)  # type: ignore[arg-type]
    await world.seat("E1", "E2", "E3")
    await world.flowing("E1", "E2", "video")
    await world.flowing("E2", "E1", "video")
    broken: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
    siege = Siege(SEED, world.plane._host.port.number, world.seats["E3"])

    await besiege(siege, PACKETS)
    await talk_on(world)
    siege.close()

    stats = world.stats()
    assert (broken, world.plane._host.port.faults.count) == ([], 0)
    assert world.seats["E1"].received["E2", "audio"].reception.lost == 0
    assert world.seats["E2"].received["E1", "audio"].reception.lost == 0
    assert world.seats["E1"].received["E2", "video"].reception.lost == 0
    assert world.seats["E2"].received["E1", "video"].reception.lost == 0
    assert stats.dropped["E1"] == stats.dropped["E2"] == {}
    assert set(stats.dropped["E3"]) >= EXPECTED
    assert set(stats.strays) == {"nonsense", "unknown_name", "unknown_sender"}
    assert stats.room == ROOM


async def test_two_talk_on_while_a_third_answers_what_nobody_should(world: MediaWorld) -> None:
    """Every answer is refused and has changed nothing, or is the hostile seat's own loss."""
    await world.server.set_policy(everything("E1", "E2", "E3"))
    await world.seat("E1", "E2", "E3")
    await world.flowing("E1", "E2", "video")
    await world.flowing("E2", "E1", "video")
    broken: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))

    taken = await answer_spoilt(world, HostilePackets(SEED), ANSWERS)
    await talk_on(world)

    stats = world.stats()
    refused = [each.code for each in world.server.every(Refused)]
    assert set(refused) == {"bad_answer"}
    assert (len(refused), taken) > (ANSWERS // 4, ANSWERS // 20)
    assert len(refused) + taken == ANSWERS
    assert (broken, world.plane._host.port.faults.count) == ([], 0)
    assert {gone.alias for gone in world.server.every(Gone)} <= {"E3"}
    for listener, source in (("E1", "E2"), ("E2", "E1")):
        assert world.seats[listener].received[source, "audio"].reception.lost == 0
        assert world.seats[listener].received[source, "video"].reception.lost == 0
    assert stats.dropped["E1"] == stats.dropped["E2"] == {}


async def test_spoilt_offers_of_encoders_and_players_are_answered_or_refused_in_words(world: MediaWorld) -> None:
    """Whatever stands in them: no mistake of ours, and those who talk notice nothing."""
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E1", "E2", "video")
    hostile, encoder, player = HostilePackets(SEED), new_encoder("video/H264"), new_player()
    sent, wished = await encoder.offer(), await player.offer()

    for request in range(ANSWERS):
        world.server.say(TakeOffer(room=ROOM, alias="C1", request=request, sdp=hostile.answer(sent)))
        tracks: list[tuple[str, Track]] = [("E1", "audio"), ("E1", "video")]
        world.server.say(
            TakePlayer(room=ROOM, alias="wall-1", request=request, sdp=hostile.answer(wished), tracks=tracks)
        )
    await talk_on(world)

    answers = world.server.every(OfferTaken)
    assert [each.request for each in answers] == [request for request in range(ANSWERS) for _ in range(2)]
    assert all(bool(each.problem) != bool(each.sdp) for each in answers)
    assert min(sum(bool(each.problem) for each in answers), sum(bool(each.sdp) for each in answers)) > ANSWERS // 4
    assert world.plane._host.port.faults.count == 0
    assert world.seats["E1"].received["E2", "audio"].reception.lost == 0
    for each in (encoder, player):
        await each.close()


async def answer_spoilt(world: MediaWorld, hostile: HostilePackets, answers: int) -> int:
    """Have E3 answer so many offers with spoilt answers only; gives how many were taken."""
    seat, said = world.seats["E3"], 0

    async def spoilt(offer: str) -> str:
        nonlocal said
        said += 1
        return hostile.answer(await seat.answer(offer))

    world.server.seats["E3"] = spoilt
    for each in range(1, answers + 1):
        world.server.say(Reoffer(room=ROOM, alias="E3", sources=cameras("E1", "E2")))
        while said < each:  # noqa: ASYNC110 - it answers within a few turns of the loop
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    return said - len(world.server.every(Refused))
