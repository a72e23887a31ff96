from signaling.hot_path.library import ffi
from signaling.hot_path.shaped_packet import ShapedPacket
from signaling.rtp import COUNTER_AT, Shape, build, parse, shaped
from signaling.vp8 import Descriptor

PACKET = parse(build(b"picture", payload_type=96, marker=True, sequence=5, timestamp=77, ssrc=7))
FOUND = Descriptor(starts_key_frame=False, lines=0, picture_at=2, picture=70, level_at=4, level=9)


def taken(shape: Shape) -> ShapedPacket:
    packet = ShapedPacket()
    packet.take(shaped(PACKET, shape), PACKET, shape, run=3, index=65_541, found=FOUND)
    return packet


def test_packet_stands_where_the_fan_out_reads_it() -> None:
    shaped_packet = taken(Shape())
    packet = shaped_packet.pointer

    assert bytes(ffi.buffer(packet.data, packet.size)) == PACKET.data
    assert (packet.run, packet.index, packet.timestamp, packet.marker) == (3, 65_541, 77, 0x80)
    assert (packet.picture_at, packet.picture, packet.level_at, packet.level) == (2, 70, 4, 9)
    assert (packet.payload_at, packet.counter_at) == (12, 0)


def test_counter_has_its_place_where_the_listener_takes_it() -> None:
    shaped_packet = taken(Shape(counter=3))
    packet = shaped_packet.pointer

    assert packet.counter_at == COUNTER_AT
    assert bytes(ffi.buffer(packet.data, packet.size))[packet.payload_at :] == b"picture"
