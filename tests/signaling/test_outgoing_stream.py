import socket
from collections.abc import Iterator
from typing import Any

import pytest

from signaling.datagram_batches import Address, Destination, SendBatch
from signaling.incoming_track import IncomingTrack
from signaling.outgoing_stream import REPEATS_PER_REPORT, OutgoingStream
from signaling.rtcp import ReportBlock, SenderReport
from signaling.rtp import RtpPacket, build, extensions, parse
from signaling.vp8 import payloads

KEY, DELTA = next(payloads(b"\x10key", 1)), next(payloads(b"\x11delta", 2))


class Outlet:
    """A listener's connection that writes in clear."""

    destination: Destination | None = Destination(Address(b""))
    is_broken = False

    def protect(self, pointer: Any, length: int) -> int:
        return 0 if self.is_broken else length


class Bench:
    """A track, a stream of it, and the wire behind them."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.far.setblocking(False)
        self.batch = SendBatch(self.near)
        self.outlet = Outlet()
        self.track = IncomingTrack("E1", "video")
        self.track.bind(7)
        self.stream = OutgoingStream("E1", "video", 99, self.outlet, self.batch, sequence=100, timestamp=5000)

    def attach(self, passing: tuple[tuple[int, int], ...] = ()) -> None:
        self.stream.attach(self.track, 120, passing)

    def play(self, sequence: int, payload: bytes = DELTA, *, timestamp: int = 0, now: float = 0.0) -> None:
        packet = build(payload, payload_type=96, marker=True, sequence=sequence, timestamp=timestamp, ssrc=7)
        self.track.receive(parse(packet), now)

    def sent(self) -> list[RtpPacket]:
        self.batch.flush()
        packets = []
        try:
            while True:
                packets.append(parse(self.far.recv(2048)))
        except BlockingIOError:
            return packets

    def numbers(self) -> list[int]:
        return [packet.sequence for packet in self.sent()]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.near.close()
    bench.far.close()


def test_header_is_the_listeners_and_the_payload_the_sources(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY, timestamp=77)

    (packet,) = bench.sent()

    assert packet.data == build(KEY, payload_type=120, marker=True, sequence=101, timestamp=5000, ssrc=99)


def test_picture_starts_with_a_key_frame(bench: Bench) -> None:
    bench.attach()
    bench.play(9)
    bench.play(10, KEY)
    bench.play(11)

    assert [packet.data[packet.payload_at :] for packet in bench.sent()] == [KEY, DELTA]


def test_sound_starts_at_once() -> None:
    bench = Bench()
    bench.track = IncomingTrack("E1", "audio")
    bench.stream = OutgoingStream("E1", "audio", 99, bench.outlet, bench.batch, sequence=100, timestamp=0)
    bench.attach()
    bench.play(9)

    assert bench.numbers() == [101]
    bench.near.close()
    bench.far.close()


def test_attaching_asks_for_a_key_frame(bench: Bench) -> None:
    bench.attach()

    assert bench.track.key_frames.due(0.0)


def test_detached_stream_sends_nothing_and_repeats_nothing(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY)
    bench.stream.detach()
    bench.play(10, KEY)
    bench.stream.repeat((101,), 0.0)
    bench.stream.detach()

    assert bench.numbers() == [101]
    assert bench.stream.report(0.0) is None


def test_numbers_go_on_after_a_pause_from_a_key_frame(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY)
    bench.stream.detach()
    bench.play(10)
    bench.attach()
    bench.play(11)
    bench.play(12, KEY)

    assert bench.numbers() == [101, 102]


def test_repeat_is_the_same_packet(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY)
    bench.play(10)
    first = bench.sent()

    bench.stream.repeat((102, 101, 103), 0.0)

    assert bench.sent() == [first[1], first[0]]
    assert (bench.stream.resent, bench.stream.packets) == (2, 4)


def test_repeats_are_limited_until_the_next_report(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY)
    bench.sent()
    for _ in range(REPEATS_PER_REPORT + 5):
        bench.stream.repeat((101,), 0.0)
        bench.sent()
    limited = bench.stream.resent
    bench.stream.report(0.0)
    bench.stream.repeat((101,), 0.0)

    assert (limited, bench.stream.resent) == (REPEATS_PER_REPORT, REPEATS_PER_REPORT + 1)


def test_source_under_a_new_ssrc_starts_a_new_stretch(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY)
    bench.track.bind(8)
    bench.stream.repeat((101,), 0.0)
    bench.play(9)
    bench.play(10, KEY, now=1.0)

    assert [(packet.sequence, packet.timestamp) for packet in bench.sent()] == [(101, 5000), (102, 95_000)]


def test_only_passing_extensions_are_sent(bench: Bench) -> None:
    bench.attach(((2, 7),))
    plain = build(b"", payload_type=96, marker=False, sequence=9, timestamp=0, ssrc=7)
    extended = b"\x90" + plain[1:] + b"\xbe\xde\x00\x01\x10A\x20B" + KEY
    bench.track.receive(parse(extended), 0.0)

    assert [extensions(packet) for packet in bench.sent()] == [{7: b"B"}]


def test_packet_with_broken_extensions_is_left_out(bench: Bench) -> None:
    bench.attach(((2, 7),))
    plain = build(b"", payload_type=96, marker=False, sequence=9, timestamp=0, ssrc=7)
    bench.track.receive(parse(b"\x90" + plain[1:] + b"\xbe\xde\x00\x01\x1fABC" + KEY), 0.0)

    assert (bench.sent(), bench.stream.packets) == ([], 0)


def test_listener_without_a_path_or_a_key_gets_nothing(bench: Bench) -> None:
    bench.attach()
    bench.outlet.is_broken = True
    bench.play(9, KEY)
    bench.outlet.is_broken, bench.outlet.destination = False, None
    bench.play(10)

    assert (bench.sent(), bench.stream.packets) == ([], 0)


def test_report_tells_the_sources_clock_in_the_streams_timestamps(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY, timestamp=1000)
    before = bench.stream.report(10.0)
    source = SenderReport(ssrc=7, ntp=3 << 32, rtp_timestamp=1000, packets=0, octets=0)
    bench.track.reception.heard_report(source, 10.0)

    assert before is None
    assert bench.stream.report(11.0) == SenderReport(
        ssrc=99, ntp=4 << 32, rtp_timestamp=5000 + 90_000, packets=1, octets=len(bench.sent()[0].data)
    )


def test_round_trip_is_taken_from_the_listeners_report(bench: Bench) -> None:
    bench.attach()
    bench.play(9, KEY)
    bench.track.reception.heard_report(SenderReport(ssrc=7, ntp=3 << 32, rtp_timestamp=0, packets=0, octets=0), 10.0)
    bench.stream.report(10.0)
    block = ReportBlock(ssrc=99, fraction_lost=64, lost=1, highest=0, jitter=0, last_report=3 << 16, delay=32768)

    bench.stream.heard_block(block, 10.75)

    assert (bench.stream.fraction_lost, bench.stream.round_trip_ms) == (0.25, 250.0)


def test_report_on_an_older_one_gives_no_round_trip(bench: Bench) -> None:
    block = ReportBlock(ssrc=99, fraction_lost=0, lost=0, highest=0, jitter=0, last_report=3 << 16, delay=0)

    bench.stream.heard_block(block, 10.0)

    assert bench.stream.round_trip_ms is None
