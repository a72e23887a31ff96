import pytest
from msgspec.structs import replace

from signaling.hot_path.intake import RECEIVED, REPEATED, taken
from signaling.incoming_track import IncomingTrack
from signaling.messages import KINDS, Track
from signaling.negotiation import (
    COUNTER_EXTENSION,
    LAYER_EXTENSION,
    LEVEL_EXTENSION,
    MID_EXTENSION,
    REPAIRED_LAYER_EXTENSION,
    Agreed,
    Agreement,
)
from signaling.published_track import PublishedTrack
from signaling.rtp import BadPacket, RtpPacket, build, parse
from signaling.track_finder import TrackFinder
from tests.support.packets_in import take

EXTENSIONS = {MID_EXTENSION: 1, COUNTER_EXTENSION: 3, LAYER_EXTENSION: 4, REPAIRED_LAYER_EXTENSION: 5}
AUDIO = Agreed(payload_type=111, ssrc=500, extensions={MID_EXTENSION: 1})
LAYERED = Agreed(payload_type=96, ssrc=None, extensions=EXTENSIONS, repeats=97, layers=("l", "h"))
SINGLE = Agreed(payload_type=96, ssrc=501, extensions={MID_EXTENSION: 1}, repeats=97, repeats_ssrc=601)


class Seat:
    def __init__(self, video: Agreed) -> None:
        self.finder = TrackFinder()
        self.tracks: dict[Track, PublishedTrack] = {name: PublishedTrack("E1", name) for name in KINDS}
        self.answer(AUDIO, video)

    def answer(self, audio: Agreed, video: Agreed) -> None:
        self.tracks["video"].agree(video)
        self.finder.agree(self.tracks, Agreement(fingerprint="", lines={"audio": audio, "video": video}))

    def level_of(self, sent: RtpPacket) -> int:
        """What the intake reads of it."""
        assert take(self.finder.intake, sent.data) in (RECEIVED, REPEATED)
        return int(taken.level)

    def layer_of(self, found: RtpPacket) -> str | None:
        track = self.finder.find(found).track
        return None if track is None else f"{track.kind} {track.layer}".strip()


