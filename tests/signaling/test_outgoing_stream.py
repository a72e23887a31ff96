import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.bandwidth import NOISE
from signaling.datagram_batches import SendBatch
from signaling.downlink import Downlink
from signaling.negotiation import Agreed, Line
from signaling.outgoing_stream import LOSSES, REPEATS_PER_REPORT, OutgoingStream
from signaling.published_track import PublishedTrack
from signaling.rtcp import ReportBlock, SenderReport
from signaling.rtp import RtpPacket, Shape, build, extensions, original_of, parse
from signaling.vp8 import payloads, read
from tests.support.clear_way import ClearWay

KEY, DELTA = next(payloads(b"\x10key", 1)), next(payloads(b"\x11delta", 2))
PLAIN_SHAPE = Shape()
LAYERED = Line(mid="E1-video", source="E1", track="video", ssrc=99, repeats=98)


class Outlet:
    """A listener's connection."""

    def __init__(self) -> None:
        self.way = ClearWay()


class Bench:
    """A track, a stream of it, and the wire behind them."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.far.setblocking(False)
        self.batch = SendBatch(self.near)
        self.outlet = Outlet()
        self.downlink = Downlink()
        self.take(Line(mid="E1-video", source="E1", track="video", ssrc=99, repeats=98))

    def take(self, line: Line, *layers: str) -> None:
        """Begin with a stream for this line, of a track with these layers."""
        self.published = PublishedTrack(line.source, line.kind)
        self.published.agree(Agreed(payload_type=96, ssrc=None, extensions={}, layers=layers))
        for number, layer in enumerate(self.published.layers):
            layer.bind(7 + number)
        self.track = self.published.layers[0]
        self.stream = OutgoingStream(line, self.outlet, self.downlink, self.batch, sequence=100, timestamp=5000)

    def attach(self, *, repeats: int | None = None, shape: Shape = PLAIN_SHAPE) -> None:
        agreed = Agreed(payload_type=120, ssrc=None, extensions={}, repeats=repeats)
        self.stream.attach(self.published, agreed, shape)

    def play(
        self, sequence: int, payload: bytes = DELTA, *, timestamp: int = 0, now: float = 0.0, layer: int = 0
    ) -> None:
        packet = build(payload, payload_type=96, marker=True, sequence=sequence, timestamp=timestamp, ssrc=7 + layer)
        self.published.layers[layer].receive(parse(packet), now)

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


@contextmanager
def opened() -> Iterator[Bench]:
    bench = Bench()
    try:
        yield bench
    finally:
        bench.near.close()
        bench.far.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    with opened() as bench:
        yield bench


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


def test_sound_starts_at_once(bench: Bench) -> None:
    bench.take(Line(mid="E1-audio", source="E1", track="audio", ssrc=99))
    bench.attach()
    bench.play(9)

    assert bench.numbers() == [101]


def test_attaching_asks_for_a_key_frame(bench: Bench) -> None:
    bench.attach()

    assert bench.track.key_frames.due(0.0)


def test_listener_that_loses_its_picture_on_and_on_is_not_heard_each_time(bench: Bench) -> None:
    per_s, at_once = LOSSES
    bench.attach()
    asked = 0
    for tenth in range(400):
        bench.stream.lost_picture(tenth / 10)
        asked += bench.track.key_frames.due(tenth / 10)
        bench.track.key_frames.arrived()

    assert 40 * per_s - 1 <= asked <= 40 * per_s + at_once


def test_listener_without_a_route_asks_nobody(bench: Bench) -> None:
    bench.stream.lost_picture(0.0)

    assert not bench.track.key_frames.due(0.0)


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
    assert bench.stream.resent == 2


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
    bench.attach(shape=Shape(passing=((2, 7),)))
    plain = build(b"", payload_type=96, marker=False, sequence=9, timestamp=0, ssrc=7)
    extended = b"\x90" + plain[1:] + b"\xbe\xde\x00\x01\x10A\x20B" + KEY
    bench.track.receive(parse(extended), 0.0)

    assert [extensions(packet) for packet in bench.sent()] == [{7: b"B"}]


def test_packet_with_broken_extensions_is_left_out(bench: Bench) -> None:
    bench.attach(shape=Shape(passing=((2, 7),)))
    plain = build(b"", payload_type=96, marker=False, sequence=9, timestamp=0, ssrc=7)
    bench.track.receive(parse(b"\x90" + plain[1:] + b"\xbe\xde\x00\x01\x1fABC" + KEY), 0.0)

    assert (bench.sent(), bench.stream.packets) == ([], 0)


def test_listener_without_a_path_or_a_key_gets_nothing(bench: Bench) -> None:
    bench.attach()
    bench.outlet.way.is_broken = True
    bench.play(9, KEY)
    bench.outlet.way.is_broken, bench.outlet.way.destination = False, None
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


def test_repeat_travels_in_its_own_stream_where_the_listener_takes_it(bench: Bench) -> None:
    bench.attach(repeats=121)
    bench.play(9, KEY, timestamp=5)
    (first,) = bench.sent()

    bench.stream.repeat((101,), 0.0)
    bench.stream.repeat((101,), 0.0)

    repeats = bench.sent()
    assert [(packet.payload_type, packet.ssrc, packet.marker) for packet in repeats] == [(121, 98, True)] * 2
    assert repeats[1].sequence == repeats[0].sequence + 1
    for repeat in repeats:
        original = original_of(repeat, 99)
        assert original is not None
        assert (original.sequence, original.timestamp) == (101, first.timestamp)
        assert original.data[original.payload_at :] == KEY


@pytest.mark.parametrize(("repeats", "copies"), [(121, 2), (None, 1)])
def test_repeat_is_sent_twice_on_a_line_that_loses_many_if_it_has_a_stream_of_its_own(
    bench: Bench, repeats: int | None, copies: int
) -> None:
    bench.attach(repeats=repeats)
    bench.play(9, KEY)
    bench.sent()
    bench.downlink.bandwidth.loss = 2 * NOISE

    bench.stream.repeat((101,), 0.0)

    assert len(bench.sent()) == bench.stream.resent == copies


def test_every_packet_has_the_next_number_of_the_connection(bench: Bench) -> None:
    bench.attach(repeats=121, shape=Shape(counter=3))
    bench.play(9, KEY)
    bench.play(10)
    bench.stream.repeat((101,), 0.0)

    assert [extensions(packet)[3] for packet in bench.sent()] == [b"\0\1", b"\0\2", b"\0\3"]


def picture(number: int, frame: bytes = b"\x11delta") -> bytes:
    return next(payloads(frame, number))


def numbers_of_pictures(packets: list[RtpPacket]) -> list[int]:
    return [read(packet.data, packet.payload_at).picture for packet in packets]


def test_stream_goes_over_to_another_layer_with_its_key_frame(bench: Bench) -> None:
    bench.take(LAYERED, "l", "h")
    bench.attach()
    bench.play(9, picture(70, b"\x10key"))
    bench.stream.choose(bench.published.layers[1])
    bench.play(500, picture(3000), layer=1)
    bench.play(10, picture(71))
    bench.play(501, picture(3001, b"\x10key"), timestamp=77, now=0.1, layer=1)
    bench.play(11, picture(72), now=0.1)
    bench.play(502, picture(3002), timestamp=77 + 3000, now=0.2, layer=1)

    packets = bench.sent()
    assert [packet.sequence for packet in packets] == [101, 102, 103, 104]
    assert numbers_of_pictures(packets) == [70, 71, 72, 73]
    assert [packet.timestamp for packet in packets] == [5000, 5000, 14_000, 17_000]


def test_late_packet_before_a_change_of_layer_does_not_turn_the_pictures_back(bench: Bench) -> None:
    bench.take(LAYERED, "l", "h")
    bench.attach()
    for sequence, number in ((9, 70), (11, 72), (10, 71)):
        bench.play(sequence, picture(number, b"\x10key") if sequence == 9 else picture(number))
    bench.stream.choose(bench.published.layers[1])
    bench.play(500, picture(3000, b"\x10key"), now=0.1, layer=1)

    assert numbers_of_pictures(bench.sent()) == [70, 72, 71, 73]


def test_layers_with_known_clocks_keep_the_moment_of_a_picture(bench: Bench) -> None:
    bench.take(LAYERED, "l", "h")
    low, high = bench.published.layers
    low.reception.heard_report(SenderReport(ssrc=7, ntp=8 << 32, rtp_timestamp=1000, packets=0, octets=0), 0.0)
    high.reception.heard_report(SenderReport(ssrc=8, ntp=9 << 32, rtp_timestamp=777, packets=0, octets=0), 0.0)
    bench.attach()
    bench.play(9, picture(70, b"\x10key"), timestamp=1000)
    bench.stream.choose(high)
    bench.play(501, picture(3001, b"\x10key"), timestamp=777 + 45_000, now=0.1, layer=1)

    assert [packet.timestamp for packet in bench.sent()] == [5000, 5000 + 90_000 + 45_000]


def test_choice_that_is_taken_back_changes_nothing(bench: Bench) -> None:
    bench.take(LAYERED, "l", "h")
    low, high = bench.published.layers
    bench.attach()
    bench.play(9, picture(70, b"\x10key"))
    bench.stream.choose(high)
    bench.stream.choose(low)
    bench.play(501, picture(3001, b"\x10key"), layer=1)

    assert bench.numbers() == [101]
    assert (bench.stream.target, high.routes, high.listeners) == (low, {}, [])


def test_new_layer_is_asked_for_a_key_frame(bench: Bench) -> None:
    bench.take(LAYERED, "l", "h")
    high = bench.published.layers[1]
    bench.attach()
    bench.stream.choose(high)
    bench.stream.choose(high)

    assert (high.key_frames.due(0.0), len(high.listeners), bench.stream.target) == (True, 1, high)


def test_paused_picture_stops_at_once_and_goes_on_with_a_key_frame(bench: Bench) -> None:
    bench.attach()
    bench.play(9, picture(70, b"\x10key"))
    bench.stream.choose(None)
    was_paused = bench.stream.is_paused
    bench.play(10, picture(71, b"\x10key"))
    bench.stream.repeat((101,), 0.0)
    bench.stream.choose(bench.track)
    bench.play(11, picture(72))
    bench.play(12, picture(73, b"\x10key"))

    assert bench.numbers() == [101, 102]
    assert (was_paused, bench.stream.is_paused) == (True, False)


def test_detached_stream_takes_no_layer(bench: Bench) -> None:
    bench.take(LAYERED, "l", "h")
    bench.attach()
    bench.stream.choose(bench.published.layers[1])
    bench.stream.detach()
    bench.stream.choose(bench.published.layers[1])

    assert [(layer.routes, layer.listeners) for layer in bench.published.layers] == [({}, [])] * 2


def test_padding_travels_with_the_repeats_even_while_the_picture_is_paused(bench: Bench) -> None:
    bench.attach(repeats=121, shape=Shape(counter=3))
    bench.play(9, KEY)
    bench.stream.choose(None)
    (first,) = bench.sent()

    sent = bench.stream.pad(300, 0.0)

    packets = bench.sent()
    assert [original_of(packet, 99) for packet in packets] == [None, None]
    assert {(packet.payload_type, packet.ssrc, packet.timestamp) for packet in packets} == {(121, 98, first.timestamp)}
    assert [extensions(packet)[3] for packet in packets] == [b"\0\2", b"\0\3"]
    assert (sum(len(packet.data) for packet in packets), packets[0].data[-1]) == (sent, 255)
    assert bench.stream.packets == 1


def test_nothing_is_padded_without_a_stream_of_repeats_a_route_or_a_path(bench: Bench) -> None:
    bench.attach()
    padded = [bench.stream.pad(1000, 0.0)]
    bench.stream.detach()
    bench.attach(repeats=121)
    bench.outlet.way.is_broken = True
    padded.append(bench.stream.pad(1000, 0.0))
    bench.outlet.way.destination = None
    padded.append(bench.stream.pad(1000, 0.0))
    bench.stream.detach()
    padded.append(bench.stream.pad(1000, 0.0))

    assert padded == [0, 0, 0, 0]


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.integers(0, 1), st.integers(0, 6), st.booleans()),
        st.tuples(st.just("choose"), st.sampled_from([0, 1, None])),
        st.tuples(st.just("repeat"), st.integers(100, 110)),
        st.tuples(st.just("detach")),
        st.tuples(st.just("attach")),
        st.tuples(st.just("pad")),
    ),
    max_size=60,
)
"Packets of two layers in any order, again and again, among all that may happen to a stream."


@pytest.mark.parametrize(("repeats", "counter"), [(121, 3), (None, 0)])
@settings(max_examples=600, deadline=None)
@given(acts=ACTS)
def test_number_is_given_to_one_packet_only_whatever_happens(
    repeats: int | None, counter: int, acts: list[tuple[Any, ...]]
) -> None:
    sent: dict[tuple[int, int], bytes] = {}
    with opened() as bench:
        bench.take(LAYERED, "l", "h")
        bench.attach(repeats=repeats, shape=Shape(counter=counter))
        for act in acts:
            _do(bench, act, repeats, counter)
            for packet in bench.sent():
                assert sent.setdefault((packet.ssrc, packet.sequence), packet.data) == packet.data


def _do(bench: Bench, act: tuple[Any, ...], repeats: int | None, counter: int) -> None:
    match act:
        case "play", layer, sequence, is_key:
            frame = b"\x10key" if is_key else b"\x11delta"
            payload = next(payloads(frame + bytes([sequence]), 100 * layer + sequence))
            bench.play(sequence, payload, timestamp=90 * sequence, now=sequence / 10, layer=layer)
        case "choose", number:
            bench.stream.choose(None if number is None else bench.published.layers[number])
        case "repeat", sequence:
            bench.stream.repeat((sequence,), 0.0)
        case ("detach",):
            bench.stream.detach()
        case ("attach",) if bench.stream.published is None:
            bench.attach(repeats=repeats, shape=Shape(counter=counter))
        case ("pad",):
            bench.stream.pad(300, 0.0)
