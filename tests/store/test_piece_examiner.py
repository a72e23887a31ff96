"""The real process, over real pieces."""

import os
import signal
from pathlib import Path

import pytest

from server.store.piece_examiner import PieceExaminer
from signaling.recording.piece_look import COLUMNS, ROWS
from signaling.recording.webm import piece_file
from tests.support.recorded import piece


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "1.webm").write_bytes(piece_file(piece("video", 15), "r", 1))
    (tmp_path / "2.webm").write_bytes(piece_file(piece("audio", 50), "r", 1))
    (tmp_path / "3.webm").write_bytes(b"half a piece")
    return tmp_path


async def test_pieces_are_looked_at_one_after_the_other(folder: Path) -> None:
    async with PieceExaminer() as examiner:
        picture, sound, neither = [await examiner.look(folder / f"{number}.webm") for number in (1, 2, 3)]

    assert picture is not None
    assert (len(picture.picture), picture.level) == (COLUMNS * ROWS, None)
    assert sound is not None
    assert sound.level is not None
    assert neither is None


async def test_process_that_was_ended_is_started_again(folder: Path) -> None:
    async with PieceExaminer() as examiner:
        await examiner.look(folder / "1.webm")
        assert examiner.pid is not None
        os.kill(examiner.pid, signal.SIGKILL)

        assert await examiner.look(folder / "1.webm") is not None


async def test_process_ends_when_it_is_left(folder: Path) -> None:
    async with PieceExaminer() as examiner:
        await examiner.look(folder / "1.webm")
        pid = examiner.pid

    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