def packet(ssrc: int, payload: bytes = b"delta", *, payload_type: int = 96, **named: bytes) -> RtpPacket:
    plain = build(b"", payload_type=payload_type, marker=False, sequence=1, timestamp=2, ssrc=ssrc)
    ids = {"mid": 1, "level": 2, "number": 3, "layer": 4, "repaired": 5}
    body = b"".join(bytes([ids[name] << 4 | len(value) - 1]) + value for name, value in named.items())
    body += bytes(-len(body) % 4)
    return parse(b"\x90" + plain[1:] + b"\xbe\xde" + (len(body) // 4).to_bytes(2) + body + payload)


def test_announced_streams_are_known() -> None:
    seat = Seat(SINGLE)

    assert seat.layer_of(packet(500, payload_type=111)) == "audio"
    assert [seat.layer_of(packet(ssrc)) for ssrc in (501, 502)] == ["video", None]
    assert not seat.finder.find(packet(500, payload_type=96)).is_agreed


def test_layers_are_learnt_from_their_first_packets() -> None:
    seat = Seat(LAYERED)
    nameless = seat.layer_of(packet(701))
    learnt = [seat.layer_of(packet(701, mid=b"video", layer=b"h")), seat.layer_of(packet(701))]

    assert (nameless, learnt) == (None, ["video h"] * 2)
    assert seat.layer_of(packet(702, mid=b"video", layer=b"l")) == "video l"


def test_level_of_a_sound_is_read_where_it_was_agreed() -> None:
    seat = Seat(SINGLE)
    voice, mute = (packet(500, payload_type=111, number=b"\0\1", **level) for level in ({"level": b"\xa0"}, {}))
    before = seat.level_of(voice)
    extensions = {**AUDIO.extensions, LEVEL_EXTENSION: 2, COUNTER_EXTENSION: 3}
    seat.answer(replace(AUDIO, extensions=extensions), replace(SINGLE, extensions=extensions))

    assert [before, *map(seat.level_of, (voice, mute))] == [-1, 0x20, -1]
    assert seat.level_of(packet(501, level=b"\x20", number=b"\0\1")) == -1


@pytest.mark.parametrize(
    "stray",
    [
        packet(702, mid=b"video", layer=b"h"),
        packet(702, mid=b"video", layer=b"x"),
        packet(702, mid=b"video", layer=b"\xff"),
        packet(702, mid=b"other", layer=b"l"),
        packet(702, mid=b"video"),
        packet(702, mid=b"video", layer=b"l", payload_type=98),
    ],
)
def test_packet_that_names_nothing_free_goes_nowhere(stray: RtpPacket) -> None:
    seat = Seat(LAYERED)
    seat.finder.find(packet(701, mid=b"video", layer=b"h"))

    assert seat.finder.find(stray).track is None


def test_repeat_of_a_layer_comes_as_the_packet_it_repeats() -> None:
    seat = Seat(LAYERED)
    seat.finder.find(packet(701, mid=b"video", layer=b"h"))
    named = packet(801, b"\x00\x09delta", payload_type=97, mid=b"video", repaired=b"h")
    later = packet(801, b"\x00\x0adelta", payload_type=97)

    found = [seat.finder.find(repeat) for repeat in (named, later)]

    assert [(f.packet.sequence, f.packet.ssrc, f.packet.data[f.packet.payload_at :]) for f in found] == [
        (9, 701, b"delta"),
        (10, 701, b"delta"),
    ]
    assert [f.track for f in found] == [seat.tracks["video"].layers[1]] * 2


def test_repeat_of_a_layer_that_never_came_goes_nowhere() -> None:
    seat = Seat(LAYERED)

    assert seat.finder.find(packet(801, b"\x00\x09x", payload_type=97, mid=b"video", repaired=b"l")).track is None


def test_announced_repeats_are_known_and_padding_goes_nowhere() -> None:
    seat = Seat(SINGLE)

    assert seat.layer_of(packet(601, b"\x00\x09delta", payload_type=97)) == "video"
    assert seat.layer_of(packet(601, b"", payload_type=97)) is None


def test_repeat_without_a_number_is_refused() -> None:
    with pytest.raises(BadPacket):
        Seat(SINGLE).finder.find(packet(601, b"\x00", payload_type=97))


def test_number_on_the_connection_is_noted_of_every_packet() -> None:
    seat = Seat(LAYERED)
    for arrived, sent in enumerate(
        (
            packet(500, number=b"\x01\x02"),
            packet(999, number=b"\x01\x03"),
            packet(500),
            packet(500, number=b"\x01"),
            packet(500, payload_type=111, number=b"\x01\x04"),
        )
    ):
        take(seat.finder.intake, sent.data, arrived=arrived)

    assert list(seat.finder.intake.noted()) == [(0x102, 0), (0x103, 1), (0x104, 4)]
    assert list(seat.finder.intake.noted()) == []


def test_later_answer_may_bring_another_ssrc() -> None:
    seat = Seat(SINGLE)
    audio: IncomingTrack = seat.tracks["audio"].layers[0]
    seat.answer(Agreed(payload_type=111, ssrc=510, extensions={}), SINGLE)

    assert (audio.ssrc, seat.finder.by_ssrc.get(500), seat.finder.by_ssrc[510]) == (510, None, audio)


def test_layers_that_come_and_go_leave_nothing_behind() -> None:
    seat = Seat(SINGLE)
    for ssrc in range(1000, 1010):
        seat.answer(AUDIO, LAYERED)
        seat.answer(AUDIO, replace(SINGLE, ssrc=ssrc))

    assert set(seat.finder.by_ssrc) == {500, 1009}


def test_track_that_is_no_longer_agreed_goes_nowhere() -> None:
    seat = Seat(SINGLE)
    seat.finder.agree(seat.tracks, Agreement(fingerprint="", lines={"audio": AUDIO}))

    assert seat.layer_of(packet(501)) is None


def test_tracks_may_change_their_ssrcs_again_and_again() -> None:
    seat = Seat(SINGLE)
    swapped = replace(AUDIO, ssrc=501), replace(SINGLE, ssrc=500)

    for audio, video in (swapped, (AUDIO, SINGLE), swapped, (AUDIO, SINGLE)):
        seat.answer(audio, video)

    assert seat.layer_of(packet(500, payload_type=111)) == "audio"
    assert set(seat.finder.by_ssrc) == {500, 501}
