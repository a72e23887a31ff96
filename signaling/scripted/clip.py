"""A short encoded film for a scripted seat: VP8 frames and Opus packets, read once and never decoded."""

from pathlib import Path

import av
import msgspec

from signaling.vp8 import is_key_frame

SOUNDS_PER_SECOND = 50
MEDIA = Path(__file__).parent / "media"


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """One loop."""

    frames: tuple[bytes, ...]
    "VP8, the first one a key frame."
    frames_per_second: int
    sounds: tuple[bytes, ...]
    "Opus, 20 ms each."

    def next_key_frame(self, frame: int) -> int:
        """The number of the first key frame at or after a frame, around the loop."""
        order: tuple[int, ...] = (*range(frame, len(self.frames)), *range(frame))
        return next(number for number in order if is_key_frame(self.frames[number]))


def load(path: Path) -> Clip:
    """The clip in a WebM file with one VP8 and one Opus track.

    Raises:
        OSError: there is no such file.
    """
    with av.open(str(path)) as container:
        rate = container.streams.video[0].average_rate
        packets = [(packet.stream.type, bytes(packet)) for packet in container.demux()]
    frames = tuple(data for kind, data in packets if kind == "video" and data)
    frames_per_second = round(rate or 0)
    sounds = tuple(data for kind, data in packets if kind == "audio" and data)
    seconds = len(frames) // frames_per_second
    return Clip(
        frames=frames,
        frames_per_second=frames_per_second,
        sounds=sounds[: seconds * SOUNDS_PER_SECOND],  # the encoder's last packet runs over the loop
    )


def clips() -> list[Path]:
    """The films that come with the program, one for each colour."""
    return sorted(MEDIA.glob("*.webm"))
