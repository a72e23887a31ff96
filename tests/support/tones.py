"""Which notes of the tone of a talk are heard in a sound, and how high a voice is: window by window.

Notes are told by Goertzel's filter at their pitches, a voice by the lag at which a window is most like itself.
"""

import io
import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import mul
from statistics import median
from typing import Final

import av

from signaling.scripted.tone import PITCHES_HZ

RATE: Final = 16_000
WINDOW: Final = RATE // 20
"Samples: 50 ms, in which neighbouring pitches are told apart."
CLEAR: Final = 0.5
"Of the power of a window, that a note has to have."
AUDIBLE: Final = 1e-4
"Mean square, of full scale: -40 dB."


def notes(samples: Sequence[float]) -> list[tuple[int, float]]:
    """The notes in a sound in their order: pitch in hertz and seconds; what is no note parts them, and is left out."""
    heard = [_note(samples[at : at + WINDOW]) for at in range(0, len(samples) - WINDOW + 1, WINDOW)]
    return [(pitch, sum(1 for _ in run) * WINDOW / RATE) for pitch, run in groupby(heard) if pitch]


def holds_tone(samples: Sequence[float], *, at_least_s: float = 0.3) -> bool:
    """Whether the tone is in it: its three notes in their order, each for so long at least.

    What is missing within a note is left out: a browser on a busy machine plays and takes sound with gaps.
    """
    held = [(pitch, sum(seconds for _, seconds in run)) for pitch, run in groupby(notes(samples), lambda note: note[0])]
    clear = [pitch for pitch, seconds in held if seconds >= at_least_s - WINDOW / RATE / 2]
    return any(clear[at : at + 3] == list(PITCHES_HZ) for at in range(len(clear) - 2))


def _note(window: Sequence[float]) -> int:
    """The pitch that a window is full of; 0 if it is of none."""
    mean = sum(sample * sample for sample in window) / len(window)
    if mean < AUDIBLE:
        return 0
    return next((pitch for pitch in set(PITCHES_HZ) if _power(window, pitch) > CLEAR * mean), 0)


def _power(window: Sequence[float], hertz: int) -> float:
    """Mean square of what of a window lies at a pitch. Source: G. Goertzel, 1958."""
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    last = before = 0.0
    for sample in window:
        last, before = sample + turn * last - before, last
    return 2 * (last * last + before * before - turn * last * before) / len(window) ** 2


LOWEST_HZ, HIGHEST_HZ = 80, 400
"Of the voices that are told."
ALIKE: Final = 0.8
"A window and itself a period later, at the least, if it is a voice's."
OCTAVE_COST: Final = 0.03
"What a period of twice the length has to be more alike: every second one is a period too."
WINDOWS: Final = 30


def pitch_of(samples: Sequence[float]) -> float:
    """How high a voice is that speaks in a sound, in hertz: the median of the last windows in which it does.

    Raises:
        StatisticsError: nobody speaks.
    """
    windows = (samples[at : at + WINDOW] for at in range(len(samples) - WINDOW, -1, -WINDOW))
    spoken = (pitch for window in windows if (pitch := _pitch(window)))
    return median(islice(spoken, WINDOWS))


def _pitch(window: Sequence[float]) -> float:
    """Of a window that is a voice's throughout; 0 of any other."""
    if sum(map(mul, window, window)) < AUDIBLE * len(window):
        return 0
    alike = {lag: _likeness(window, lag) for lag in range(RATE // HIGHEST_HZ, RATE // LOWEST_HZ + 1)}
    period = max(alike, key=lambda lag: alike[lag] - OCTAVE_COST * math.log2(lag))
    return RATE / period if alike[period] > ALIKE else 0


def _likeness(window: Sequence[float], lag: int) -> float:
    """The correlation of a window with itself so many samples later."""
    one, other = window[:-lag], window[lag:]
    power = sum(map(mul, one, one)) * sum(map(mul, other, other))
    return sum(map(mul, one, other)) / math.sqrt(power) if power else 0.0


def sound_of(pieces: Iterable[bytes]) -> list[float]:
    """The sound of a track's pieces one after the other, decoded: -1 to 1 at `RATE`."""
    return [sample for piece in pieces for sample in _decoded(piece)]


def _decoded(piece: bytes) -> Iterator[float]:
    resampler = av.AudioResampler("flt", "mono", RATE)
    with av.open(io.BytesIO(piece), "r") as container:
        for heard in (*container.decode(audio=0), None):
            for frame in resampler.resample(heard):
                yield from array("f", bytes(frame.planes[0])[: 4 * frame.samples])
