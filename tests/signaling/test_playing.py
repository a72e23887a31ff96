"""Offers of players and our answers; then a foreign player through a media plane."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from aiortc.sdp import SessionDescription

from signaling.answering import BadOffer
from signaling.messages import Connected, Gone, OfferTaken, TakeOffer, TakePlayer, Track
from signaling.negotiation import COUNTER_EXTENSION, LEVEL_EXTENSION, CodecName
from signaling.playing import NoCommonCodec, Playable, Wish, answer_player, read_wish
from tests.support.encoder import new_encoder
from tests.support.foreign_peer import ForeignPeer
from tests.support.media_world import ROOM, MediaWorld
from tests.support.offers import ENDPOINT, HEAD, text
from tests.support.patience import until
from tests.support.wall_player import new_player

SOUND = [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 8",
    "a=mid:0",
    "a=recvonly",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=rtpmap:8 PCMA/8000",
    f"a=extmap:4 {LEVEL_EXTENSION}",
    "a=extmap:5 urn:3gpp:video-orientation",
]
VP8 = ["a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 goog-remb"]
REPEATS = ["a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"]
H264 = [
    "a=rtpmap:98 H264/90000",
    "a=fmtp:98 profile-level-id=42e01f;packetization-mode=1",
    "a=rtcp-fb:98 nack pli",
]
PICTURE = [
    "m=video 0 UDP/TLS/RTP/SAVPF 96 97 98",
    "a=bundle-only",
    "a=mid:1",
    "a=recvonly",
    f"a=extmap:3 {COUNTER_EXTENSION}",
]


def seat(track: Track, codec: CodecName | None = None) -> Playable:
    return Playable("E1", track, is_room=False, codec=codec)


def camera(codec: CodecName | None) -> Playable:
    return Playable("C1", "video", is_room=True, codec=codec)


def wish(offer: str, *tracks: Playable) -> Wish:
    drawn = count(1000)
    return read_wish(offer, tracks or (seat("audio"), seat("video")), lambda: next(drawn))


def test_player_is_sent_a_picture_with_its_sound() -> None:
    read = wish(text(SOUND, PICTURE + VP8 + REPEATS + H264))

    sound, picture = (read.agreement.lines[f"E1-{kind}"] for kind in ("audio", "video"))
    assert (sound.codec, sound.payload_type, sound.mid, sound.extensions) == ("opus", 111, "0", {LEVEL_EXTENSION: 4})
    assert (picture.payload_type, picture.repeats, picture.h264, picture.mid) == (96, 97, None, "1")
    assert picture.extensions == {COUNTER_EXTENSION: 3}
    assert [(line.source, line.track, line.ssrc, line.repeats) for line in read.lines] == [
        ("E1", "audio", 1000, None),
        ("E1", "video", 1001, 1002),
    ]


def test_answer_is_read_by_another_library_as_it_is_meant() -> None:
    read = SessionDescription.parse(answer_player(wish(text(SOUND, PICTURE + VP8 + REPEATS)), ENDPOINT, connection=5))

    sound, picture = read.media
    assert read.group[0].items == ["0", "1"]
    assert (sound.direction, picture.direction, sound.port, picture.port) == ("sendonly", "sendonly", 9, 9)
    assert sound.msid == "E1 E1-audio"
    assert picture.msid == "E1 E1-video"
    assert [(codec.payloadType, codec.mimeType) for codec in picture.rtp.codecs] == [
        (96, "video/VP8"),
        (97, "video/rtx"),
    ]
    assert {(each.type, each.parameter) for each in picture.rtp.codecs[0].rtcpFeedback} == {
        ("nack", None),
        ("nack", "pli"),
    }
    assert picture.ssrc_group[0].items == [1001, 1002]
    assert [each.ssrc for each in picture.ssrc] == [1001, 1002]
    assert picture.ice is not None
    assert picture.dtls is not None
    assert (picture.ice.iceLite, picture.ice.usernameFragment, picture.dtls.role) == (True, "name", "server")
    assert [(each.ip, each.port) for each in sound.ice_candidates] == [("10.0.0.7", 8444)]


def test_camera_is_answered_in_every_codec_that_it_may_come_in() -> None:
    both = wish(text(PICTURE + VP8 + REPEATS + H264), camera(None))
    alone = wish(text(PICTURE + H264), camera("h264"))

    read = SessionDescription.parse(answer_player(both, ENDPOINT, connection=5))
    assert [codec.mimeType for codec in read.media[0].rtp.codecs] == ["video/VP8", "video/rtx", "video/H264"]
    agreed = alone.agreement.lines["C1-video"]
    assert agreed.for_codec("vp8") is None
    found = agreed.for_codec("h264")
    assert found is not None
    assert (found.payload_type, found.repeats) == (98, None)


@pytest.mark.parametrize(
    ("offered", "track", "sentence"),
    [
        (H264, seat("video"), "The video of E1 comes in VP8; the player takes none of that."),
        (H264, camera("vp8"), "The video of C1 comes in VP8; the player takes none of that."),
        (VP8, camera("h264"), "The video of C1 comes in H.264 (packetization-mode 1); the player takes none of that."),
        (["a=rtpmap:96 AV1/90000"], camera(None), "The video of C1 comes in VP8 or H.264 (packetization-mode 1); "),
    ],
)
def test_player_without_the_codec_is_told_which_one_it_is(offered: list[str], track: Playable, sentence: str) -> None:
    with pytest.raises(NoCommonCodec) as told:
        wish(text(PICTURE + offered), track)

    assert str(told.value).startswith(sentence)


def test_gstreamer_is_answered_though_it_says_little_of_what_it_takes() -> None:
    head = [*HEAD[:4], "a=group:BUNDLE audio0 video1", "a=ice-options:trickle"]
    own = ["a=setup:actpass", "a=recvonly", "a=fingerprint:sha-256 AA:BB"]
    sound = ["m=audio 9 UDP/TLS/RTP/SAVPF 96", "a=mid:audio0", "a=rtpmap:96 OPUS/48000", *own]
    picture = ["m=video 0 UDP/TLS/RTP/SAVPF 97", "a=mid:video1", "a=bundle-only", "a=rtpmap:97 H264/90000", *own]

    read = answer_player(wish(text(sound, picture, head=head), seat("audio"), camera("h264")), ENDPOINT, connection=5)

    assert "a=rtpmap:96 opus/48000/2" in read
    assert "a=fmtp:97 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" in read


def test_screen_has_no_sound_and_its_line_stays_silent_in_its_place() -> None:
    read = SessionDescription.parse(
        answer_player(wish(text(SOUND, PICTURE + VP8), seat("screen")), ENDPOINT, connection=5)
    )

    assert [(media.direction, media.port) for media in read.media] == [("inactive", 9), ("sendonly", 9)]
    assert read.group[0].items == ["0", "1"]


def test_what_is_not_asked_for_is_refused_in_its_place() -> None:
    head = [line.replace("BUNDLE 0 1", "BUNDLE 0 1 2") for line in HEAD]
    sent = ["a=sendonly" if line == "a=recvonly" else line for line in SOUND]
    data = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2"]

    read = answer_player(wish(text(sent, PICTURE + VP8, data, head=head)), ENDPOINT, connection=5)

    media = [line for line in read.splitlines() if line.startswith(("m=", "a=group"))]
    assert media == [
        "a=group:BUNDLE 1",
        "m=audio 0 UDP/TLS/RTP/SAVPF 111 8",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
    ]


@pytest.mark.parametrize(
    ("offer", "problem"),
    [
        ("hello", "no SDP"),
        (text(SOUND, head=[line for line in HEAD if "fingerprint" not in line]), "fingerprint"),
        (text(SOUND, head=[line.replace("actpass", "holdconn") for line in HEAD]), "actpass"),
        (text(SOUND, head=[line for line in HEAD if "BUNDLE" not in line]), "no line to receive"),
        (text(["a=inactive" if line == "a=recvonly" else line for line in SOUND]), "no line to receive"),
        (text(["a=mid:9" if line == "a=mid:0" else line for line in SOUND]), "no line to receive"),
        (text([line.replace("111", "211") for line in SOUND]), "payload type"),
        (text(), "fingerprint|no line"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_reason(offer: str, problem: str) -> None:
    with pytest.raises(BadOffer, match=problem):
        wish(offer)


@pytest.fixture
async def world() -> AsyncIterator[MediaWorld]:
    made = MediaWorld()
    yield made
    await made.close()


async def play(
    world: MediaWorld, player: ForeignPeer, source: str, *, cameras: tuple[str, ...] = (), name: str = "wall-1"
) -> OfferTaken:
    tracks: list[tuple[str, Track]] = [(source, "audio"), (source, "video")]
    offer = await player.offer()
    world.server.say(TakePlayer(room=ROOM, alias=name, request=7, sdp=offer, tracks=tracks, cameras=list(cameras)))
    taken = world.server.every(OfferTaken)[-1]
    if not taken.problem:
        await player.take(taken.sdp)
        await until(lambda: any(each.alias == name for each in world.server.every(Connected)))
    return taken


async def test_foreign_player_is_sent_what_the_policy_allows_and_no_more(world: MediaWorld) -> None:
    await world.seat("E1", "E2")
    player = new_player()
    await world.server.set_policy([("E1", "wall-1", "audio"), ("E1", "wall-1", "video"), ("E2", "wall-1", "video")])

    await play(world, player, "E1")

    await until(lambda: player.came["video"] > 5 and player.came["audio"] > 5)
    assert {route.source for route in world.stats().routes if route.listener == "wall-1"} == {"E1"}
    await world.server.set_policy([])
    assert not [route for route in world.stats().routes if route.flowing]
    assert world.packets("E2", "E1", "video") == 0
    await player.close()


async def send(world: MediaWorld, codec: str) -> ForeignPeer:
    encoder = new_encoder(codec, has_sound=False)
    world.server.say(TakeOffer(room=ROOM, alias="C1", request=6, sdp=await encoder.offer()))
    taken = world.server.every(OfferTaken)[-1]
    await encoder.take(taken.sdp)
    await until(lambda: any(each.connection == taken.connection for each in world.server.every(Connected)))
    return encoder


async def test_player_with_h264_alone_gets_a_camera_and_no_seat(world: MediaWorld) -> None:
    await world.seat("E1")
    player = new_player("video", codec="video/H264")
    await world.server.set_policy([("C1", "wall-1", "video"), ("E1", "wall-1", "video")])
    encoder = await send(world, "video/H264")

    refused = await play(world, player, "E1")
    assert (refused.is_codec, refused.problem) == (True, "The video of E1 comes in VP8; the player takes none of that.")
    await play(world, player, "C1", cameras=("C1",))

    await until(lambda: player.came["video"] > 5)
    for each in (player, encoder):
        await each.close()


async def test_player_of_a_camera_that_comes_back_in_another_codec_ends_and_is_told_why(world: MediaWorld) -> None:
    player, both = new_player("video", codec="video/H264"), new_player("video")
    await world.server.set_policy([("C1", "wall-1", "video"), ("C1", "wall-2", "video")])
    before = await send(world, "video/H264")
    await play(world, player, "C1", cameras=("C1",))
    await play(world, both, "C1", cameras=("C1",), name="wall-2")
    await until(lambda: player.came["video"] > 2 and both.came["video"] > 2)

    after = await send(world, "video/VP8")

    await until(lambda: player.state in ("closed", "failed"))
    gone = [(each.alias, each.reason) for each in world.server.every(Gone)]
    assert gone == [("C1", "replaced"), ("wall-1", "codec_missing")]
    seen = both.came["video"]
    await until(lambda: both.came["video"] > seen + 5)
    again = new_player("video", codec="video/H264")
    refused = await play(world, again, "C1", cameras=("C1",))
    assert refused.problem == "The video of C1 comes in VP8; the player takes none of that."
    for each in (player, both, again, before, after):
        await each.close()
