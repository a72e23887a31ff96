import hashlib
from pathlib import Path

import pytest

from server.domain.ids import Alias, RoomId
from server.domain.recordings import MediaTrack, PieceNote
from server.store.piece_files import RESERVE_BYTES, PieceFiles, digests_in, pieces_in, track_folders
from signaling.recording.piece_writer import RESERVE_BYTES as KEPT_BY_THE_WRITER
from signaling.recording.piece_writer import KeptPiece, LostPiece, PieceWriter
from tests.support.recorded import piece

ROOM = RoomId("r")
SOUND, PICTURE = (Alias("E1"), MediaTrack.AUDIO), (Alias("E1"), MediaTrack.VIDEO)


@pytest.fixture
def kept(tmp_path: Path) -> list[KeptPiece | LostPiece]:
    """Two pieces of sound and one of pictures, as the media process writes them."""
    became: list[KeptPiece | LostPiece] = []
    writer = PieceWriter(tmp_path, became.append, reserve_bytes=0)
    for each in (piece("audio", 50), piece("audio", 60), piece("video", 15)):
        writer.put(ROOM, each)
    writer.close()
    return became


def note(kept: KeptPiece | LostPiece) -> PieceNote:
    """What the media process has told of a piece."""
    assert isinstance(kept, KeptPiece)
    fields = ("number", "sha256", "size", "begins_at", "ends_at")
    return PieceNote(**{name: getattr(kept, name) for name in fields})


async def test_pieces_on_the_disk_are_what_the_media_process_tells_of_them(
    tmp_path: Path, kept: list[KeptPiece | LostPiece]
) -> None:
    first, second, picture = map(note, kept)

    assert await PieceFiles(tmp_path).kept_after(ROOM, {}) == {SOUND: [first, second], PICTURE: [picture]}
    assert await PieceFiles(tmp_path).kept_after(ROOM, {SOUND: 1, PICTURE: 1}) == {SOUND: [second], PICTURE: []}


async def test_room_without_recordings_has_none(tmp_path: Path) -> None:
    assert await PieceFiles(tmp_path / "none").kept_after(ROOM, {}) == {}


async def test_file_that_is_no_piece_is_passed_over(tmp_path: Path, kept: list[KeptPiece | LostPiece]) -> None:
    folder = track_folders(tmp_path / ROOM)[PICTURE]
    (folder / "2.webm").write_bytes(b"half a piece")
    (folder / "3.part").write_bytes(b"")
    (tmp_path / ROOM / "notes").mkdir()

    assert (await PieceFiles(tmp_path).kept_after(ROOM, {}))[PICTURE] == [note(kept[2])]
    assert sorted(pieces_in(folder)) == [1, 2]


def test_digest_is_over_the_file(tmp_path: Path, kept: list[KeptPiece | LostPiece]) -> None:
    path = pieces_in(track_folders(tmp_path / ROOM)[SOUND])[2]

    assert note(kept[1]).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_digests_of_a_rooms_folder_are_those_of_its_files(tmp_path: Path, kept: list[KeptPiece | LostPiece]) -> None:
    first, second, picture = map(note, kept)

    assert digests_in(tmp_path / ROOM) == {
        (SOUND, 1): first.sha256,
        (SOUND, 2): second.sha256,
        (PICTURE, 1): picture.sha256,
    }
    assert digests_in(tmp_path / "none") == {}


def test_free_space_leaves_the_reserve_that_the_writer_keeps(tmp_path: Path) -> None:
    assert RESERVE_BYTES == KEPT_BY_THE_WRITER
    assert PieceFiles(tmp_path).free_bytes() > 0
