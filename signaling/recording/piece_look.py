"""What one piece shows and sounds like, as far as an integrity check asks: its first picture, small and grey, and its
loudest moment. Of pictures only the key frame at the beginning is decoded; of sound nothing, where its sender says how
loud it is.
"""

import math
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise

import av
import msgspec
from av.error import FFmpegError

from signaling.messages import KIND_OF
from signaling.recording.pieces import PieceFacts
from signaling.recording.webm import Block, read_blocks, read_duration, read_facts, read_parameters

COLUMNS, ROWS = 80, 45
"Of the small picture: 8 by 8 pixels of a camera's 640 by 360 become one."
PAUSE_FROM_MS = 1_000
"Between two blocks; a sender of sound that is silent by choice sends one in 400 ms."
QUIETEST = 127
"-dBov, as in RFC 6464: nothing at all."
OWN_NOISE = 3 / 32768
"""Steps of 16 bits, so many may an Opus decoder make of nothing at all that was coded as speech: 2.6 were seen with
libopus in stereo. A microphone's noise is many times as high.
"""


class PieceLook(msgspec.Struct, frozen=True, kw_only=True):
    """What is seen and heard in a piece."""

    begins_at: int
    "Milliseconds since 1970 UTC, as in the piece's facts."
    ends_at: int
    picture: bytes = b""
    "Brightness from 0 to 255, row by row; empty for sound, and for a picture that cannot be decoded."
    level: int | None = None
    "The loudest moment of sound in -dBov; none for pictures, and for sound that cannot be decoded."
    pauses: tuple[tuple[int, int], ...] = ()
    "From when to when nothing came within the piece."


def look_at(data: bytes) -> PieceLook:
    """What a piece shows and sounds like.

    Raises:
        BadEbml: it is no piece of ours.
    """
    facts, duration = read_facts(data), read_duration(data)
    blocks = list(read_blocks(data))
    is_sound = KIND_OF[facts.track] == "audio"
    return PieceLook(
        begins_at=facts.begins_at,
        ends_at=facts.begins_at + duration,
        picture=b"" if is_sound else _small(blocks[:1], read_parameters(data)),
        level=_loudest(facts, blocks) if is_sound else None,
        pauses=tuple(_pauses(facts)),
    )


def _pauses(facts: PieceFacts) -> Iterator[tuple[int, int]]:
    for before, after in pairwise(facts.arrivals):
        if after - before >= PAUSE_FROM_MS:
            yield facts.begins_at + before, facts.begins_at + after


def _small(blocks: Sequence[Block], parameters: bytes | None) -> bytes:
    """The first picture, in grey and so small that the noise of a camera averages out; with parameters it is H.264."""
    for frame in _decoded("vp8" if parameters is None else "h264", blocks, parameters):
        if isinstance(frame, av.VideoFrame):
            plane = frame.reformat(width=COLUMNS, height=ROWS, format="gray8", interpolation="AREA").planes[0]
            rows, width = bytes(plane), plane.line_size
            return b"".join(rows[row * width : row * width + COLUMNS] for row in range(ROWS))
    return b""


def _loudest(facts: PieceFacts, blocks: Sequence[Block]) -> int | None:
    """As the sender says; else by the highest sample of the decoded sound."""
    if facts.levels:
        return min(bytes.fromhex(facts.levels))
    peaks = [_peak(frame) for frame in _decoded("opus", blocks) if isinstance(frame, av.AudioFrame)]
    if not peaks:
        return None
    peak = max(peaks)
    return QUIETEST if peak <= OWN_NOISE else max(0, round(-20 * math.log10(peak)))


def _peak(frame: av.AudioFrame) -> float:
    """The highest sample of what the Opus decoder gives: 32-bit floats, one plane a channel, full scale at 1."""
    highest = 0.0
    for plane in frame.planes:
        samples = array("f", bytes(plane)[: 4 * frame.samples])
        highest = max(highest, max(samples), -min(samples))
    return highest


def _decoded(
    codec: str, blocks: Sequence[Block], parameters: bytes | None = None
) -> Iterator[av.VideoFrame | av.AudioFrame]:
    """The frames of these blocks, up to the first that cannot be decoded."""
    context = av.CodecContext.create(codec, "r")
    context.extradata = parameters
    packets = [*(av.Packet(block.data) for block in blocks), None]  # H.264 is held back until it is told of the end
    try:
        for packet in packets:
            yield from context.decode(packet)  # type: ignore[attr-defined]  # of the two subclasses
    except FFmpegError:
        return
