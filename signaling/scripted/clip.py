"""A short encoded film for a scripted seat: VP8 frames and Opus packets, read once and never decoded.

A film that comes with the program has a protected version beside it: a mosaic and another voice, made by what does so
in a browser. A film without one sends nothing protected.
"""

from pathlib import Path

import av
import msgspec

from signaling.messages import Track
from signaling.vp8 import is_key_frame

SOUNDS_PER_SECOND = 50
MEDIA = Path(__file__).parent / "media"
PROTECTED = "protected"
"The folder beside a film in which its protected version has the same name."


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """One loop."""

    frames: tuple[bytes, ...]
    "VP8, the first one a key frame."
    frames_per_second: int
    sounds: tuple[bytes, ...]
    "Opus, 20 ms each."
    protected: "Clip | None" = None
    "The same, with the face covered and the voice changed."

    def version(self, track: Track) -> "Clip | None":
        """What is played on a track, if there is anything for it."""
        match track:
            case "audio" | "video":
                return self
            case "masked_audio" | "masked_video":
                return self.protected
            case "screen":
                return None

    def next_key_frame(self, frame: int) -> int:
        """The number of the first key frame at or after a frame, around the loop."""
        order: tuple[int, ...] = (*range(frame, len(self.frames)), *range(frame))
        return next(number for number in order if is_key_frame(self.frames[number]))


def load(path: Path) -> Clip:
    """The clip in a WebM file with one VP8 and one Opus track, and its protected version if that is there.

    Raises:
        OSError: there is no such file.
    """
    protected = path.parent / PROTECTED / path.name
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
        protected=load(protected) if protected.exists() else None,
    )


def clips() -> list[Path]:
    """The films that come with the program, one for each colour."""
    return sorted(MEDIA.glob("*.webm"))
