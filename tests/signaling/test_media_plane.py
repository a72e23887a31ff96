"""The whole media plane with scripted seats over real sockets."""

import asyncio
import random
import re
import weakref
from collections.abc import AsyncIterator

import msgspec
import pytest

from signaling.bandwidth import START_BPS
from signaling.link import GIVEN_UP_AFTER_S, SILENT_AFTER_S
from signaling.messages import (
    KINDS,
    PROTOCOL,
    Answer,
    Away,
    CloseRoom,
    Connected,
    Gone,
    Heartbeat,
    Join,
    Leave,
    Offer,
    OpenRoom,
    PicturesPaused,
    Ready,
    Refused,
    Reoffer,
    RouteStats,
    SetPolicy,
    SetView,
    Shown,
    ToMedia,
)
from signaling.scripted.clip import Clip
from signaling.scripted.scripted_peer import ReceivedTrack
from tests.support.bad_line import BadLine, Quality
from tests.support.lossy_link import Direction, LossyLink, every_tenth_video_packet
from tests.support.media_world import FILMS, ROOM, MediaWorld, cameras, everything
from tests.support.patience import until

ONE_KEY_FRAME = Clip(
    frames=FILMS[0].frames[:15] + FILMS[0].frames[1:15] * 200,
    frames_per_second=FILMS[0].frames_per_second,
    sounds=FILMS[0].sounds,
)
"Three minutes without a key frame but the first, unless one is asked for."


@pytest.fixture
async def world() -> AsyncIterator[MediaWorld]:
    world = MediaWorld()
    yield world
    await world.close()


async def settled(world: MediaWorld, listener: str, source: str) -> tuple[int, int]:
    """What a seat has received of another, once everything sent so far has reached it."""
    await world.seats[listener].connection.check()
    return world.packets(listener, source, "audio"), world.packets(listener, source, "video")


def is_whole(track: ReceivedTrack, packets: int) -> bool:
    """Whether the first so many packets of a track have all come."""
    came = set(track.sequences)
    return came.issuperset(range(min(came), min(came) + packets))


def route_of(world: MediaWorld, listener: str, source: str) -> RouteStats:
    """Of the picture."""
    found = (r for r in world.stats().routes if (r.listener, r.source, r.track) == (listener, source, "video"))
    return next(found)


