"""Offers of encoders and our answers; then real ones of a foreign implementation through a media plane."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
from aiortc.sdp import SessionDescription

from signaling.answering import BadOffer, answer, read_offer, restarted
from signaling.messages import (
    Connected,
    FinishRecording,
    Gone,
    Leave,
    OfferTaken,
    RecordingFinished,
    TakeOffer,
)
from signaling.negotiation import LEVEL_EXTENSION, MID_EXTENSION
from tests.support.encoder import HEIGHT, WIDTH, new_encoder
from tests.support.foreign_peer import ForeignPeer
from tests.support.media_world import ROOM, MediaWorld
from tests.support.offers import ENDPOINT, HEAD, text
from tests.support.patience import until
from tests.support.recorded import read

SOUND = [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=mid:0",
    "a=sendonly",
    "a=rtpmap:111 opus/48000/2",
    f"a=extmap:4 {LEVEL_EXTENSION}",
    "a=ssrc:11 cname:obs",
]
PICTURE = [
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    "a=mid:1",
    "a=sendonly",
    "a=rtpmap:96 H264/90000",
    "a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "a=rtcp-fb:96 goog-remb",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=ssrc-group:FID 21 22",
    "a=ssrc:21 cname:obs",
    "a=ssrc:22 cname:obs",
]


def changed(section: list[str], old: str, new: str) -> list[str]:
    assert old in section
    return [new if line == old else line for line in section]


def test_encoder_is_taken_as_it_offers() -> None:
    offered = read_offer(text(SOUND, PICTURE), "C1")

    sound, picture = (offered.agreement.lines[name] for name in ("audio", "video"))
    assert (sound.codec, sound.payload_type, sound.ssrc, sound.mid) == ("opus", 111, 11, "0")
    assert (picture.codec, picture.payload_type, picture.ssrc, picture.mid) == ("h264", 96, 21, "1")
    assert (picture.repeats, picture.repeats_ssrc) == (97, 22)
    assert [(line.track, line.source, line.ssrc) for line in offered.lines] == [
        ("audio", "C1", None),
        ("video", "C1", None),
    ]


def test_what_an_offer_says_without_sense_is_passed_over() -> None:
    spoilt = [line.replace("a=ssrc-group:FID 21 22", "a=ssrc-group:") for line in PICTURE]
    absent = [line.replace("SAVPF 96 97", "SAVPF 98") for line in [*PICTURE, "a=rtpmap:98 VP8/90000"]]

    without_group = read_offer(text(spoilt), "C1").agreement.lines["video"]
    of_the_line = read_offer(text(absent), "C1").agreement.lines["video"]

    assert (without_group.ssrc, without_group.repeats_ssrc) == (21, None)
    assert (of_the_line.codec, of_the_line.payload_type) == ("vp8", 98)


@pytest.mark.parametrize("codec", ["opus/48000/2", "VP8/90000"])
def test_payload_type_that_no_packet_can_have_is_refused(codec: str) -> None:
    kind = "audio" if codec.startswith("opus") else "video"
    lines = [f"m={kind} 9 UDP/TLS/RTP/SAVPF 300", "a=mid:0", "a=sendonly", f"a=rtpmap:300 {codec}", "a=ssrc:11 cname:o"]

    with pytest.raises(BadOffer, match="300 is no payload type"):
        read_offer(text(lines), "C1")


def test_answer_is_read_by_another_library_as_it_is_meant() -> None:
    sdp = answer(read_offer(text(SOUND, PICTURE), "C1"), ENDPOINT, connection=5)

    read = SessionDescription.parse(sdp)

    assert [(media.kind, media.port, media.direction, media.rtp.muxId) for media in read.media] == [
        ("audio", 9, "recvonly", "0"),
        ("video", 9, "recvonly", "1"),
    ]
    picture = read.media[1]
    assert [codec.mimeType for codec in picture.rtp.codecs] == ["video/H264", "video/rtx"]
    assert {(each.type, each.parameter) for each in picture.rtp.codecs[0].rtcpFeedback} == {
        ("nack", None),
        ("nack", "pli"),
    }
    assert picture.ice is not None
    assert picture.dtls is not None
    assert (picture.ice.iceLite, picture.ice.usernameFragment, picture.dtls.role) == (True, "name", "server")
    assert [(each.ip, each.port) for each in read.media[0].ice_candidates] == [("10.0.0.7", 8444)]


@pytest.mark.parametrize(("theirs", "ours"), [("actpass", "passive"), ("active", "passive"), ("passive", "active")])
def test_handshake_is_begun_by_who_offers_unless_it_can_only_wait(theirs: str, ours: str) -> None:
    head = [line.replace("actpass", theirs) for line in HEAD]

    sdp = answer(read_offer(text(SOUND, head=head), "C1"), ENDPOINT, connection=5)

    assert f"a=setup:{ours}\r\n" in sdp


def test_restart_is_answered_with_all_that_a_check_needs() -> None:
    assert restarted([("audio", "0"), ("video", "1")], ENDPOINT).splitlines() == [
        "a=ice-lite",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 0",
        "a=mid:0",
        "a=ice-ufrag:name",
        "a=ice-pwd:password",
        "a=candidate:1 1 udp 2130706430 10.0.0.7 8444 typ host",
        "a=end-of-candidates",
    ]


def test_line_that_is_not_taken_is_refused_in_its_place() -> None:
    second = changed(PICTURE, "a=mid:1", "a=mid:2")
    sdp = answer(read_offer(text(SOUND, PICTURE, second), "C1"), ENDPOINT, connection=5)

    read = SessionDescription.parse(sdp)

    assert [media.port for media in read.media] == [9, 9, 0]
    assert read.group[0].items == ["0", "1"]


def test_packets_without_a_named_ssrc_are_known_by_their_line() -> None:
    bare = [line for line in PICTURE if "ssrc" not in line]
    with pytest.raises(BadOffer):
        read_offer(text(bare), "C1")

    offered = read_offer(text([*bare, f"a=extmap:9 {MID_EXTENSION}"]), "C1")

    assert offered.agreement.lines["video"].extensions == {MID_EXTENSION: 9}


@pytest.mark.parametrize(
    ("offer", "problem"),
    [
        ("hello", "no SDP"),
        (text(PICTURE, head=[line for line in HEAD if "fingerprint" not in line]), "fingerprint"),
        (text(PICTURE, head=[line.replace("actpass", "holdconn") for line in HEAD]), "actpass"),
        (text(changed(PICTURE, "a=sendonly", "a=recvonly")), "neither"),
        (text(changed(PICTURE, "a=rtpmap:96 H264/90000", "a=rtpmap:96 H265/90000")), "neither"),
        (text([line.replace("packetization-mode=1", "packetization-mode=0") for line in PICTURE]), "neither"),
        (text([line.replace("21", "none") for line in PICTURE]), "none"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_reason(offer: str, problem: str) -> None:
    with pytest.raises(BadOffer, match=problem):
        read_offer(offer, "C1")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[MediaWorld]:
    made = MediaWorld(tmp_path)
    yield made
    await made.close()


async def connect(world: MediaWorld, encoder: ForeignPeer) -> OfferTaken:
    world.server.say(TakeOffer(room=ROOM, alias="C1", request=7, sdp=await encoder.offer()))
    taken = world.server.every(OfferTaken)[-1]
    assert (taken.request, taken.problem) == (7, "")
    before = len(world.server.every(Connected))
    await encoder.take(taken.sdp)
    await until(lambda: len(world.server.every(Connected)) > before)
    return taken


@pytest.mark.parametrize(("codec", "suffix"), [("video/H264", ".mkv"), ("video/VP8", ".webm")])
async def test_foreign_encoder_is_passed_on_and_recorded(
    world: MediaWorld, tmp_path: Path, codec: str, suffix: str
) -> None:
    await world.seat("W1", room_cameras=["C1"])
    encoder = new_encoder(codec)
    await world.server.set_policy([("C1", "W1", "audio"), ("C1", "W1", "video")], [("C1", "video"), ("C1", "audio")])

    await connect(world, encoder)
    await world.flowing("W1", "C1", "video")
    await world.flowing("W1", "C1", "audio")
    await until(lambda: next(t.packets for t in world.stats().tracks if (t.source, t.track) == ("C1", "video")) > 30)
    world.server.say(FinishRecording(room=ROOM))
    await until(lambda: world.server.every(RecordingFinished))

    assert next(t.lines for t in world.stats().tracks if (t.source, t.track) == ("C1", "video")) == HEIGHT
    first = tmp_path / ROOM / "C1-video" / f"1{suffix}.sealed"
    with av.open(io.BytesIO(read(first)), "r") as container:
        frames = list(container.decode(video=0))
        assert {(frame.width, frame.height) for frame in frames} == {(WIDTH, HEIGHT)}
        assert len(frames) > 3
    await encoder.close()


async def test_encoder_that_is_shown_the_door_is_told(world: MediaWorld) -> None:
    encoder = new_encoder("video/VP8", has_sound=False)
    taken = await connect(world, encoder)

    world.server.say(Leave(room=ROOM, alias="C1"))

    await until(lambda: encoder.state in ("closed", "failed"))
    assert [gone.connection for gone in world.server.every(Gone)] == [taken.connection]
    await encoder.close()


async def test_offer_without_sense_ends_nothing(world: MediaWorld) -> None:
    encoder = new_encoder("video/VP8", has_sound=False)
    await connect(world, encoder)

    world.server.say(TakeOffer(room=ROOM, alias="C1", request=8, sdp="v=0\r\n"))

    refused = world.server.every(OfferTaken)[-1]
    assert refused.request == 8
    assert "neither" in refused.problem or "fingerprint" in refused.problem
    assert not world.server.every(Gone)
    await encoder.close()
