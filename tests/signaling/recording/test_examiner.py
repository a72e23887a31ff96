from pathlib import Path

import msgspec
import pytest

from signaling.recording.examiner import Wanted, answer
from signaling.recording.piece_look import PieceLook, look_at
from signaling.recording.webm import piece_file
from tests.support.recorded import RECORDING_KEY, piece, write


def asked(path: Path, key: bytes | None = None) -> PieceLook | None:
    line = answer(msgspec.json.encode({"path": str(path), "key": key}) + b"\n")
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    return msgspec.json.decode(line, type=PieceLook | None)


def test_piece_is_answered_with_what_it_shows(tmp_path: Path) -> None:
    data = piece_file(piece("video", 15), "r", 1)
    (tmp_path / "1.webm").write_bytes(data)

    assert asked(tmp_path / "1.webm") == look_at(data)


def test_sealed_piece_is_answered_where_its_key_is_told(tmp_path: Path) -> None:
    write(tmp_path, "r", piece("video", 15))
    path = tmp_path / "r" / "E1-video" / "1.webm.sealed"

    assert asked(path, RECORDING_KEY) == look_at(piece_file(piece("video", 15), "r", 1))
    assert asked(path, bytes(32)) is None
    assert asked(path) is None


def test_question_shows_its_key_to_nobody_who_prints_it() -> None:
    assert repr(Wanted(path="p", key=b"secret")) == "Wanted(path='p', key=hidden)"


@pytest.mark.parametrize("content", [None, b"", b"half a piece"])
def test_what_is_no_piece_is_answered_with_nothing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "1.webm"
    if content is not None:
        path.write_bytes(content)

    assert asked(path) is None
