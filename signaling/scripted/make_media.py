"""Makes the films of the scripted seats: `python -m signaling.scripted.make_media` (needs espeak-ng).

A neutral figure that breathes before a coloured wall, a clock hand that goes round in one second, and a line that grows
with the loop; espeak-ng says a sentence in Mandarin. All of it is drawn and spoken by this program: nobody else has
rights in it.
"""

import math
import subprocess
import wave
from collections.abc import Iterable, Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import msgspec

from signaling.scripted.clip import MEDIA

WIDTH, HEIGHT = 640, 360
FRAMES_PER_SECOND = 15
SECONDS = 8
KEY_FRAME_EVERY = FRAMES_PER_SECOND
"Frames: a key frame each second."
VIDEO_BITS_PER_SECOND = 160_000
SOUND_BITS_PER_SECOND = 24_000
SOUND_RATE = 48_000


class Look(msgspec.Struct, frozen=True):
    """What tells one film from another."""

    name: str
    wall: tuple[int, int, int]
    "Y, Cb, Cr of the wall."
    pitch: int
    "Of the voice, 0 to 99."
    words: str


LOOKS = [
    Look("1-blue", (110, 160, 105), 40, "一号座席，画面与声音正常。"),
    Look("2-green", (120, 110, 105), 60, "二号座席，画面与声音正常。"),
    Look("3-amber", (150, 80, 150), 30, "三号座席，画面与声音正常。"),
    Look("4-red", (100, 115, 175), 55, "四号座席，画面与声音正常。"),
    Look("5-violet", (100, 155, 145), 70, "五号座席，画面与声音正常。"),
    Look("6-teal", (125, 140, 90), 25, "六号座席，画面与声音正常。"),
    Look("7-grey", (130, 128, 128), 50, "七号座席，画面与声音正常。"),
]

Span = tuple[int, int, int]
"Row, first column, column after the last."
Planes = tuple[bytes, bytes, bytes]
"Y, Cb and Cr, 4:2:0."
Size = tuple[int, int]


def disc(column: float, row: float, across: float, down: float) -> Iterator[Span]:
    """The spans of an ellipse with these half axes, in pixels, cut at the picture's edge."""
    for y in range(max(0, round(row - down)), min(HEIGHT, round(row + down))):
        half = across * math.sqrt(max(0.0, 1 - ((y - row) / down) ** 2))
        yield y, max(0, round(column - half)), min(WIDTH, round(column + half))


def _fill(plane: bytearray, width: int, spans: Iterator[Span] | list[Span], value: int, *, scale: int = 1) -> None:
    for row, first, last in spans:
        if row % scale == 0 and last > first:
            at = row // scale * width
            plane[at + first // scale : at + last // scale] = bytes([value]) * (last // scale - first // scale)


def picture(look: Look, number: int) -> Planes:
    """One frame of the loop."""
    luma = bytearray(b"".join(bytes([look.wall[0] - row // 12]) * WIDTH for row in range(HEIGHT)))
    blue, red = (bytearray([value]) * (WIDTH // 2 * HEIGHT // 2) for value in look.wall[1:])
    breath = 4 * math.sin(2 * math.pi * number / (4 * FRAMES_PER_SECOND))
    turn = 2 * math.pi * number / FRAMES_PER_SECOND
    figure = [*disc(320, 340 - breath, 150, 130), *disc(320, 150 - breath, 62, 80)]
    _fill(luma, WIDTH, figure, 55)
    for plane in (blue, red):
        _fill(plane, WIDTH // 2, figure, 128, scale=2)
    _fill(luma, WIDTH, disc(560, 70, 44, 44), 225)
    _fill(luma, WIDTH, disc(560 + 30 * math.sin(turn), 70 - 30 * math.cos(turn), 10, 10), 40)
    grown = WIDTH * number // (FRAMES_PER_SECOND * SECONDS)
    _fill(luma, WIDTH, [(row, 0, grown) for row in range(HEIGHT - 8, HEIGHT)], 225)
    return bytes(luma), bytes(blue), bytes(red)


def frame(planes: Planes, number: int, *, size: Size = (WIDTH, HEIGHT)) -> av.VideoFrame:
    """The frame with that number of a film."""
    made = av.VideoFrame(*size, "yuv420p")
    for plane, data in zip(made.planes, planes, strict=True):
        rows, width = plane.height, plane.width
        lines = (data[row * width : (row + 1) * width] for row in range(rows))
        plane.update(b"".join(line.ljust(plane.line_size, b"\0") for line in lines))
    made.pts, made.time_base = number, Fraction(1, FRAMES_PER_SECOND)
    return made


def spoken(look: Look) -> tuple[bytes, int]:
    """The sentence as 16-bit mono samples, and their rate.

    Raises:
        OSError: espeak-ng is not installed.
    """
    command = ["espeak-ng", "-v", "cmn", "-p", str(look.pitch), "--stdout", look.words]
    with wave.open(BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)) as sound:
        return sound.readframes(sound.getnframes()), sound.getframerate()


def packets_of_sound(samples: bytes, rate: int) -> Iterator[av.AudioFrame]:
    """16-bit mono samples, 20 ms each, as they are encoded."""
    whole = av.AudioFrame("s16", "mono", len(samples) // 2)
    whole.planes[0].update(samples)
    whole.sample_rate, whole.pts, whole.time_base = rate, 0, Fraction(1, rate)
    resampler = av.AudioResampler("s16", "mono", SOUND_RATE, frame_size=SOUND_RATE // 50)
    yield from resampler.resample(whole)
    yield from resampler.resample(None)


def make(look: Look, folder: Path, seconds: int = SECONDS) -> Path:
    """Encode one film, or its beginning; its file."""
    samples, rate = spoken(look)
    samples = samples[: 2 * rate * seconds].ljust(2 * rate * seconds, b"\0")
    pictures = (frame(picture(look, number), number) for number in range(FRAMES_PER_SECOND * seconds))
    return encode(folder / f"{look.name}.webm", pictures, packets_of_sound(samples, rate))


def encode(
    path: Path,
    pictures: Iterable[av.VideoFrame],
    sounds: Iterable[av.AudioFrame],
    *,
    size: Size = (WIDTH, HEIGHT),
    key_frame_every: int = KEY_FRAME_EVERY,
) -> Path:
    """Write a film's file; the same path."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(
            "libvpx", FRAMES_PER_SECOND, options={"deadline": "good", "cpu-used": "2", "lag-in-frames": "0"}
        )
        (video.width, video.height), video.pix_fmt = size, "yuv420p"
        video.bit_rate, video.gop_size = VIDEO_BITS_PER_SECOND, key_frame_every
        sound = container.add_stream("libopus", SOUND_RATE, options={"frame_duration": "20", "application": "voip"})
        sound.layout, sound.bit_rate = "mono", SOUND_BITS_PER_SECOND
        for shown in pictures:
            container.mux(video.encode(shown))
        for heard in sounds:
            container.mux(sound.encode(heard))
        container.mux(video.encode(None))
        container.mux(sound.encode(None))
    return path


if __name__ == "__main__":
    for each in LOOKS:
        make(each, MEDIA)
