from pathlib import Path

import pytest

from signaling.scripted.clip import SOUNDS_PER_SECOND, load
from signaling.vp8 import is_key_frame
from tests.support.clapper import CLAPS_AT_S, SECONDS, make_clapper
from tests.support.claps import claps, late_ms


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clapper(tmp_path_factory.mktemp("clapper"))


def test_every_clap_is_seen_and_heard_at_its_moment(film: Path) -> None:
    found = claps(film.read_bytes())

    assert found["video"] == pytest.approx(CLAPS_AT_S, abs=0.001)
    assert found["audio"] == pytest.approx(CLAPS_AT_S, abs=0.02)


def test_picture_never_jumps_to_a_key_frame(film: Path) -> None:
    clip = load(film)

    assert all(map(is_key_frame, clip.frames))
    assert (len(clip.frames), len(clip.sounds)) == (SECONDS * clip.frames_per_second, SECONDS * SOUNDS_PER_SECOND)


def test_claps_are_numbered_from_the_beginning() -> None:
    began = 1_774_400_000.25
    found = [began + 0.65, began + 2.1, began + SECONDS + 0.6, began + 3 * SECONDS + 2.2]

    assert late_ms(found, began) == pytest.approx({0: 50, 1: -100, 2: 0, 7: 0}, abs=0.01)
