from pathlib import Path

import pytest

from signaling.messages import Kind
from signaling.recording.join import NothingToJoin, join
from signaling.recording.webm import piece_file
from tests.support.recorded import BEGINS_AT, joined, piece, played


def kept(folder: Path, kind: Kind, *pieces: tuple[int, int, int]) -> list[Path]:
    """Pieces of the film on the disk: (first unit, units, when the first one came)."""
    paths = []
    for number, (first, count, at_ms) in enumerate(pieces, start=1):
        path = folder / f"{kind}-{number}.webm"
        path.write_bytes(piece_file(piece(kind, count, first=first, begins_at=BEGINS_AT + at_ms), "r", number))
        paths.append(path)
    return paths


def test_sound_and_pictures_play_as_one_with_the_gap_between(tmp_path: Path) -> None:
    pictures = kept(tmp_path, "video", (0, 45, 0), (45, 30, 3000), (90, 15, 20_000))
    sounds = kept(tmp_path, "audio", (0, 200, 40), (200, 100, 4040))

    data = joined(join({"video": pictures, "audio": sounds}, "E1"))

    shown = played(data)
    assert len(shown["video"]) == 90
    assert len(shown["audio"]) == 300
    assert [shown["video"][number] for number in (0, 45, 75)] == [0.0, 3.0, 20.0]
    assert shown["audio"][0] == pytest.approx(0.04, abs=0.001)


def test_one_kind_alone_is_joined_too(tmp_path: Path) -> None:
    data = joined(join({"video": [], "audio": kept(tmp_path, "audio", (0, 50, 0))}, "E1"))

    assert list(played(data)) == ["audio"]


def test_nothing_cannot_be_joined() -> None:
    with pytest.raises(NothingToJoin):
        join({"video": [], "audio": []}, "E1")
