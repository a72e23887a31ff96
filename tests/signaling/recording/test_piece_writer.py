import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from signaling.recording.piece_cipher import PieceCipher
from signaling.recording.piece_places import pieces_in, track_folder
from signaling.recording.piece_writer import (
    LONGEST_QUEUE_BYTES,
    KeptPiece,
    LostPiece,
    PieceWriter,
)
from signaling.recording.pieces import Piece
from signaling.recording.webm import Track, file_head, read_facts
from tests.support.recorded import BEGINS_AT, RECORDING_KEY, piece, read

SOUND = piece("audio", 50)
IN_THE_CLEAR = (file_head([Track(number=1, kind="audio")]), b"OpusHead", b"LIANPING_PIECE", SOUND.units[7].data)
"What is met in the clear file: how it begins, its names, and the sound itself."


class Told:
    """What a writer tells; it can be held up."""

    def __init__(self) -> None:
        self.became: list[KeptPiece | LostPiece] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, piece: KeptPiece | LostPiece) -> None:
        self.may_go_on.wait()
        self.became.append(piece)


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    yield told
    told.may_go_on.set()


def cipher_of(room: str) -> PieceCipher:
    return {"r": PieceCipher(RECORDING_KEY)}[room]


def written(root: Path, told: Told, *pieces: Piece, reserve_bytes: int = 0) -> list[KeptPiece | LostPiece]:
    writer = PieceWriter(root, cipher_of, told, reserve_bytes=reserve_bytes)
    assert all([writer.put("r", each) for each in pieces])
    writer.close()
    return told.became


def test_pieces_are_numbered_and_told_with_the_digest_of_their_files(tmp_path: Path, told: Told) -> None:
    first, second = written(tmp_path, told, SOUND, SOUND)

    data = read(tmp_path / "r" / "E1-audio" / "2.webm.sealed")
    assert isinstance(first, KeptPiece)
    assert second == KeptPiece(
        room="r",
        alias="E1",
        track="audio",
        number=2,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        begins_at=BEGINS_AT,
        ends_at=BEGINS_AT + 1000,
    )
    assert read_facts(data).number == 2


def test_nothing_lies_on_the_disk_in_the_clear_and_no_two_files_are_sealed_alike(tmp_path: Path, told: Told) -> None:
    written(tmp_path, told, SOUND, SOUND)

    first, second = pieces_in(track_folder(tmp_path, "r", "E1", "audio")).values()
    assert all(known in read(first) for known in IN_THE_CLEAR)
    assert not any(known in path.read_bytes() for path in (first, second) for known in IN_THE_CLEAR)
    assert first.read_bytes()[8:40] != second.read_bytes()[8:40]


def test_piece_of_a_room_without_a_key_is_lost_rather_than_kept_in_the_clear(tmp_path: Path, told: Told) -> None:
    writer = PieceWriter(tmp_path, cipher_of, told, reserve_bytes=0)
    writer.put("another", SOUND)
    writer.close()

    [lost] = told.became
    assert isinstance(lost, LostPiece)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_files_are_for_their_owner_alone_and_no_draft_stays(tmp_path: Path, told: Told) -> None:
    written(tmp_path, told, SOUND)

    folder = track_folder(tmp_path, "r", "E1", "audio")
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [("1.webm.sealed", 0o600)]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_numbers_go_on_after_another_process_and_its_draft_is_overwritten(tmp_path: Path, told: Told) -> None:
    folder = track_folder(tmp_path, "r", "E1", "audio")
    folder.mkdir(parents=True)
    for name in ("1.webm", "9.webm", "10.mkv.sealed", "11.part", "notes.webm"):
        (folder / name).write_bytes(b"before")

    [kept] = written(tmp_path, told, SOUND)

    assert isinstance(kept, KeptPiece)
    assert kept.number == 11
    assert list(pieces_in(folder)) == [1, 9, 10, 11]
    assert not (folder / "11.part").exists()


def test_disk_without_its_reserve_loses_the_piece_and_says_so(tmp_path: Path, told: Told) -> None:
    [lost] = written(tmp_path, told, SOUND, reserve_bytes=1 << 60)

    assert isinstance(lost, LostPiece)
    assert (lost.alias, lost.track, lost.reason) == ("E1", "audio", "disk_full")
    assert pieces_in(track_folder(tmp_path, "r", "E1", "audio")) == {}


def test_disk_error_loses_the_piece_and_the_next_one_is_tried(tmp_path: Path, told: Told) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "E1-audio").write_text("no folder")

    lost, kept = written(tmp_path, told, SOUND, replace(SOUND, alias="E2"))

    assert isinstance(lost, LostPiece)
    assert lost.reason == "disk_failed"
    assert isinstance(kept, KeptPiece)


def test_more_than_the_queue_holds_is_not_taken(tmp_path: Path, told: Told) -> None:
    told.may_go_on.clear()
    huge = replace(SOUND, units=(replace(SOUND.units[0], data=bytes(LONGEST_QUEUE_BYTES // 2)),))
    writer = PieceWriter(tmp_path, cipher_of, told, reserve_bytes=0)

    taken = [writer.put("r", huge) for _ in range(4)]
    told.may_go_on.set()
    writer.close()

    assert taken == [True, True, False, False]
    assert len(told.became) == 2
