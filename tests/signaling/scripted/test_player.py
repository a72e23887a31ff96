from signaling.rtcp import SenderReport
from signaling.rtp import parse
from signaling.scripted.clip import Clip
from signaling.scripted.player import NTP_EPOCH_S, TrackPlayer, UnixSeconds
from signaling.vp8 import MAX_PAYLOAD_BYTES, starts_key_frame

KEY, DELTA = b"\x10key", b"\x11delta"
CLIP = Clip(frames=(KEY, DELTA, DELTA, KEY, DELTA), frames_per_second=10, sounds=(b"a", b"b", b"c"))


def test_frames_come_in_time_and_loop_with_timestamps_that_go_on() -> None:
    player = TrackPlayer(CLIP, "video", 7, started_at=100.0)

    first = [parse(packet) for packet in player.due(100.15)]
    later = [parse(packet) for packet in player.due(100.65)]

    assert [(packet.sequence, packet.timestamp) for packet in first] == [(0, 0), (1, 9000)]
    assert [(packet.sequence, packet.timestamp) for packet in later] == [(n, 9000 * n) for n in range(2, 7)]
    assert [starts_key_frame(packet.data, packet.payload_at) for packet in first + later] == [
        True,
        False,
        False,
        True,
        False,
        True,
        False,
    ]


def test_sounds_come_every_twenty_milliseconds() -> None:
    player = TrackPlayer(CLIP, "audio", 7, started_at=0.0)

    packets = [parse(packet) for packet in player.due(0.07)]

    assert [(packet.timestamp, packet.marker, packet.data[12:]) for packet in packets] == [
        (0, False, b"a"),
        (960, False, b"b"),
        (1920, False, b"c"),
        (2880, False, b"a"),
    ]


def test_what_is_played_instead_comes_in_time_and_the_clip_goes_on_where_it_was() -> None:
    player = TrackPlayer(CLIP, "audio", 7, started_at=0.0)
    before = player.due(0.0)

    player.play_instead((b"x", b"y"))
    after = player.due(0.07)

    packets = [parse(packet) for packet in before + after]
    assert [(packet.timestamp, packet.data[12:]) for packet in packets] == [
        (0, b"a"),
        (960, b"x"),
        (1920, b"y"),
        (2880, b"b"),
    ]


def test_long_frame_is_several_packets_with_a_marker_on_the_last() -> None:
    clip = Clip(frames=(KEY + bytes(2 * MAX_PAYLOAD_BYTES),), frames_per_second=10, sounds=())

    packets = [parse(packet) for packet in TrackPlayer(clip, "video", 7, started_at=0.0).due(0.0)]

    assert [packet.marker for packet in packets] == [False, False, True]
    assert {packet.timestamp for packet in packets} == {0}


def test_request_brings_the_next_key_frame_at_once() -> None:
    player = TrackPlayer(CLIP, "video", 7, started_at=0.0)
    player.due(0.0)

    player.ask_key_frame()
    (packet,) = player.due(0.1)

    assert starts_key_frame(packet, 12)
    assert player.key_frames_asked == 1


def test_repeat_is_the_same_packet() -> None:
    player = TrackPlayer(CLIP, "video", 7, started_at=0.0)
    packets = player.due(0.25)

    assert player.repeat((2, 0, 9)) == [packets[2], packets[0]]


def test_report_tells_both_clocks() -> None:
    player = TrackPlayer(CLIP, "audio", 7, started_at=10.0)
    player.due(10.0)

    assert player.report(10.5, UnixSeconds(0.5)) == SenderReport(
        ssrc=7, ntp=(NTP_EPOCH_S << 32) + (1 << 31), rtp_timestamp=24_000, packets=1, octets=1
    )
