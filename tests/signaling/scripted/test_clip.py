import av
import pytest

from signaling.scripted.clip import MEDIA, SOUNDS_PER_SECOND, Clip, clips, load
from signaling.vp8 import is_key_frame


@pytest.mark.parametrize("path", clips(), ids=lambda path: path.stem)
def test_film_is_what_a_seat_needs(path: object) -> None:
    clip = load(path)  # type: ignore[arg-type]
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


def test_next_key_frame_is_found_around_the_loop() -> None:
    key, delta = b"\x10", b"\x11"
    clip = Clip(frames=(key, delta, key, delta), frames_per_second=2, sounds=())

    assert [clip.next_key_frame(number) for number in range(4)] == [0, 2, 2, 0]


def test_missing_film_is_an_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        load(MEDIA / "none.webm")
