import socket

import pytest

from signaling.datagram_batches import Address, SendBatch
from signaling.hot_path.library import ffi, lib
from signaling.hot_path.shaped_packet import ShapedPacket
from signaling.hot_path.way import Way
from signaling.rtp import Shape, build, parse
from signaling.sent_packets import SentPackets
from signaling.vp8 import NOTHING
from tests.support.clear_way import ClearWay

DATA = build(b"sound", payload_type=96, marker=False, sequence=5, timestamp=0, ssrc=7)


def goes_out(way: Way) -> bool:
    """Whether a packet leaves by this way."""
    packet, sent = ShapedPacket(), SentPackets()
    packet.take(parse(DATA), Shape(), run=1, index=5, found=NOTHING)
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        batch = SendBatch(near)
        lane = ffi.new("struct lane *", {"ssrc": 7, "payload_type": 96, "numbering": {"run": 1}})
        lane.batch, lane.way, lane.sent = batch.pointer, way.pointer, sent.pointer
        return bool(lib.send_packet(lane, packet.pointer, 0.0))


def test_way_is_closed_until_both_an_address_and_a_session_are_known() -> None:
    with_address, with_both = Way(), ClearWay()
    with_address.destination = Address(b"")

    assert [goes_out(way) for way in (Way(), with_address, with_both)] == [False, False, True]


def test_way_is_closed_again_without_an_address() -> None:
    way = ClearWay()
    way.destination = None

    assert not goes_out(way)


def test_address_is_told_as_it_was_given() -> None:
    way = Way()
    way.destination = Address(b"\x02\0\x20\xfb\x7f\0\0\1" + bytes(8))

    assert way.destination == Address(b"\x02\0\x20\xfb\x7f\0\0\1" + bytes(8))
    assert bytes(ffi.buffer(way.pointer.name, way.pointer.name_size)) == way.destination


def test_what_is_no_address_is_refused() -> None:
    way = Way()

    with pytest.raises(ValueError, match="address"):
        way.destination = Address(bytes(29))
    assert way.destination is None
