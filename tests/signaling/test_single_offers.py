from collections.abc import AsyncIterator

import pytest

from signaling.messages import Connected, OfferTaken, Refused, RestartIce, TakeOffer, TakePlayer
from tests.support.encoder import new_encoder
from tests.support.media_world import ROOM, MediaWorld
from tests.support.offering import is_answered
from tests.support.patience import until


@pytest.fixture
async def world() -> AsyncIterator[MediaWorld]:
    made = MediaWorld()
    yield made
    await made.close()


async def test_ice_of_a_connection_is_restarted_and_of_one_that_has_ended_not(world: MediaWorld) -> None:
    encoder = new_encoder("video/VP8", has_sound=False)
    world.server.say(TakeOffer(room=ROOM, alias="C1", request=7, sdp=await encoder.offer()))
    taken = world.server.every(OfferTaken)[-1]
    await encoder.take(taken.sdp)
    await until(lambda: world.server.every(Connected))

    for connection in (taken.connection, taken.connection + 1):
        world.server.say(RestartIce(room=ROOM, alias="C1", request=8, connection=connection))

    done, refused = world.server.every(OfferTaken)[-2:]
    assert (done.connection, done.request) == (taken.connection, 8)
    assert await is_answered(done.sdp, "new")
    assert refused.problem == "The connection has ended."
    await encoder.close()


async def test_offers_without_sense_are_told_what_is_wrong_with_them(world: MediaWorld) -> None:
    world.server.say(TakeOffer(room=ROOM, alias="C1", request=1, sdp="hello"))
    world.server.say(TakePlayer(room=ROOM, alias="wall-1", request=2, sdp="hello", tracks=[("E1", "video")]))

    assert [each.request for each in world.server.every(OfferTaken)] == [1, 2]
    assert all("no SDP offer" in each.problem for each in world.server.every(OfferTaken))


async def test_player_of_what_has_no_alias_is_refused(world: MediaWorld) -> None:
    world.server.say(TakePlayer(room=ROOM, alias="wall-1", request=2, sdp="hello", tracks=[("<E1>", "video")]))

    assert [each.code for each in world.server.every(Refused)] == ["bad_alias"]
    assert not world.server.every(OfferTaken)
