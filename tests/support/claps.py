"""When the clapper's flashes and beeps are seen and heard in a file, and when they were made."""

import io
from array import array
from collections.abc import Iterator
from datetime import datetime

import av

from tests.support.clapper import BRIGHT, CLAPS_AT_S, DARK, SECONDS

WINDOW_S = 0.005
"Of sound, that is loud or not."
LOUD = 0.1
"Of full scale."
APART_S = 0.3
"A beep that rings on is no other one."


def claps(data: bytes) -> dict[str, list[float]]:
    """When each flash and each beep begins, by kind, in seconds since 1970 by the file's own date."""
    found: dict[str, list[float]] = {}
    with av.open(io.BytesIO(data), "r") as container:
        began = container.metadata.get("creation_time")
        since = datetime.fromisoformat(began).timestamp() if began else 0.0
        for each in container.decode(*container.streams):
            kind = "video" if isinstance(each, av.VideoFrame) else "audio"
            shown = _lit(each) if isinstance(each, av.VideoFrame) else _loud(each)
            for at in shown:
                lit = found.setdefault(kind, [])
                if not lit or since + at - lit[-1] > APART_S:
                    lit.append(since + at)
    return found


def _lit(frame: av.VideoFrame) -> Iterator[float]:
    luma = bytes(frame.planes[0])
    if luma[len(luma) // 2] > (DARK + BRIGHT) // 2:
        yield frame.time or 0.0


def _loud(frame: object) -> Iterator[float]:
    """Each loud window of decoded Opus: 32-bit floats, one plane a channel."""
    assert isinstance(frame, av.AudioFrame)
    samples = array("f", bytes(frame.planes[0])[: 4 * frame.samples])
    window = round(WINDOW_S * frame.sample_rate)
    for start in range(0, len(samples), window):
        if max(map(abs, samples[start : start + window])) > LOUD:
            yield (frame.time or 0.0) + start / frame.sample_rate


def late_ms(found: list[float], started_at: float) -> dict[int, float]:
    """How late each clap is, by its number since the film began to play at that moment."""
    late: dict[int, float] = {}
    for at in found:
        loop, passed = divmod(at - started_at + min(CLAPS_AT_S) / 2, SECONDS)
        nearest = min(range(len(CLAPS_AT_S)), key=lambda number: abs(_away(passed, CLAPS_AT_S[number])))
        late[int(loop) * len(CLAPS_AT_S) + nearest] = 1000 * _away(passed, CLAPS_AT_S[nearest])
    return late


def _away(passed: float, clap_at: float) -> float:
    return passed - min(CLAPS_AT_S) / 2 - clap_at
