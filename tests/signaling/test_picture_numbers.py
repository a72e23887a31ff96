import socket
from collections.abc import Iterator

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor

from signaling.datagram_batches import SendBatch
from signaling.downlink import Downlink
from signaling.negotiation import Agreed, Line
from signaling.outgoing_stream import OutgoingStream
from signaling.published_track import PublishedTrack
from signaling.rtp import Shape, build, parse
from tests.support.clear_way import ClearWay

KEY, DELTA = b"\x10key", b"\x11delta"


class Outlet:
    def __init__(self) -> None:
        self.way = ClearWay()


class Stream:
    """What a listener gets of pictures with these numbers."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.far = far
        self.batch = SendBatch(near)
        line = Line(mid="E1-video", source="E1", track="video", ssrc=99)
        self.published = PublishedTrack("E1", "video")
        agreed = Agreed(payload_type=96, ssrc=None, extensions={})
        self.published.agree(agreed)
        self.stream = OutgoingStream(line, Outlet(), Downlink(), self.batch, sequence=100, timestamp=0)
        self.stream.attach(self.published, agreed, Shape())
        self.sequence = 0

    def send(self, picture: int, level: int | None = None, *, begins: bool = False) -> tuple[int, int | None]:
        track = self.published.layers[0]
        if begins:
            track.bind(7)
        descriptor = VpxPayloadDescriptor(
            partition_start=1,
            partition_id=0,
            picture_id=picture,
            tl0picidx=level,
            tid=None if level is None else (0, 0),
        )
        payload = KEY if begins else DELTA
        self.sequence += 1
        data = build(
            bytes(descriptor) + payload, payload_type=96, marker=True, sequence=self.sequence, timestamp=0, ssrc=7
        )
        track.receive(parse(data), now=0.0)
        self.batch.flush()
        came = parse(self.far.recv(2048))
        again, rest = VpxPayloadDescriptor.parse(came.data[came.payload_at :])
        assert rest == payload
        return again.picture_id or 0, again.tl0picidx


@pytest.fixture
def stream() -> Iterator[Stream]:
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        yield Stream(near, far)


def test_first_layer_keeps_its_numbers(stream: Stream) -> None:
    assert [stream.send(70, 5, begins=True), stream.send(71, 6)] == [(70, 5), (71, 6)]


def test_another_layer_goes_on_where_the_one_before_stopped(stream: Stream) -> None:
    stream.send(70, 250, begins=True)
    stream.send(71, 255)

    assert [stream.send(9000, 17, begins=True), stream.send(9001, 18)] == [(72, 0), (73, 1)]


def test_numbers_wrap_as_the_layer_and_the_listener_do(stream: Stream) -> None:
    stream.send(32_767, begins=True)

    assert [stream.send(32_766, begins=True), stream.send(32_767), stream.send(0)] == [(0, None), (1, None), (2, None)]


def test_short_numbers_are_left_as_they_are(stream: Stream) -> None:
    stream.send(70, begins=True)

    assert stream.send(5) == (5, None)
