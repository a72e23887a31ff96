"""The real process, over real pieces."""

import os
import signal
from pathlib import Path

import pytest

from server.domain.ids import RoomId
from server.store.piece_examiner import PieceExaminer
from signaling.recording.piece_look import COLUMNS, ROWS
from signaling.recording.webm import piece_file
from tests.support.recorded import RECORDING_KEY, piece, write

ROOM = RoomId("r")


async def key_of(room: RoomId) -> bytes | None:
    return RECORDING_KEY if room == ROOM else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sealed pieces, one that lies in the clear, and none."""
    write(tmp_path, ROOM, piece("video", 15), piece("audio", 50))
    (tmp_path / "1.webm").write_bytes(piece_file(piece("video", 15), ROOM, 1))
    (tmp_path / "2.webm").write_bytes(b"half a piece")
    return tmp_path


async def test_pieces_are_looked_at_one_after_the_other(folder: Path) -> None:
    names = ("r/E1-video/1.webm.sealed", "r/E1-audio/1.webm.sealed", "2.webm", "1.webm")
    async with PieceExaminer(key_of) as examiner:
        picture, sound, neither, clear = [await examiner.look(ROOM, folder / name) for name in names]

    assert picture is not None
    assert (len(picture.picture), picture.level) == (COLUMNS * ROWS, None)
    assert sound is not None
    assert sound.level is not None
    assert neither is None
    assert clear == picture


async def test_sealed_piece_without_its_key_shows_nothing(folder: Path) -> None:
    async with PieceExaminer(key_of) as examiner:
        assert await examiner.look(RoomId("another"), folder / "r" / "E1-video" / "1.webm.sealed") is None


async def test_process_that_was_ended_is_started_again(folder: Path) -> None:
    async with PieceExaminer(key_of) as examiner:
        await examiner.look(ROOM, folder / "1.webm")
        assert examiner.pid is not None
        os.kill(examiner.pid, signal.SIGKILL)

        assert await examiner.look(ROOM, folder / "1.webm") is not None


async def test_process_ends_when_it_is_left(folder: Path) -> None:
    async with PieceExaminer(key_of) as examiner:
        await examiner.look(ROOM, folder / "1.webm")
        pid = examiner.pid

    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
