"""Real pictures and real sound, encoded as a browser does it, and what is seen and heard in them."""

import math
from array import array
from collections.abc import Sequence
from fractions import Fraction

import av
import pytest
from msgspec.structs import replace

from server.domain.track_review import SILENT_AT, has_moved, is_dark
from signaling import vp8
from signaling.h264 import picture_of
from signaling.messages import Kind
from signaling.recording.ebml import BadEbml
from signaling.recording.piece_look import COLUMNS, ROWS, PieceLook, look_at
from signaling.recording.pieces import OpenPiece
from signaling.recording.units import Unit
from signaling.recording.webm import piece_file
from signaling.scripted.make_media import FRAMES_PER_SECOND, HEIGHT, LOOKS, SOUND_RATE, WIDTH, picture
from tests.support.encoder import encoded
from tests.support.recorded import BEGINS_AT, piece, units


def looked(kind: Kind, blocks: Sequence[Unit]) -> PieceLook:
    first, *rest = blocks
    opened = OpenPiece("E1", kind, first, BEGINS_AT)
    for unit in rest:
        opened.add(unit)
    return look_at(piece_file(opened.closed("due", missing=0, broken=0), "r", 1))


def frame(luma: bytes, chroma: bytes = bytes([128]) * (WIDTH * HEIGHT // 4)) -> av.VideoFrame:
    made = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    for plane, data in zip(made.planes, (luma, chroma, chroma), strict=True):
        width = plane.width
        lines = (data[row * width : (row + 1) * width] for row in range(plane.height))
        plane.update(b"".join(line.ljust(plane.line_size, b"\0") for line in lines))
    return made


def shown(luma: bytes, bits_per_second: int = 400_000) -> PieceLook:
    """What is seen of a picture that comes as a key frame of this quality."""
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FRAMES_PER_SECOND), Fraction(FRAMES_PER_SECOND)
    encoder.bit_rate, encoder.options = bits_per_second, {"deadline": "realtime", "lag-in-frames": "0"}
    [packet] = encoder.encode(frame(luma))
    data = bytes(packet)
    return looked("video", [Unit(data=data, timestamp=0, arrived=1.0, size=vp8.picture_size(data))])


def sounding(amplitude: float, layout: str = "mono", application: str = "audio") -> PieceLook:
    """What is heard of a tone, from a sender that does not say how loud it is."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = SOUND_RATE, layout, "s16"
    encoder.bit_rate, encoder.options = 24_000, {"frame_duration": "20", "application": application}
    blocks: list[Unit] = []
    step = SOUND_RATE // 50
    for number in range(50):
        tone = (amplitude * math.sin(2 * math.pi * 440 * (step * number + at) / SOUND_RATE) for at in range(step))
        made = av.AudioFrame("s16", layout, step)
        channels = made.layout.nb_channels
        samples = array("h", (round(32767 * sample) for sample in tone for _ in range(channels)))
        made.planes[0].update(samples.tobytes())
        made.sample_rate, made.pts = SOUND_RATE, step * number
        blocks += [
            Unit(data=bytes(packet), timestamp=step * len(blocks), arrived=1.0) for packet in encoder.encode(made)
        ]
    return looked("audio", blocks)


def test_piece_is_looked_at_as_long_as_it_lasts() -> None:
    look = look_at(piece_file(piece("video", 60), "r", 1))

    assert (look.begins_at, look.level, len(look.picture)) == (BEGINS_AT, None, COLUMNS * ROWS)
    assert look.ends_at - look.begins_at == pytest.approx(4000, abs=2)


@pytest.mark.parametrize(("shade", "dark"), [(16, True), (180, False)])
def test_room_cameras_picture_is_seen_too(shade: int, dark: bool) -> None:
    """It is H.264, of whatever size."""
    [first, *_] = map(picture_of, encoded(1280, 720, shade=shade))

    look = looked(
        "video",
        [Unit(data=first.data, timestamp=0, arrived=1.0, size=first.size, parameters=first.parameters)],
    )

    assert len(look.picture) == COLUMNS * ROWS
    assert is_dark(look.picture) is dark


def test_film_that_moves_is_seen_to_move() -> None:
    """A clock's hand, and nothing else: two key frames of the film, two and a half turns apart."""
    first, later = (picture(LOOKS[0], number)[0] for number in (0, 37))

    assert has_moved(shown(first).picture, shown(later).picture)


@pytest.mark.parametrize("number", range(len(LOOKS)))
def test_same_picture_is_the_same_however_well_it_is_encoded(number: int) -> None:
    luma = picture(LOOKS[number], 3)[0]
    best = shown(luma, 2_000_000)

    assert [has_moved(best.picture, shown(luma, bits).picture) for bits in (600_000, 300_000, 150_000)] == [False] * 3


def test_covered_camera_is_dark_and_a_dim_room_is_not() -> None:
    covered = bytes(16 + (7 * at) % 5 for at in range(WIDTH * HEIGHT))
    dim = bytes(30 + (at // 64) % 40 for at in range(WIDTH * HEIGHT))

    assert [is_dark(shown(luma).picture) for luma in (covered, dim)] == [True, False]


def test_level_is_what_the_sender_says() -> None:
    blocks = [replace(unit, level=level) for unit, level in zip(units("audio", 3), (127, 61, 90), strict=True)]

    assert looked("audio", blocks).level == 61


def test_level_is_measured_where_the_sender_does_not_say() -> None:
    loud, soft = (sounding(amplitude).level for amplitude in (0.5, 0.01))

    assert loud == pytest.approx(6, abs=3)
    assert soft == pytest.approx(40, abs=6)


@pytest.mark.parametrize("layout", ["mono", "stereo"])
@pytest.mark.parametrize("application", ["audio", "voip"])
def test_nothing_at_all_is_silence_however_it_is_coded(layout: str, application: str) -> None:
    """Coded as speech, it is decoded to a noise that nobody put in."""
    nothing, faint = (sounding(amplitude, layout, application).level for amplitude in (0.0, 0.0005))

    assert nothing is not None
    assert faint is not None
    assert nothing >= SILENT_AT > faint


def test_picture_that_cannot_be_decoded_is_none() -> None:
    torn = replace(units("video", 1)[0], data=b"\x10\x02\x00\x9d\x01\x2a\x80\x02\x68\x01")

    assert looked("video", [torn]).picture == b""


def test_what_is_no_piece_is_refused() -> None:
    with pytest.raises(BadEbml):
        look_at(b"half")


def test_time_in_which_nothing_came_is_told() -> None:
    first, *rest = units("video", 4)
    late = [replace(unit, arrived=unit.arrived + 2.5 * (place > 0)) for place, unit in enumerate(rest)]

    [(begin, end)] = looked("video", [first, *late]).pauses

    assert BEGINS_AT < begin < end
    assert end - begin >= 2_500
