import random
from collections.abc import Iterable

import pytest

from signaling.incoming_track import IncomingTrack
from signaling.messages import GapReason, Kind, Track
from signaling.recording.pieces import LONGEST_S, Piece
from signaling.recording.recorder import BLIND_AFTER_S, DUE_S, SILENT_AFTER_S, WAIT_S, Recorder
from signaling.recording.units import Unit
from signaling.rtcp import NTP_FRACTION, SenderReport
from signaling.rtp import RtpPacket
from tests.support.recorded import packets, units

TICK_S = 0.02


class World:
    """One track that is recorded, on a clock moved by hand."""

    def __init__(self, kind: Kind) -> None:
        self.kept: list[Piece] = []
        self.told: list[tuple[str, Track] | GapReason] = []
        self.disk_takes = True
        self.kind: Kind = kind
        self.now = 100.0
        self.recorder = Recorder("E1", kind, self, lambda now: round(1000 * now))
        self.track = IncomingTrack("E1", kind)
        self.track.bind(7)
        self.sequence = 0

    def keep(self, piece: Piece) -> bool:
        if self.disk_takes:
            self.kept.append(piece)
        return self.disk_takes

    def recording(self, alias: str, track: Track) -> None:
        self.told.append((alias, track))

    def stopped(self, alias: str, track: Track, reason: GapReason) -> None:
        self.told.append(reason)

    def begin(self) -> None:
        self.recorder.begin(self.track, None, self.now)

    def numbered(self, film: Iterable[Unit]) -> list[tuple[RtpPacket, float]]:
        """The packets of these units, with the time at which each comes."""
        coming = []
        for unit in film:
            parts = packets(unit, self.kind, self.sequence)
            self.sequence += len(parts)
            coming += [(packet, unit.arrived) for packet in parts]
        return coming

    def play(self, coming: Iterable[tuple[RtpPacket, float]]) -> None:
        """Let the packets come, and time pass between them."""
        for packet, at in coming:
            self.wait_until(at)
            self.track.receive(packet, self.now)

    def wait_until(self, at: float) -> None:
        while self.now + TICK_S < at:
            self.now += TICK_S
            self.recorder.tick(self.now)
            self.track.key_frames.due(self.now)
        self.now = max(self.now, at)

    def lengths(self) -> list[int]:
        return [len(piece.units) for piece in self.kept]


@pytest.fixture
def video() -> World:
    return World("video")


@pytest.fixture
def audio() -> World:
    return World("audio")


def test_pictures_are_cut_at_key_frames_and_nothing_is_lost(video: World) -> None:
    film = units("video", 100)
    video.begin()

    video.play(video.numbered(film))
    video.recorder.end("not_wanted")

    assert video.lengths() == [45, 45, 10]
    assert all(piece.units[0].is_key and piece.duration_ms <= 1000 * LONGEST_S for piece in video.kept)
    assert [unit for piece in video.kept for unit in piece.units] == film
    assert [piece.ended for piece in video.kept] == ["due", "due", "stopped"]
    assert video.told == [("E1", "video"), "not_wanted"]


def test_sound_is_cut_every_four_seconds(audio: World) -> None:
    audio.begin()

    audio.play(audio.numbered(units("audio", 450)))
    audio.recorder.end("disconnected")

    assert audio.lengths() == [200, 200, 50]
    assert audio.told == [("E1", "audio"), "disconnected"]


def test_recording_of_pictures_begins_with_a_key_frame(video: World) -> None:
    video.play(video.numbered(units("video", 8)))
    video.begin()
    assert video.track.key_frames.due(video.now)

    video.play(video.numbered(units("video", 20, first=8, arrived=video.now)))
    video.recorder.end("not_wanted")

    assert [unit.timestamp for unit in video.kept[0].units] == [unit.timestamp for unit in units("video", 13, first=15)]


def test_key_frame_is_asked_for_when_the_piece_is_due(video: World) -> None:
    video.begin()
    without_more = [unit for unit in units("video", 70) if not unit.is_key or unit.timestamp == 0]
    video.play(video.numbered(without_more[:40]))
    asked = video.track.key_frames.asked

    video.play(video.numbered(without_more[40:]))

    assert DUE_S["video"] < LONGEST_S
    assert video.track.key_frames.asked > asked
    assert [piece.ended for piece in video.kept] == ["no_key_frame"]
    assert video.kept[0].duration_ms <= 1000 * LONGEST_S
    assert video.told == [("E1", "video")]


def test_picture_without_a_key_frame_is_said_not_to_be_recorded(video: World) -> None:
    video.begin()
    blind = [unit for unit in units("video", 150) if not unit.is_key or unit.timestamp == 0]

    video.play(video.numbered(blind))

    assert video.now > 100 + LONGEST_S + BLIND_AFTER_S
    assert video.told == [("E1", "video"), "no_key_frame"]


