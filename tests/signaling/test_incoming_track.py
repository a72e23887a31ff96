from typing import Any

import pytest

from signaling.hot_path.library import ffi
from signaling.incoming_track import IncomingTrack
from signaling.messages import Track
from signaling.packet_history import SIZE
from signaling.rtp import RtpPacket, Shape, build, parse
from signaling.vp8 import payloads

KEY, DELTA = next(payloads(b"\x10key", 1)), next(payloads(b"\x11delta", 2))


def packet(sequence: int, payload: bytes = DELTA) -> RtpPacket:
    return parse(build(payload, payload_type=96, marker=True, sequence=sequence, timestamp=0, ssrc=7))


class Recorder:
    def __init__(self) -> None:
        self.given: list[tuple[RtpPacket, bool]] = []
        self.indexes: list[int] = []

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        self.given.append((packet, begins_key_frame))
        self.indexes.append(index)


def video_with_listener() -> tuple[IncomingTrack, Recorder]:
    track, listener = IncomingTrack("E1", "video"), Recorder()
    track.bind(7)
    track.listen(listener)
    return track, listener


def test_every_listener_gets_every_packet() -> None:
    track, listener = video_with_listener()
    other = Recorder()
    track.listen(other)

    track.receive(packet(65_535, KEY), 0.0)
    track.receive(packet(0), 0.0)

    assert listener.given == other.given == [(packet(65_535, KEY), True), (packet(0), False)]
    assert listener.indexes[1] == listener.indexes[0] + 1


def test_video_is_kept_and_its_gaps_are_asked_for() -> None:
    track, listener = video_with_listener()
    track.receive(packet(65_534), 0.0)
    track.receive(packet(1), 0.0)

    assert track.due_repeats(0.0) == [65_535, 0]
    assert track.history.find(listener.indexes[1]) == packet(1)
    assert track.stats().packets_asked == 2


def test_sound_is_neither_kept_nor_asked_for() -> None:
    track, listener = IncomingTrack("E1", "audio"), Recorder()
    track.listen(listener)
    track.receive(packet(1, KEY), 0.0)
    track.receive(packet(5, KEY), 0.0)

    assert track.due_repeats(0.0) == []
    assert track.history.find(listener.indexes[0]) is None
    assert [begins for _, begins in listener.given] == [False, False]


def test_key_frame_answers_the_request() -> None:
    track, _ = video_with_listener()
    track.key_frames.for_new_listener()
    track.receive(packet(1, KEY), 0.0)

    assert not track.key_frames.due(0.0)


def test_another_ssrc_is_another_run() -> None:
    track, _ = video_with_listener()
    track.receive(packet(1), 0.0)
    before = track.run

    track.bind(8)

    assert (track.run != before, track.stats().packets) == (True, 0)


def test_repeat_of_a_packet_that_came_goes_to_nobody() -> None:
    track, listener = video_with_listener()
    for sequence in (1, 2, 1, 3, 2):
        track.receive(packet(sequence), 0.0)

    assert [given.sequence for given, _ in listener.given] == [1, 2, 3]
    assert track.stats().packets == 3


def test_packet_too_old_to_be_told_from_a_repeat_goes_to_nobody() -> None:
    track, listener = video_with_listener()
    for sequence in (1000, 1000 + SIZE, 1001, 1000):
        track.receive(packet(sequence), 0.0)

    assert [given.sequence for given, _ in listener.given] == [1000, 1000 + SIZE, 1001]


class Poor:
    """A listener's stream that has told how much it misses."""

    def __init__(self, fraction_lost: float, *, is_seen: bool = True) -> None:
        self.lane: Any = ffi.new("struct lane *")
        self.fraction_lost = fraction_lost
        self.is_seen = is_seen

    def begin(self, layer: IncomingTrack, packet: RtpPacket, index: int, now: float) -> None:
        raise AssertionError


@pytest.mark.parametrize(("kind", "missed", "told"), [("audio", 0.1, 25), ("audio", 0.9, 64), ("video", 0.1, 0)])
def test_sender_of_sound_is_told_of_what_those_who_hear_it_miss(kind: Track, missed: float, told: int) -> None:
    track = IncomingTrack("E1", kind)
    track.bind(7)
    for number, poor in enumerate((Poor(0.0), Poor(missed), Poor(1.0, is_seen=False))):
        track.attach(poor, Shape(counter=number))

    report = track.report(7, 1.0)

    assert (report.fraction_lost, report.lost) == (told, 0)
    for lanes in list(track.routes.values()):
        for stream in lanes.streams:
            track.detach(stream)
    assert track.report(7, 2.0).fraction_lost == 0
