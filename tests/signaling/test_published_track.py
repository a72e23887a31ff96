from signaling.incoming_track import IncomingTrack
from signaling.layer_choice import Layer
from signaling.negotiation import Agreed
from signaling.published_track import SENDING_WITHIN_S, PublishedTrack, same_moment
from signaling.rtcp import SenderReport
from signaling.rtp import build, parse
from signaling.vp8 import payloads

KEY_FRAME = next(payloads(b"\x10\0\0\x9d\x01\x2a\x40\x01\xb4\x00", 1))
"Of 320 x 180."


def agreed(*layers: str) -> Agreed:
    return Agreed(payload_type=96, ssrc=None, extensions={}, layers=layers)


def layered() -> PublishedTrack:
    track = PublishedTrack("E1", "video")
    track.agree(agreed("l", "m"))
    return track


def play(layer: IncomingTrack, now: float) -> None:
    packet = build(KEY_FRAME, payload_type=96, marker=True, sequence=round(now * 10), timestamp=0, ssrc=7)
    layer.receive(parse(packet), now)


def test_track_without_layers_is_one() -> None:
    track = PublishedTrack("E1", "video")
    (only,) = track.layers
    track.agree(agreed())

    assert track.layers == (only,)
    assert (track.layer(""), track.layer("l")) == (only, None)


def test_layers_stay_over_another_answer_that_names_the_same() -> None:
    track = layered()
    before = track.layers
    track.agree(agreed("l", "m"))
    same = track.layers
    track.agree(agreed("l"))

    assert same is before
    assert [layer.layer for layer in track.layers] == ["l"]


def test_layers_that_have_stopped_are_no_choice_but_the_lowest_is() -> None:
    track = layered()
    low, middle = track.layers
    play(low, 1.0)
    play(middle, 1.0)

    assert track.sending(1.1) == [low, middle]
    assert track.sending(1.1 + SENDING_WITHIN_S) == [low]


def test_second_lowest_layer_is_recorded_while_it_comes() -> None:
    track = PublishedTrack("E1", "video")
    track.agree(agreed("l", "m", "h"))
    low, middle, high = track.layers
    for layer in (low, middle, high):
        play(layer, 1.0)

    assert (track.recorded(1.1), track.recorded(1.1 + SENDING_WITHIN_S)) == (middle, low)


def test_choices_have_their_size_and_rate() -> None:
    track = layered()
    for now in (0.1, 0.5, 0.9):
        play(track.layers[0], now)

    (choice,) = track.offered(1.0)

    assert choice == Layer(180, track.layers[0].rate.bps(1.0))
    assert choice.rate_bps > 0


def test_every_layer_is_counted() -> None:
    assert [(stats.layer, stats.packets) for stats in layered().stats()] == [("l", 0), ("m", 0)]


def test_same_moment_is_known_once_both_clocks_are() -> None:
    low, middle = layered().layers
    low.reception.heard_report(SenderReport(ssrc=1, ntp=5 << 32, rtp_timestamp=900, packets=0, octets=0), 0.0)
    unknown = same_moment(low, 77, middle)
    middle.reception.heard_report(SenderReport(ssrc=2, ntp=4 << 32, rtp_timestamp=77, packets=0, octets=0), 0.0)

    assert unknown is None
    assert same_moment(low, 77 + 180_000, middle) == 900 + 90_000
    assert same_moment(low, 77 - 90_000, middle) == (900 - 180_000) & 0xFFFFFFFF
