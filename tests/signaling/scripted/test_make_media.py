import shutil
from pathlib import Path

import pytest

from signaling.scripted.clip import SOUNDS_PER_SECOND, clips, load
from signaling.scripted.make_media import HEIGHT, LOOKS, WIDTH, disc, make, picture


def test_there_is_a_film_for_every_look() -> None:
    assert [path.stem for path in clips()] == [look.name for look in LOOKS]


def test_picture_has_three_planes_of_the_right_size() -> None:
    assert [len(plane) for plane in picture(LOOKS[0], 0)] == [WIDTH * HEIGHT, WIDTH * HEIGHT // 4, WIDTH * HEIGHT // 4]


def test_picture_moves() -> None:
    assert picture(LOOKS[0], 3)[0] != picture(LOOKS[0], 4)[0]


def test_disc_is_round_and_stays_in_the_picture() -> None:
    assert list(disc(2, 2, 2, 2)) == [(0, 2, 2), (1, 0, 4), (2, 0, 4), (3, 0, 4)]
    assert all(0 <= first <= last <= WIDTH for _, first, last in disc(WIDTH, HEIGHT, 50, 50))


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="the films are made with espeak-ng")
def test_film_can_be_made_again(tmp_path: Path) -> None:
    made, shipped = load(make(LOOKS[6], tmp_path, seconds=1)), load(clips()[6])

    assert (len(made.frames), len(made.sounds)) == (made.frames_per_second, SOUNDS_PER_SECOND)
    assert made.frames_per_second == shipped.frames_per_second
