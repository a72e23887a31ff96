"""The tone at the beginning of a talk with the agent, as Opus packets: for a seat without a page."""

import math
from array import array
from functools import cache
from typing import Final

import av

from signaling.scripted.make_media import SOUND_BITS_PER_SECOND, SOUND_RATE, packets_of_sound

PITCHES_HZ: Final = (660, 880, 660)
"One after the other; these three are those of the client's `talkTone.ts`."
NOTE_S: Final = 0.4
LOUDNESS: Final = 0.15
"Of full scale."

FULL_SCALE: Final = 32_767


@cache
def tone_packets() -> tuple[bytes, ...]:
    """The whole tone, 20 ms a packet."""
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = SOUND_RATE, "mono", "s16"
    encoder.bit_rate, encoder.options = SOUND_BITS_PER_SECOND, {"frame_duration": "20", "application": "voip"}
    frames = packets_of_sound(_samples(), SOUND_RATE)
    return tuple(bytes(packet) for frame in (*frames, None) for packet in encoder.encode(frame))


def _samples() -> bytes:
    """16-bit mono at `SOUND_RATE`."""
    length = round(NOTE_S * SOUND_RATE)
    notes = (
        round(FULL_SCALE * LOUDNESS * math.sin(2 * math.pi * pitch * number / SOUND_RATE))
        for pitch in PITCHES_HZ
        for number in range(length)
    )
    return array("h", notes).tobytes()
