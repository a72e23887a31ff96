"""What a browser's simulated microphone picks up, as files, and the flag that makes it do so."""

import wave
from array import array
from collections.abc import Iterable
from pathlib import Path

from tests.support.tones import RATE

SYLLABLE_S, PAUSE_S = 0.3, 0.1
"A tone without pauses is taken for a noise, and suppressed."


def silence(folder: Path) -> str:
    """The flag for a microphone that picks up nothing."""
    return _flag(folder / "silence.wav", [0.0] * RATE)


def voice(folder: Path, hertz: int) -> str:
    """The flag for a microphone before which somebody says syllable after syllable at one pitch."""
    period = [at % (RATE // hertz) / (RATE // hertz) - 0.5 for at in range(int(SYLLABLE_S * RATE))]
    return _flag(folder / f"voice-{hertz}.wav", [*period, *[0.0] * int(PAUSE_S * RATE)] * 5)


def _flag(path: Path, samples: Iterable[float]) -> str:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", (int(sample * 32767) for sample in samples)).tobytes())
    return f"--use-file-for-fake-audio-capture={path}"
