import socket
from collections.abc import Iterator

import pytest

from signaling.datagram_batches import SendBatch
from signaling.hot_path.lanes import Lanes
from signaling.hot_path.library import SLOTS, ffi, lib
from signaling.hot_path.shaped_packet import ShapedPacket
from signaling.rtp import Shape, build, parse
from signaling.sent_packets import SentPackets
from signaling.vp8 import NOTHING
from tests.support.clear_way import ClearWay

RUN = 4


class Listener:
    """A lane of its own SSRC; one without a run waits for a stretch to begin."""

    def __init__(self, batch: SendBatch, ssrc: int, run: int = RUN) -> None:
        self.way, self.sent = ClearWay(), SentPackets()
        self.lane = ffi.new("struct lane *", {"ssrc": ssrc, "payload_type": 100, "numbering": {"run": run}})
        self.lane.batch, self.lane.way, self.lane.sent = batch.pointer, self.way.pointer, self.sent.pointer


class Wire:
    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.batch = SendBatch(near)
        self.far = far

    def came(self) -> list[int]:
        """The SSRCs of what has been sent."""
        self.batch.flush()
        ssrcs = []
        try:
            while True:
                ssrcs.append(parse(self.far.recv(2048)).ssrc)
        except BlockingIOError:
            return ssrcs


@pytest.fixture
def wire() -> Iterator[Wire]:
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    far.setblocking(False)
    with near, far:
        yield Wire(near, far)


def packet(index: int, size: int = 20) -> ShapedPacket:
    data = build(bytes(size), payload_type=96, marker=False, sequence=index, timestamp=0, ssrc=7)
    shaped = ShapedPacket()
    shaped.take(parse(data), Shape(), run=RUN, index=index, found=NOTHING)
    return shaped


def fan_out(lanes: Lanes[Listener], packet: ShapedPacket) -> int:
    return int(lib.fan_out(lanes.array, len(lanes.streams), packet.pointer, 0.0))


def test_packet_goes_to_every_lane_whose_stretch_it_belongs_to(wire: Wire) -> None:
    lanes: Lanes[Listener] = Lanes()
    for ssrc, run in ((1, RUN), (2, 0), (3, RUN), (4, RUN + 1)):
        lanes.add(Listener(wire.batch, ssrc, run))

    waiting = fan_out(lanes, packet(5))

    assert (waiting, wire.came()) == (2, [1, 3])


def test_lane_that_is_taken_away_gets_nothing_more(wire: Wire) -> None:
    lanes: Lanes[Listener] = Lanes()
    one, other = Listener(wire.batch, 1), Listener(wire.batch, 2)
    lanes.add(one)
    lanes.add(other)
    lanes.remove(one)

    fan_out(lanes, packet(5))

    assert (lanes.streams, wire.came()) == ([other], [2])


def test_more_lanes_than_slots_are_sent_by_and_by(wire: Wire) -> None:
    lanes: Lanes[Listener] = Lanes()
    for ssrc in range(SLOTS + 3):
        lanes.add(Listener(wire.batch, ssrc))
    fan_out(lanes, packet(5))

    assert len(wire.came()) + wire.batch.unsent == SLOTS + 3


def test_packet_that_no_slot_holds_goes_to_nobody(wire: Wire) -> None:
    lanes: Lanes[Listener] = Lanes()
    lanes.add(Listener(wire.batch, 1))

    fan_out(lanes, packet(5, size=1950))

    assert wire.came() == []
