import re
from itertools import count

import pytest
from aiortc.sdp import SessionDescription

from signaling import sdp
from signaling.ice_lite import Credentials
from signaling.messages import Kind, Track
from signaling.negotiation import (
    ALIAS,
    COUNTER_EXTENSION,
    LEVEL_EXTENSION,
    MID_EXTENSION,
    Agreed,
    BadAnswer,
    Endpoint,
    Line,
    lines_of,
    offer,
    read_answer,
    shape_for,
    with_sources,
)
from signaling.rtp import Shape
from tests.support.media_world import cameras

ENDPOINT = Endpoint(
    credentials=Credentials("name", "password"),
    fingerprint="sha-256 " + ":".join(["AB"] * 32),
    addresses=("192.0.2.1", "2001:db8::1"),
    port=7000,
)

LINES = lines_of("E1", ["video", "audio"], cameras("E1", "E2", "W1"), count(100).__next__)


def answer_to(lines: tuple[Line, ...], *, leave_out: str = "", setup: str = "active") -> str:
    """As Chromium writes it, shortened."""
    text = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    for n, line in enumerate(lines):
        is_own = line.ssrc is None
        number, name = (111, "opus/48000/2") if line.kind == "audio" else (96, "VP8/90000")
        direction = "inactive" if line.mid == leave_out else "sendonly" if is_own else "recvonly"
        text += [
            f"m={line.kind} 9 UDP/TLS/RTP/SAVPF {number}",
            f"a=mid:{line.mid}",
            f"a=fingerprint:{ENDPOINT.fingerprint}",
            f"a=setup:{setup}",
            f"a={direction}",
            f"a=rtpmap:{number} {name}",
            f"a=extmap:1 {MID_EXTENSION}",
        ]
        if line.kind == "audio":
            text.append(f"a=extmap:2/recvonly {LEVEL_EXTENSION}")
        if is_own:
            text.append(f"a=ssrc:{500 + n} cname:x")
    return "\r\n".join([*text, ""])


def test_lines_are_the_own_tracks_and_a_pair_for_each_other_seat() -> None:
    assert [(line.mid, line.kind, line.source, line.ssrc, line.repeats) for line in LINES] == [
        ("audio", "audio", "E1", None, None),
        ("video", "video", "E1", None, None),
        ("E2-audio", "audio", "E2", 100, None),
        ("E2-video", "video", "E2", 101, 102),
        ("W1-audio", "audio", "W1", 103, None),
        ("W1-video", "video", "W1", 104, 105),
    ]


def test_new_sources_get_lines_at_the_end_and_old_ones_keep_theirs() -> None:
    grown = with_sources(LINES, cameras("W1", "A1", "A1"), count(103).__next__)

    assert grown[: len(LINES)] == LINES
    assert [(line.mid, line.ssrc, line.repeats) for line in grown[len(LINES) :]] == [
        ("A1-audio", 106, None),
        ("A1-video", 107, 108),
    ]


def test_offer_is_read_by_another_library() -> None:
    text = offer(LINES, ENDPOINT, connection=77, revision=2)

    read = SessionDescription.parse(text)

    assert [media.rtp.muxId for media in read.media] == [line.mid for line in LINES]
    assert [media.direction for media in read.media] == ["recvonly"] * 2 + ["sendonly"] * 4
    assert [media.msid for media in read.media[2:]] == [f"{line.source} {line.mid}" for line in LINES[2:]]
    assert [media.ssrc[0].ssrc for media in read.media[2:]] == [100, 101, 103, 104]
    assert [group.items for media in read.media[2:] for group in media.ssrc_group] == [[101, 102], [104, 105]]
    assert [codec.mimeType for codec in read.media[1].rtp.codecs] == ["video/VP8", "video/rtx"]
    assert [(candidate.ip, candidate.port) for candidate in read.media[0].ice_candidates] == [
        ("192.0.2.1", 7000),
        ("2001:db8::1", 7000),
    ]
    assert read.origin == "- 77 2 IN IP4 0.0.0.0"
    assert [media.ice is not None and media.ice.iceLite for media in read.media] == [True] * 6
    assert {media.dtls.role for media in read.media if media.dtls is not None} == {"server"}


def test_only_aliases_name_people_in_an_offer() -> None:
    text = offer(LINES, ENDPOINT, connection=77, revision=2)

    assert {name for _, name in re.findall(r"a=(msid:|ssrc:\d+ cname:)(\S+)", text)} == {"E2", "W1"}


def test_picture_of_the_seat_is_asked_for_in_layers() -> None:
    audio, video, *others = offer(LINES, ENDPOINT, connection=77, revision=2).split("m=")[1:]

    assert re.findall(r"a=(?:rid|simulcast):.*(?=\r)", video) == [
        "a=rid:l recv",
        "a=rid:h recv",
        "a=simulcast:recv l;h",
    ]
    assert not any("a=rid" in section for section in (audio, *others))


