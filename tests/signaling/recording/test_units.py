from collections.abc import Iterable

from aiortc.codecs.h264 import H264Encoder

from signaling import rtp, vp8
from signaling.recording.packet_order import Arrival
from signaling.recording.units import MOST_PARTS, H264Units, PictureUnits, SoundUnits, Unit, Units, payload_of
from signaling.scripted.clip import clips, load
from tests.support.encoder import encoded

FILM = load(clips()[0])
KEY, NEXT = FILM.frames[:2]


def packets(frame: bytes, number: int, timestamp: int) -> list[rtp.RtpPacket]:
    """A frame as it comes over the line; its packets are numbered from `number` on."""
    payloads = list(vp8.payloads(frame, number))
    return [
        rtp.parse(
            rtp.build(
                payload,
                payload_type=96,
                marker=at == len(payloads) - 1,
                sequence=number + at,
                timestamp=timestamp,
                ssrc=1,
            )
        )
        for at, payload in enumerate(payloads)
    ]


def taken(units: Units, arrivals: Iterable[Arrival]) -> list[Unit]:
    return [unit for arrival in arrivals for unit in units.take(arrival)]


def test_frames_are_put_together() -> None:
    first, second = packets(KEY, 1, 9000), packets(NEXT, 50, 15000)
    assert len(first) > 2
    units = PictureUnits()

    found = taken(units, [Arrival(packet, 0.5 + 0.01 * at, 0) for at, packet in enumerate([*first, *second])])

    assert found == [
        Unit(data=KEY, timestamp=9000, arrived=0.5, is_key=True, size=(640, 360)),
        Unit(data=NEXT, timestamp=15000, arrived=0.5 + 0.01 * len(first), is_key=False),
    ]
    assert (units.missing, units.broken) == (0, 0)


def test_frame_with_a_hole_is_left_out() -> None:
    first, *_, last = packets(KEY, 1, 9000)
    units = PictureUnits()

    found = taken(
        units, [Arrival(first, 0.0, 0), Arrival(last, 0.0, 3), *(Arrival(p, 0.1, 0) for p in packets(KEY, 20, 2))]
    )

    assert [(unit.timestamp, unit.data) for unit in found] == [(2, KEY)]
    assert (units.missing, units.broken) == (3, 1)


def test_frame_without_its_end_is_left_out() -> None:
    units = PictureUnits()

    found = taken(units, [Arrival(p, 0.0, 0) for p in [*packets(KEY, 1, 1)[:2], *packets(NEXT, 9, 2)]])

    assert [unit.data for unit in found] == [NEXT]
    assert units.broken == 1


def test_rest_of_a_frame_that_had_begun_before_is_no_broken_one() -> None:
    _, *rest = packets(KEY, 1, 9000)
    units = PictureUnits()

    found = taken(units, [Arrival(packet, 0.0, 0) for packet in [*rest, *packets(KEY, 20, 9900)]])

    assert ([unit.timestamp for unit in found], units.broken) == ([9900], 0)


def test_padding_is_no_payload() -> None:
    probe = bytearray(rtp.build(bytes([0, 0, 3]), payload_type=96, marker=False, sequence=1, timestamp=1, ssrc=1))
    padded = bytearray(rtp.build(b"sound\0\2", payload_type=111, marker=False, sequence=1, timestamp=1, ssrc=1))
    for each in (probe, padded):
        each[0] |= 0x20

    assert payload_of(rtp.parse(bytes(probe))) == b""
    assert payload_of(rtp.parse(bytes(padded))) == b"sound"
    assert taken(PictureUnits(), [Arrival(rtp.parse(bytes(probe)), 0.0, 0)]) == []


def test_sound_carries_its_level() -> None:
    plain = rtp.build(b"opus", payload_type=111, marker=False, sequence=7, timestamp=960, ssrc=1)
    extended = (
        bytes([plain[0] | 0x10]) + plain[1:12] + bytes.fromhex("bede0001") + bytes([0x20, 0x80 | 33, 0, 0]) + b"opus"
    )
    units = SoundUnits(2)

    found = taken(units, [Arrival(rtp.parse(extended), 1.0, 2), Arrival(rtp.parse(plain), 1.1, 0)])

    assert found == [
        Unit(data=b"opus", timestamp=960, arrived=1.0, level=33),
        Unit(data=b"opus", timestamp=960, arrived=1.1),
    ]
    assert units.missing == 2
    assert taken(SoundUnits(None), [Arrival(rtp.parse(extended), 1.0, 0)])[0].level is None


def camera_packets(pictures: Iterable[list[bytes]]) -> list[rtp.RtpPacket]:
    """Pictures of an encoder, as another library sends them."""
    found: list[rtp.RtpPacket] = []
    for number, picture in enumerate(pictures):
        payloads = list(H264Encoder._packetize(iter(picture)))
        found += [
            rtp.parse(
                rtp.build(
                    payload,
                    payload_type=98,
                    marker=payload is payloads[-1],
                    sequence=len(found) + at,
                    timestamp=3000 * number,
                    ssrc=1,
                )
            )
            for at, payload in enumerate(payloads)
        ]
    return found


def test_pictures_of_a_room_camera_are_put_together() -> None:
    units = H264Units()

    found = taken(units, [Arrival(packet, 1.0, 0) for packet in camera_packets(encoded(640, 360))])

    assert [(unit.timestamp, unit.is_key, unit.size) for unit in found] == [
        (0, True, (640, 360)),
        (3000, False, None),
        (6000, False, None),
    ]
    assert (units.missing, units.broken) == (0, 0)


def test_camera_picture_with_a_hole_or_without_its_end_is_left_out() -> None:
    packets = camera_packets(encoded(640, 360))
    first, second, third = ([packet for packet in packets if packet.timestamp == 3000 * n] for n in range(3))
    units = H264Units()

    holed = [Arrival(first[0], 0.0, 0), Arrival(first[-1], 0.0, len(first) - 2)]
    found = taken(units, [*holed, Arrival(second[0], 0.0, 0), *(Arrival(packet, 0.0, 0) for packet in third)])

    assert [unit.timestamp for unit in found] == [6000]
    assert (units.missing, units.broken) == (len(first) - 2, 2)


def test_camera_picture_that_never_ends_is_given_up() -> None:
    first = camera_packets(encoded(640, 360))[0]
    units = H264Units()

    found = taken(units, [Arrival(first, 0.0, 0)] * (MOST_PARTS + 1))

    assert (found, units._units.whole()) == ([], [])


def test_frame_that_never_ends_is_given_up() -> None:
    first = packets(KEY, 1, 9000)[0]
    going_on = rtp.parse(
        rtp.build(b"\x80\x80\x80\x01x", payload_type=96, marker=False, sequence=2, timestamp=9000, ssrc=1)
    )
    units = PictureUnits()

    found = taken(units, [Arrival(first, 0.5, 0), *(Arrival(going_on, 0.5, 0) for _ in range(3 * MOST_PARTS))])

    assert (found, units.broken, len(units._parts)) == ([], 1, 0)
