"""A film in which camera and microphone fail: from its second second on one picture stands, and nothing is heard."""

from collections.abc import Iterator
from pathlib import Path

import av

from signaling.scripted.clip import SOUNDS_PER_SECOND, Clip, load
from signaling.scripted.make_media import FRAMES_PER_SECOND, LOOKS, SOUND_RATE, encode, frame, packets_of_sound, picture

GOES_ON_S = 600
"Longer than any test lasts: then it would begin anew."


def failing_film(sound: Clip, folder: Path) -> Clip:
    """A second of a film that is as it should be, and then what a broken camera and a dead microphone send."""
    dead = load(encode(folder / "dead.webm", _one_picture(), packets_of_sound(bytes(2 * SOUND_RATE), SOUND_RATE)))
    return Clip(
        frames=sound.frames[: sound.frames_per_second] + GOES_ON_S * dead.frames,
        frames_per_second=dead.frames_per_second,
        sounds=sound.sounds[:SOUNDS_PER_SECOND] + GOES_ON_S * dead.sounds,
    )


def _one_picture() -> Iterator[av.VideoFrame]:
    standing = picture(LOOKS[0], 0)
    return (frame(standing, number) for number in range(FRAMES_PER_SECOND))