def test_answer_says_what_each_line_carries() -> None:
    agreement = read_answer(answer_to(LINES), LINES)

    assert agreement.fingerprint == ENDPOINT.fingerprint
    assert list(agreement.lines) == [line.mid for line in LINES]
    assert agreement.lines["audio"] == Agreed(
        payload_type=111, ssrc=500, extensions={MID_EXTENSION: 1, LEVEL_EXTENSION: 2}
    )
    assert agreement.lines["W1-video"] == Agreed(payload_type=96, ssrc=None, extensions={MID_EXTENSION: 1})


def test_answer_in_layers_names_those_it_sends_in_our_order() -> None:
    text = answer_to(LINES).replace("a=ssrc:501 cname:x", "a=simulcast:send h;~l,x;other")

    agreed = read_answer(text, LINES).lines["video"]

    assert (agreed.layers, agreed.ssrc) == (("l", "h"), None)


def test_layers_the_answer_only_receives_are_none() -> None:
    text = answer_to(LINES).replace("a=ssrc:501 cname:x", "a=simulcast:recv l;h")

    assert read_answer(text, LINES).lines["video"].layers == ()


def test_answer_names_the_stream_of_its_repeats() -> None:
    text = answer_to(LINES).replace(
        "a=ssrc:501 cname:x", "a=rtpmap:97 rtx/90000\r\na=ssrc-group:FID 502 503\r\na=ssrc:502 cname:x"
    )

    agreed = read_answer(text, LINES).lines["video"]

    assert (agreed.ssrc, agreed.repeats_ssrc, agreed.repeats) == (502, 503, 97)


def test_inactive_and_refused_lines_are_left_out() -> None:
    refused = answer_to(LINES, leave_out="video").replace(
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:W1", "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:W1"
    )

    agreement = read_answer(refused, LINES)

    assert list(agreement.lines) == ["audio", "E2-audio", "E2-video", "W1-audio"]


def test_line_without_our_codec_is_left_out() -> None:
    agreement = read_answer(answer_to(LINES).replace("VP8/90000", "AV1/90000"), LINES)

    assert list(agreement.lines) == ["audio", "E2-audio", "W1-audio"]


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        answer_to(LINES[1:]),
        answer_to(LINES, setup="passive"),
        answer_to(LINES).replace("a=fingerprint", "a=finger"),
        answer_to(LINES).replace("a=ssrc:500", "a=ssrc:many"),
        answer_to(LINES).replace("a=ssrc:500", "a=ssrc:4294967296"),
        answer_to(LINES).replace("a=ssrc:500", "a=ssrc:501"),
        answer_to(LINES).replace("a=ssrc:501 cname", "a=ssrc-group:FID 500 501\r\na=ssrc:501 cname"),
        answer_to(LINES).replace("a=ssrc:501 cname", "a=ssrc-group:FID 501 many\r\na=ssrc:501 cname"),
        answer_to(LINES).replace("rtpmap:111", "rtpmap:300"),
        answer_to(LINES).replace("extmap:1 ", "extmap:15 "),
    ],
)
def test_answer_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(BadAnswer):
        read_answer(text, LINES)


def test_extension_passes_only_if_both_seats_took_it_and_it_may() -> None:
    speaker = Agreed(payload_type=111, ssrc=1, extensions={MID_EXTENSION: 1, LEVEL_EXTENSION: 2})
    listener = Agreed(payload_type=111, ssrc=None, extensions={MID_EXTENSION: 1, LEVEL_EXTENSION: 7})
    deaf = Agreed(payload_type=111, ssrc=None, extensions={MID_EXTENSION: 1})

    shapes = [shape_for(speaker, taker, "audio") for taker in (listener, deaf)]

    assert shapes == [Shape(passing=((2, 7),)), Shape()]


@pytest.mark.parametrize(("kind", "repeats", "counter"), [("audio", None, 3), ("video", 97, 3), ("video", None, 0)])
def test_picture_is_numbered_on_its_connection_only_where_repeats_travel_apart(
    kind: Kind, repeats: int | None, counter: int
) -> None:
    source = Agreed(payload_type=111, ssrc=1, extensions={})
    listener = Agreed(payload_type=111, ssrc=None, extensions={COUNTER_EXTENSION: 3}, repeats=repeats)

    assert shape_for(source, listener, kind) == Shape(counter=counter)


@pytest.mark.parametrize(
    ("alias", "fits"), [("E1", True), ("A-1_x", True), ("", False), ("王", False), ("E1\r\n", False)]
)
def test_alias_may_stand_in_sdp(alias: str, fits: bool) -> None:
    assert (ALIAS.fullmatch(alias) is not None) is fits


def test_each_track_of_a_seat_has_a_line_of_its_own_and_only_the_camera_is_asked_for_in_layers() -> None:
    sources: list[tuple[str, Track]] = [("E2", "screen"), ("E2", "audio")]
    lines = lines_of("E1", ["video", "screen", "masked_audio"], sources, count(100).__next__)

    sections = sdp.read(offer(lines, ENDPOINT, connection=7, revision=1)).sections

    assert [section.first("mid") for section in sections] == [
        "video",
        "screen",
        "masked_audio",
        "E2-screen",
        "E2-audio",
    ]
    assert [section.first("mid") for section in sections if section.first("simulcast")] == ["video"]
    assert [section.first("msid") for section in sections[3:]] == ["E2-screen E2-screen", "E2 E2-audio"]
