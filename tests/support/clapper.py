"""Makes the clapper: a film that flashes and beeps at known moments, by which one measures how far sound, picture and
other seats lie apart in what was received or recorded.

Every frame is a key frame, so that the player never leaves one out where a key frame is asked for: the picture keeps
its place beside the sound.
"""

import math
import struct
from collections.abc import Iterator
from pathlib import Path

import av

from signaling.scripted.make_media import FRAMES_PER_SECOND, SOUND_RATE, encode, frame, packets_of_sound

SECONDS = 4
"Of the loop."
CLAPS_AT_S = (0.6, 2.2)
"Where a frame and a packet of sound begin; two of them, unevenly apart, tell the loop's beginning."
FLASH_FRAMES = 2
WIDTH, HEIGHT = 160, 96
BEEP_S = 0.1
BEEP_HZ = 1_000
DARK, BRIGHT = 40, 220
"Luma of the picture."
LOUDEST = 16_000
"Of the beep's 16-bit samples."


def make_clapper(folder: Path) -> Path:
    """Encode the film; its file."""
    sounds = packets_of_sound(_samples(), SOUND_RATE)
    return encode(folder / "clapper.webm", _pictures(), sounds, size=(WIDTH, HEIGHT), key_frame_every=1)


def _pictures() -> Iterator[av.VideoFrame]:
    flashes = {round(at * FRAMES_PER_SECOND) + more for at in CLAPS_AT_S for more in range(FLASH_FRAMES)}
    grey = bytes([128]) * (WIDTH // 2 * HEIGHT // 2)
    for number in range(FRAMES_PER_SECOND * SECONDS):
        luma = bytes([BRIGHT if number in flashes else DARK]) * (WIDTH * HEIGHT)
        yield frame((luma, grey, grey), number, size=(WIDTH, HEIGHT))


def _samples() -> bytes:
    """16-bit mono at `SOUND_RATE`."""
    beep = [
        round(LOUDEST * math.sin(2 * math.pi * BEEP_HZ * number / SOUND_RATE))
        for number in range(round(BEEP_S * SOUND_RATE))
    ]
    samples = bytearray(2 * SOUND_RATE * SECONDS)
    for at in CLAPS_AT_S:
        struct.pack_into(f"<{len(beep)}h", samples, 2 * round(at * SOUND_RATE), *beep)
    return bytes(samples)
