from pathlib import Path
from shutil import copy

import av
import pytest

from signaling.messages import TRACKS
from signaling.scripted.clip import MEDIA, PROTECTED, SOUNDS_PER_SECOND, Clip, clips, load
from signaling.vp8 import is_key_frame


@pytest.mark.parametrize("path", clips(), ids=lambda path: path.stem)
def test_film_is_what_a_seat_needs(path: Path) -> None:
    clip = load(path)
    seconds = len(clip.frames) / clip.frames_per_second
    keys = [number for number, frame in enumerate(clip.frames) if is_key_frame(frame)]

    assert len(clip.sounds) == seconds * SOUNDS_PER_SECOND
    assert keys == list(range(0, len(clip.frames), clip.frames_per_second))


def test_films_are_640x360_vp8_and_opus_and_small() -> None:
    shapes = set()
    for path in clips():
        with av.open(str(path)) as container:
            video, audio = container.streams.video[0], container.streams.audio[0]
            shapes.add((video.codec.name, video.width, video.height, audio.codec.name))

    assert len(clips()) == 7
    assert {(name.removeprefix("lib"), width, height, sound) for name, width, height, sound in shapes} == {
        ("vp8", 640, 360, "opus")
    }
    assert sum(path.stat().st_size for path in clips()) < 2_000_000


@pytest.mark.parametrize("path", clips(), ids=lambda path: path.stem)
def test_film_has_a_protected_version_as_long_as_it_is(path: Path) -> None:
    clip = load(path)

    protected = clip.protected
    assert protected is not None
    assert (len(protected.frames), len(protected.sounds)) == (len(clip.frames), len(clip.sounds))
    assert is_key_frame(protected.frames[0])
    assert protected.protected is None


def test_every_track_has_its_version() -> None:
    bare = load(clips()[0])

    versions = {track: bare.version(track) for track in TRACKS}

    assert versions == {
        **{"audio": bare, "video": bare, "screen": None, "desktop": None},
        **{"masked_audio": bare.protected, "masked_video": bare.protected},
    }


def test_protected_pictures_are_a_mosaic() -> None:
    with av.open(str(MEDIA / PROTECTED / clips()[0].name)) as container:
        frame = next(container.decode(video=0)).reformat(format="gray")
    rows = [bytes(frame.planes[0])[row * frame.planes[0].line_size :][: frame.width] for row in range(frame.height)]

    cells = [
        [rows[row][column] for row in range(top + 4, top + 16) for column in range(left + 4, left + 16)]
        for top in range(0, frame.height, 20)
        for left in range(0, frame.width, 20)
    ]

    assert (frame.width, frame.height, len(cells)) == (320, 180, 144)
    assert max(max(cell) - min(cell) for cell in cells) < 20
    assert max(map(max, cells)) - min(map(min, cells)) > 60


def test_film_without_a_protected_version_sends_nothing_as_if_it_were_one(tmp_path: Path) -> None:
    alone = load(Path(copy(clips()[0], tmp_path)))

    assert (alone.version("masked_video"), alone.version("masked_audio")) == (None, None)


def test_next_key_frame_is_found_around_the_loop() -> None:
    key, delta = b"\x10", b"\x11"
    clip = Clip(frames=(key, delta, key, delta), frames_per_second=2, sounds=())

    assert [clip.next_key_frame(number) for number in range(4)] == [0, 2, 2, 0]


def test_missing_film_is_an_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        load(MEDIA / "none.webm")