def test_late_and_repeated_packets_take_their_place(video: World) -> None:
    film, chance = units("video", 46), random.Random(5)
    video.begin()
    coming = video.numbered(film)
    late = sorted(chance.sample(range(1, len(coming) - 20), 25))
    delayed = [(packet, at + 0.5 if number in late else at) for number, (packet, at) in enumerate(coming)]

    video.play(sorted([*delayed, *coming[3:9]], key=lambda each: each[1]))

    assert [unit.data for unit in video.kept[0].units] == [unit.data for unit in film[:45]]
    assert (video.kept[0].missing, video.kept[0].broken) == (0, 0)


def test_packet_that_never_comes_costs_its_frame_and_is_counted(video: World) -> None:
    film = units("video", 100)
    video.begin()
    coming = video.numbered(film)
    hole = next(number for number, (packet, _) in enumerate(coming) if packet.timestamp == film[15].timestamp)

    video.play([each for number, each in enumerate(coming) if number != hole])
    video.recorder.end("not_wanted")

    stored = [unit.timestamp for piece in video.kept for unit in piece.units]
    assert stored == [unit.timestamp for number, unit in enumerate(film) if number != 15]
    assert (video.kept[0].missing, video.kept[0].broken) == (1, 1)
    assert sum(piece.missing for piece in video.kept) == 1
    assert WAIT_S["video"] < DUE_S["video"]


def test_silent_track_is_said_not_to_be_recorded_until_it_comes_again(audio: World) -> None:
    audio.begin()
    audio.play(audio.numbered(units("audio", 10)))

    audio.wait_until(audio.now + SILENT_AFTER_S + 1)
    assert audio.told == [("E1", "audio"), "silent"]
    assert audio.lengths() == [10]
    audio.play(audio.numbered(units("audio", 5, first=300, arrived=audio.now)))

    assert audio.told == [("E1", "audio"), "silent", ("E1", "audio")]


def test_all_sender_reports_are_kept_and_the_last_one_before(audio: World) -> None:
    audio.begin()
    film = units("audio", 260)

    def report(second: int) -> None:
        ntp = (4_000_000_000 + second) * NTP_FRACTION
        said = SenderReport(ssrc=7, ntp=ntp, rtp_timestamp=48_000 * second, packets=0, octets=0)
        audio.track.reception.heard_report(said, audio.now)
        audio.recorder.tick(audio.now)

    for second in range(5):
        audio.play(audio.numbered(film[50 * second : 50 * second + 50]))
        report(second)
    audio.recorder.end("not_wanted")

    assert [[each.ntp_seconds - 4_000_000_000 for each in piece.reports] for piece in audio.kept] == [
        [0, 1, 2, 3],
        [3, 4],
    ]
    assert audio.kept[0].reports[0].heard_at == round(1000 * film[49].arrived)


def test_new_run_of_the_numbers_closes_the_piece(video: World) -> None:
    video.begin()
    video.play(video.numbered(units("video", 20)))

    video.track.bind(8)
    video.sequence = 5000
    video.play(video.numbered(units("video", 20, first=30, arrived=video.now)))
    video.recorder.end("not_wanted")

    assert [piece.ended for piece in video.kept] == ["source_changed", "stopped"]
    assert video.lengths() == [20, 20]
    assert video.told == [("E1", "video"), "not_wanted"]


def test_recorder_goes_over_to_another_track_without_a_gap(video: World) -> None:
    video.begin()
    video.play(video.numbered(units("video", 20)))
    before, video.track = video.track, IncomingTrack("E1", "video")

    video.begin()
    video.play(video.numbered(units("video", 20, first=30, arrived=video.now)))
    video.recorder.end("not_wanted")

    assert before.listeners == video.track.listeners == []
    assert video.lengths() == [20, 20]
    assert video.told == [("E1", "video"), "not_wanted"]


def test_disk_that_does_not_keep_up_is_a_gap_until_it_does(audio: World) -> None:
    audio.begin()
    audio.disk_takes = False
    audio.play(audio.numbered(units("audio", 450)))
    assert audio.told == [("E1", "audio"), "disk_slow"]

    audio.disk_takes = True
    audio.play(audio.numbered(units("audio", 200, first=450, arrived=audio.now)))
    assert audio.lengths() == [200]
    audio.recorder.disk_works()

    assert audio.told == [("E1", "audio"), "disk_slow", ("E1", "audio")]


def test_nothing_that_comes_over_the_line_stops_the_recorder(video: World) -> None:
    chance = random.Random(3)
    video.begin()
    for number in range(2000):
        data = bytes([0x80 | chance.choice([0, 0x20]), 96 | chance.choice([0, 0x80]), *number.to_bytes(2)])
        data += chance.randrange(90_000).to_bytes(4) + (7).to_bytes(4) + chance.randbytes(chance.randrange(30))
        video.track.receive(RtpPacket(96, data[1] > 127, number, chance.randrange(90_000), 7, 12, data), video.now)
        video.now += 0.01
        video.recorder.tick(video.now)
    video.recorder.end("not_wanted")

    assert video.track.listeners == []