async def test_all_hear_and_see_each_other(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2", "E3"))
    await world.seat("E1", "E2", "E3")

    for listener, source in (("E1", "E2"), ("E2", "E3"), ("E3", "E1")):
        await world.flowing(listener, source, "audio")
        await world.flowing(listener, source, "video")
    assert {seat.connection.srtp_profile for seat in world.seats.values()} == {"SRTP_AEAD_AES_256_GCM"}
    assert set(world.seats["E1"].received) == {(source, kind) for source in ("E2", "E3") for kind in KINDS}


async def test_policy_opens_one_direction_and_one_kind(world: MediaWorld) -> None:
    await world.seat("E1", "E2", "E3")
    await world.server.set_policy([("E1", "E2", "audio"), ("E3", "E1", "video")])

    await world.flowing("E2", "E1", "audio")
    await world.flowing("E1", "E3", "video")
    assert {alias: set(seat.received) for alias, seat in world.seats.items()} == {
        "E1": {("E3", "video")},
        "E2": {("E1", "audio")},
        "E3": set(),
    }


async def test_no_packet_of_a_forbidden_seat_leaves_after_the_policy_is_in_force(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2", "E3"))
    await world.seat("E1", "E2", "E3")
    await world.flowing("E2", "E1", "video")

    await world.server.set_policy([route for route in everything("E1", "E2", "E3") if route[0] != "E1"])
    at_policy = {listener: await settled(world, listener, "E1") for listener in ("E2", "E3")}
    await world.flowing("E2", "E3", "audio", more=30)
    await world.flowing("E3", "E2", "audio", more=30)

    assert {listener: await settled(world, listener, "E1") for listener in ("E2", "E3")} == at_policy
    assert not any(route.flowing for route in world.stats().routes if route.source == "E1")


async def test_forbidden_seat_is_not_repeated_either(world: MediaWorld) -> None:
    lossy = LossyLink(every_tenth_video_packet("down"))
    world.links["E2"] = lossy
    await world.server.set_policy(everything("E1", "E2", "E3"))
    await world.seat("E1", "E2", "E3")
    await until(lambda: lossy.lost > 0)

    await world.server.set_policy([route for route in everything("E1", "E2", "E3") if route[0] != "E1"])
    at_policy = await settled(world, "E2", "E1")
    await world.flowing("E2", "E3", "audio", more=30)

    assert await settled(world, "E2", "E1") == at_policy


async def test_nothing_flows_while_the_server_is_not_heard(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2", film=ONE_KEY_FRAME)
    await world.flowing("E2", "E1", "video")

    world.server.stop_heartbeat()
    await until(lambda: world.is_silent())
    silent = await settled(world, "E2", "E1")
    player = world.seats["E1"].players["audio"]
    played = player.packets
    await until(lambda: player.packets > played + 20)

    assert await settled(world, "E2", "E1") == silent

    world.server.say(Heartbeat(log_silence_s=3.0))
    assert world.is_silent()  # a server that lives, but has not heard its log
    world.server.say(Heartbeat(log_silence_s=0.1))
    await world.flowing("E2", "E1", "audio")
    await world.flowing("E2", "E1", "video")
    assert world.seats["E2"].received["E1", "video"].reception.lost == 0


async def test_listener_gets_lost_packets_again(world: MediaWorld) -> None:
    lossy = LossyLink(every_tenth_video_packet("down"))
    world.links["E2"] = lossy
    await world.server.set_policy([("E1", "E2", "video")])
    await world.seat("E1", "E2")

    await until(lambda: lossy.lost >= 5)

    track = world.seats["E2"].received["E1", "video"]
    await until(lambda: is_whole(track, 45))
    (route,) = [route for route in world.stats().routes if route.flowing]
    assert route.resent >= 4


async def test_picture_that_a_bad_line_does_not_carry_is_paused_and_the_sound_goes_on(world: MediaWorld) -> None:
    noise = random.Random(7)

    def loses(direction: Direction, data: bytes) -> bool:
        return direction == "down" and 128 <= data[0] < 192 and noise.random() < 0.6

    world.links["E2"] = LossyLink(loses)
    await world.server.set_policy([("E1", "E2", "video"), ("E1", "E2", "audio")])
    await world.seat("E1", "E2")

    await until(lambda: bool(world.server.every(PicturesPaused)))

    assert world.server.every(PicturesPaused)[0] == PicturesPaused(room=ROOM, alias="E2", pictures=[("E1", "video")])
    assert world.stats().budgets["E2"] < START_BPS / 4
    await world.flowing("E2", "E1", "audio")


async def test_hidden_picture_is_not_sent(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2", "E3"))
    await world.seat("E1", "E2", "E3")
    await world.flowing("E2", "E1", "video")

    world.server.say(SetView(room=ROOM, alias="E2", shown=[Shown("E1", "video", 0, False)]))
    await until(lambda: route_of(world, "E2", "E1").is_paused)
    _, hidden = await settled(world, "E2", "E1")
    await world.flowing("E2", "E1", "audio", more=50)
    still = world.packets("E2", "E1", "video")
    world.server.say(SetView(room=ROOM, alias="E2", shown=[Shown("E1", "video", 360, True)]))
    await world.flowing("E2", "E1", "video")

    assert still == hidden
    assert world.server.every(PicturesPaused) == []


async def test_packets_lost_on_the_way_up_are_asked_for_again(world: MediaWorld) -> None:
    lossy = LossyLink(every_tenth_video_packet("up"))
    world.links["E1"] = lossy
    await world.server.set_policy([("E1", "E2", "video")])
    await world.seat("E1", "E2")

    await until(lambda: lossy.lost >= 5)

    track = world.seats["E2"].received["E1", "video"]
    await until(lambda: is_whole(track, 45))
    (video,) = [track for track in world.stats().tracks if (track.source, track.track) == ("E1", "video")]
    assert video.packets_asked >= 4


async def test_new_route_begins_with_a_key_frame_asked_for_at_once(world: MediaWorld) -> None:
    await world.seat("E1", "E2", film=ONE_KEY_FRAME)
    await world.server.set_policy([("E1", "E2", "audio")])
    await world.flowing("E2", "E1", "audio", more=50)

    await world.server.set_policy([("E1", "E2", "audio"), ("E1", "E2", "video")])
    await world.flowing("E2", "E1", "video")

    assert world.seats["E1"].players["video"].key_frames_asked == 1
    assert world.seats["E2"].received["E1", "video"].begins_with_key_frame


async def test_listener_that_lost_its_picture_gets_a_key_frame(world: MediaWorld) -> None:
    await world.server.set_policy([("E1", "E2", "video")])
    await world.seat("E1", "E2", film=ONE_KEY_FRAME)
    await world.flowing("E2", "E1", "video")
    before = world.seats["E2"].received["E1", "video"].key_frames

    world.seats["E2"].ask_key_frame("E1")

    await until(lambda: world.seats["E2"].received["E1", "video"].key_frames > before)


async def test_stream_has_no_gap_over_a_pause_of_its_route(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E2", "E1", "video")
    await world.server.set_policy([("E1", "E2", "audio")])
    await world.flowing("E2", "E1", "audio", more=30)
    await world.server.set_policy(everything("E1", "E2"))
    await world.flowing("E2", "E1", "video", more=20)

    track = world.seats["E2"].received["E1", "video"]
    assert list(track.sequences) == list(range(track.sequences[0], track.sequences[0] + track.packets))
    assert list(track.timestamps) == sorted(track.timestamps)


async def test_stream_has_no_gap_over_a_reconnect_of_its_source(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E2", "E1", "video")
    before = world.seats["E1"]
    await world.seat("E1", among=["E1", "E2"])
    await world.flowing("E2", "E1", "video", more=20)

    track = world.seats["E2"].received["E1", "video"]
    assert list(track.sequences) == list(range(track.sequences[0], track.sequences[0] + track.packets))
    assert list(track.timestamps) == sorted(track.timestamps)
    assert [(gone.alias, gone.reason) for gone in world.server.every(Gone)] == [("E1", "replaced")]
    await until(lambda: before.connection.is_closed)
    await before.close()


async def test_seat_may_move_to_another_address(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E1", "E2", "video")

    await world.seats["E1"].move()

    await world.flowing("E1", "E2", "video", more=20)
    await world.flowing("E2", "E1", "video", more=20)
    assert len(world.server.every(Connected)) == 2


@pytest.mark.parametrize(("bind", "address"), [("0.0.0.0", "127.0.0.2"), ("::", "::1"), ("::", "127.0.0.2")])
async def test_seats_hear_each_other_at_any_address_of_the_machine(bind: str, address: str) -> None:
    world = MediaWorld(bind=bind, address=address)
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")

    await world.flowing("E1", "E2", "video")
    await world.flowing("E2", "E1", "audio")
    await world.close()


async def test_seat_that_a_router_has_given_another_port_is_followed_without_its_doing(world: MediaWorld) -> None:
    world.lines["E1"] = BadLine(Quality(), seed=1)
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E1", "E2", "video")
    checking = world.seats["E1"].connection._checking
    assert checking is not None
    checking.cancel()

    world.lines["E1"].readdress()

    await world.flowing("E1", "E2", "video", more=20)
    await world.flowing("E2", "E1", "video", more=20)
    assert len(world.server.every(Connected)) == 2


async def test_seat_of_which_nothing_comes_is_away_and_comes_back_without_a_handshake(world: MediaWorld) -> None:
    world.lines["E1"] = BadLine(Quality(), seed=1)
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E2", "E1", "video")
    offer = next(offer for offer in world.server.every(Offer) if offer.alias == "E1")

    world.lines["E1"].block()
    world.plane._rooms[ROOM].peers["E1"].link.entrance.pointer.heard_at -= SILENT_AFTER_S
    await until(lambda: world.server.every(Away) == [Away(room=ROOM, alias="E1", connection=offer.connection)])
    assert world.is_silent()
    world.lines["E1"].mend()

    await world.flowing("E2", "E1", "video", more=20)
    await world.flowing("E1", "E2", "video", more=20)
    back = Connected(room=ROOM, alias="E1", connection=offer.connection)
    assert world.server.every(Connected).count(back) == 2
    assert world.server.every(Gone) == []


async def test_seat_of_which_nothing_comes_for_long_is_gone(world: MediaWorld) -> None:
    world.lines["E1"] = BadLine(Quality(), seed=1)
    await world.seat("E1", "E2")

    world.lines["E1"].block()
    link, now = world.plane._rooms[ROOM].peers["E1"].link, asyncio.get_running_loop().time
    await until(lambda: now() - link.entrance.pointer.heard_at > 0.3)  # what was on its way has come
    link.entrance.pointer.heard_at -= GIVEN_UP_AFTER_S

    await until(lambda: [(gone.alias, gone.reason) for gone in world.server.every(Gone)] == [("E1", "silent")])


async def test_offer_again_restarts_ice_and_adds_a_seat_in_one_connection(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2", "E3"))
    await world.seat("E1", "E2", among=["E1", "E2"])
    await world.seat("E3", among=["E1", "E2"])
    await world.flowing("E1", "E2", "audio")

    world.server.say(Reoffer(room=ROOM, alias="E1", sources=cameras("E2", "E3")))

    await world.flowing("E1", "E3", "audio")
    await world.flowing("E1", "E2", "audio")
    first, second = (offer for offer in world.server.every(Offer) if offer.alias == "E1")
    assert (second.connection, second.revision) == (first.connection, 2)
    assert re.findall(r"ice-ufrag:\S+", first.sdp) != re.findall(r"ice-ufrag:\S+", second.sdp)
    assert first.sdp.count("m=") + 2 == second.sdp.count("m=")


async def test_sdp_names_nobody_but_by_alias(world: MediaWorld) -> None:
    await world.seat("E1", "E2", among=["E1", "E2"])

    for offer in world.server.every(Offer):
        other = {"E1": "E2", "E2": "E1"}[offer.alias]
        assert set(re.findall(r"(?:msid:|cname:|mid:)([^\s-]+)", offer.sdp)) == {other, "audio", "video"}


async def test_sender_reports_reach_the_listener_in_its_own_timestamps(world: MediaWorld) -> None:
    await world.server.set_policy([("E1", "E2", "audio")])
    await world.seat("E1", "E2")
    await world.flowing("E2", "E1", "audio")
    track = world.seats["E2"].received["E1", "audio"]

    await until(lambda: track.reception.clock is not None)

    assert track.reception.clock is not None
    distance = (track.timestamps[-1] - track.reception.clock.rtp_timestamp + (1 << 31)) % (1 << 32) - (1 << 31)
    assert abs(distance) < 5 * 48_000
    await until(lambda: any(route.round_trip_ms is not None for route in world.stats().routes))


async def test_stats_count_tracks_and_routes(world: MediaWorld) -> None:
    await world.server.set_policy([("E1", "E2", "audio")])
    await world.seat("E1", "E2")
    await world.flowing("E2", "E1", "audio")

    heard = world.stats()

    routes = {(route.listener, route.source, route.track): route for route in heard.routes}
    assert heard.unsent == 0
    assert {(track.source, track.track) for track in heard.tracks} == {("E1", k) for k in KINDS} | {
        ("E2", k) for k in KINDS
    }
    assert [key for key, route in routes.items() if route.flowing] == [("E2", "E1", "audio")]
    assert routes["E2", "E1", "audio"].packets >= 10
    assert routes["E1", "E2", "video"] == RouteStats(
        source="E2",
        listener="E1",
        track="video",
        flowing=False,
        packets=0,
        octets=0,
        resent=0,
        layer="",
        is_paused=False,
        fraction_lost=0.0,
        round_trip_ms=None,
    )


async def test_seat_that_says_goodbye_is_gone(world: MediaWorld) -> None:
    await world.seat("E1", "E2")

    await world.seats["E1"].close()

    await until(lambda: [(gone.alias, gone.reason) for gone in world.server.every(Gone)] == [("E1", "closed_by_peer")])


async def test_seat_that_leaves_is_told_goodbye(world: MediaWorld) -> None:
    await world.seat("E1", "E2")

    world.server.say(Leave(room=ROOM, alias="E1"))

    assert [(gone.alias, gone.reason) for gone in world.server.every(Gone)] == [("E1", "left")]
    await until(lambda: world.seats["E1"].connection.is_closed)


async def test_closed_room_ends_every_connection(world: MediaWorld) -> None:
    await world.seat("E1", "E2")

    world.server.say(CloseRoom(room=ROOM))

    assert {(gone.alias, gone.reason) for gone in world.server.every(Gone)} == {
        ("E1", "room_closed"),
        ("E2", "room_closed"),
    }
    await until(lambda: all(seat.connection.is_closed for seat in world.seats.values()))


async def test_wrong_certificate_is_no_connection(world: MediaWorld) -> None:
    async def answer_with_another_fingerprint(offer: str) -> str:
        sdp = await world.seats["E1"].answer(offer)
        return re.sub(r"sha-256 \S\S", "sha-256 00", sdp)

    await world.seat("E1", "E2")
    world.server.seats["E1"] = answer_with_another_fingerprint
    world.server.say(Join(room=ROOM, alias="E1", publishes=[], sources=cameras("E2")))

    await until(lambda: "handshake_failed" in [gone.reason for gone in world.server.every(Gone)])


async def test_first_message_names_protocol_and_port(world: MediaWorld) -> None:
    (ready,) = world.server.every(Ready)

    assert ready.protocol == PROTOCOL
    assert ready.udp_port > 1023


async def test_room_opened_while_the_server_is_not_heard_is_silent_too(world: MediaWorld) -> None:
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    await world.flowing("E2", "E1", "audio")
    world.server.stop_heartbeat()
    await until(lambda: world.is_silent())
    await asyncio.gather(*(seat.close() for seat in world.seats.values()))

    world.server.say(CloseRoom(room=ROOM))
    world.server.say(OpenRoom(room=ROOM))
    await world.server.set_policy(everything("E1", "E2"))
    await world.seat("E1", "E2")
    assert await settled(world, "E2", "E1") == (0, 0)
    assert world.is_silent()

    world.server.say(Heartbeat(log_silence_s=0.0))
    await world.flowing("E2", "E1", "audio")


ANSWER = Answer(room=ROOM, alias="E1", connection=1, revision=1, sdp="")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (OpenRoom(room=ROOM), "room_exists"),
        (CloseRoom(room="?"), "unknown_room"),
        (SetPolicy(room="?", version=1, allowed=[]), "unknown_room"),
        (SetPolicy(room=ROOM, version=0, allowed=[]), "stale_policy"),
        (Join(room=ROOM, alias="王", publishes=["audio"], sources=[]), "bad_alias"),
        (Join(room=ROOM, alias="E1", publishes=["audio"], sources=cameras("E 2")), "bad_alias"),
        (Join(room=ROOM, alias="E1", publishes=[], sources=cameras("E1")), "nothing_to_offer"),
        (Leave(room=ROOM, alias="E1"), "unknown_seat"),
        (Reoffer(room=ROOM, alias="E1", sources=[]), "unknown_seat"),
        (ANSWER, "unknown_seat"),
    ],
)
async def test_message_that_cannot_be_followed_is_refused(world: MediaWorld, message: ToMedia, code: str) -> None:
    world.server.say(message)

    (refused,) = world.server.every(Refused)
    fields = msgspec.to_builtins(message)
    assert (refused.code, refused.about) == (code, fields["type"])
    assert (refused.room, refused.alias) == (fields["room"], fields.get("alias"))


async def test_answer_to_an_earlier_offer_is_refused(world: MediaWorld) -> None:
    await world.seat("E1")

    world.server.say(ANSWER)

    assert [refused.code for refused in world.server.every(Refused)] == ["stale_answer"]


async def test_offer_has_one_answer(world: MediaWorld) -> None:
    await world.seat("E1")
    (offer,) = world.server.every(Offer)

    world.server.say(msgspec.structs.replace(ANSWER, connection=offer.connection))

    assert [refused.code for refused in world.server.every(Refused)] == ["stale_answer"]


async def test_answer_that_does_not_fit_is_refused(world: MediaWorld) -> None:
    await world.seat("E1")
    world.server.say(Reoffer(room=ROOM, alias="E1", sources=[]))
    offer = world.server.every(Offer)[-1]
    broken = Answer(room=ROOM, alias="E1", connection=offer.connection, revision=offer.revision, sdp="v=0")

    world.server.say(broken)

    assert [refused.code for refused in world.server.every(Refused)] == ["bad_answer"]
    assert world.server.every(Gone) == []


async def test_ended_connections_leave_nothing_behind(world: MediaWorld) -> None:
    await world.seat("E1", "E2")
    ended = weakref.ref(world.plane._rooms[ROOM].peers["E2"])

    world.server.say(Leave(room=ROOM, alias="E2"))
    await world.seats["E2"].close()

    await until(lambda: ended() is None)
