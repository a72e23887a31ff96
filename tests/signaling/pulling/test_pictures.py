import pytest
from aiortc.codecs.h264 import H264Encoder

from signaling.h264 import slice_type
from signaling.pulling.pictures import CameraPicture, HasBFrames, Pictures
from signaling.rtp import RtpPacket, parse
from tests.support.encoder import encoded
from tests.support.rtsp_camera import film

WRAP = 1 << 32


def packets(
    pictures: list[list[bytes]], *, step: int = 9000, marks: bool = True, first: int = 65_534
) -> list[RtpPacket]:
    """The packets of pictures, over the ends of both counters."""
    found: list[RtpPacket] = []
    for number, units in enumerate(pictures):
        payloads = H264Encoder._packetize(units)
        for at, payload in enumerate(payloads):
            marker = 0x80 if marks and at == len(payloads) - 1 else 0
            head = (first + len(found)) % 65_536, (WRAP - 5000 + number * step) % WRAP
            data = bytes([0x80, 96 | marker]) + head[0].to_bytes(2) + head[1].to_bytes(4) + b"\0\0\0\1" + payload
            found.append(parse(data))
    return found


def taken(pictures: Pictures, given: list[RtpPacket], *, every_s: float = 0.0) -> list[CameraPicture]:
    found = (pictures.take(each, number * every_s) for number, each in enumerate(given))
    return [picture for picture in found if picture is not None]


def kinds(picture: CameraPicture) -> list[int]:
    return [unit[0] & 31 for unit in H264Encoder._split_bitstream(picture.data)]


def test_pictures_come_whole_and_in_time() -> None:
    given = encoded(640, 480, frames=4)

    found = taken(Pictures(()), packets(given))

    assert [(each.at, each.is_key) for each in found] == [(0, True), (9000, False), (18000, False), (27000, False)]
    assert kinds(found[0])[:2] == [7, 8]
    assert [list(H264Encoder._split_bitstream(each.data)) for each in found[1:]] == given[1:]


def test_key_frame_gets_the_parameter_sets_of_the_description() -> None:
    [first, *_] = encoded(320, 192)
    sets, rest = [u for u in first if u[0] & 31 in (7, 8)], [u for u in first if u[0] & 31 not in (7, 8)]

    [alone] = taken(Pictures(sets), packets([rest]))
    apart = taken(Pictures(()), packets([sets, rest], step=0))

    assert kinds(alone)[:2] == kinds(apart[0])[:2] == [7, 8]
    assert 5 in kinds(alone)


def test_end_that_is_not_marked_is_the_next_beginning() -> None:
    found = taken(Pictures(()), packets(encoded(320, 192, frames=3), marks=False))

    assert [each.at for each in found] == [0, 9000]


def test_hole_leaves_out_what_it_breaks_up_to_the_next_key_frame() -> None:
    reel = film() + film()
    given = packets(reel)
    first = next(at for at, each in enumerate(given) if each.timestamp != given[0].timestamp)

    found = taken(Pictures(()), given[:first] + given[first + 1 :])

    assert [each.at // 9000 for each in found] == [0, *range(5, 20)]


@pytest.mark.parametrize("step", [0, -9000, 90_000 * 3600])
def test_timestamps_that_stand_still_or_leap_are_not_believed(step: int) -> None:
    small = [unit for units in film() for unit in units if unit[0] & 31 == 1][:4]
    [first, *_] = encoded(320, 192)
    given = packets([first, *([unit] for unit in small)], step=step)
    before = len(given) - len(small)

    found = taken(Pictures(()), given, every_s=0.04)

    assert [each.at for each in found[1:]] == [3600 * number for number in range(1, len(small) + 1)]
    assert before >= 1


def test_b_frames_are_noticed() -> None:
    with pytest.raises(HasBFrames):
        taken(Pictures(()), packets(film(b_frames=True)))
    assert {slice_type(unit) for units in film() for unit in units if unit[0] & 31 in (1, 5)} <= {0, 2}
    assert slice_type(b"\x41") is None


def test_rare_key_frames_are_noticed() -> None:
    often, rarely = Pictures(()), Pictures(())

    taken(often, packets(film()))
    taken(rarely, packets(film(), step=90_000))

    assert (often.has_rare_key_frames, rarely.has_rare_key_frames) == (False, True)


def test_picture_without_end_is_not_kept() -> None:
    pictures = Pictures(())
    piece = bytes([0x7C, 0x05]) + bytes(60_000)

    for number in range(200):
        data = bytes([0x80, 96]) + (number % 65_536).to_bytes(2) + b"\0\0\0\1\0\0\0\1" + piece
        assert pictures.take(parse(data), 0.0) is None

    assert sum(map(len, pictures._units.whole())) <= 4 << 20
