import hashlib
from pathlib import Path

import pytest

from server.domain.errors import LianpingError
from server.domain.ids import Alias, RoomId
from server.domain.recordings import MediaTrack, PieceNote
from server.store.encryption import RoomCipher
from server.store.errors import PieceDamaged, PieceKeyMissing, RoomUnknown
from server.store.piece_files import (
    RESERVE_BYTES,
    PieceFiles,
    digests_in,
    free_bytes,
    holds_sealed,
    reading,
    room_pieces,
    track_folders,
)
from server.store.recording_keys import RecordingKeys
from signaling.recording.piece_places import pieces_in
from signaling.recording.piece_writer import RESERVE_BYTES as KEPT_BY_THE_WRITER
from signaling.recording.piece_writer import KeptPiece, LostPiece
from signaling.recording.webm import piece_file
from tests.support.recorded import RECORDING_KEY, piece, piece_files, write

ROOM = RoomId("r")
SOUND, PICTURE = (Alias("E1"), MediaTrack.AUDIO), (Alias("E1"), MediaTrack.VIDEO)


@pytest.fixture
def kept(tmp_path: Path) -> list[KeptPiece | LostPiece]:
    """Two pieces of sound and one of pictures, as the media process writes them."""
    return write(tmp_path, ROOM, piece("audio", 50), piece("audio", 60), piece("video", 15))


def note(kept: KeptPiece | LostPiece) -> PieceNote:
    """What the media process has told of a piece."""
    assert isinstance(kept, KeptPiece)
    fields = ("number", "sha256", "size", "begins_at", "ends_at")
    return PieceNote(**{name: getattr(kept, name) for name in fields})


async def test_pieces_on_the_disk_are_what_the_media_process_tells_of_them(
    tmp_path: Path, kept: list[KeptPiece | LostPiece]
) -> None:
    first, second, picture = map(note, kept)

    assert await piece_files(tmp_path).kept_after(ROOM, {}) == {SOUND: [first, second], PICTURE: [picture]}
    assert await piece_files(tmp_path).kept_after(ROOM, {SOUND: 1, PICTURE: 1}) == {
        SOUND: [second],
        PICTURE: [],
    }


async def test_room_without_recordings_has_none(tmp_path: Path) -> None:
    assert await piece_files(tmp_path / "none").kept_after(ROOM, {}) == {}


async def test_file_that_is_no_piece_is_passed_over(tmp_path: Path, kept: list[KeptPiece | LostPiece]) -> None:
    folder = track_folders(tmp_path / ROOM)[PICTURE]
    (folder / "2.webm.sealed").write_bytes(b"half a piece")
    (folder / "3.part").write_bytes(b"")
    (tmp_path / ROOM / "notes").mkdir()

    assert (await piece_files(tmp_path).kept_after(ROOM, {}))[PICTURE] == [note(kept[2])]
    assert sorted(pieces_in(folder)) == [1, 2]


async def test_piece_that_the_disk_does_not_give_is_passed_over(
    tmp_path: Path, kept: list[KeptPiece | LostPiece]
) -> None:
    path = track_folders(tmp_path / ROOM)[SOUND] / "1.webm.sealed"
    path.unlink()
    path.mkdir()

    assert await piece_files(tmp_path).kept_after(ROOM, {}) == {SOUND: [note(kept[1])], PICTURE: [note(kept[2])]}


async def test_pieces_of_an_older_server_are_taken_up_but_none_that_lies_in_the_clear_behind_a_sealed_one(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ROOM / "E1-audio"
    folder.mkdir(parents=True)
    clear = piece_file(piece("audio", 50), ROOM, 1)
    (folder / "1.webm").write_bytes(clear)
    [sealed] = write(tmp_path, ROOM, piece("audio", 60))
    (folder / "3.webm").write_bytes(clear)

    [old, new] = (await piece_files(tmp_path).kept_after(ROOM, {}))[SOUND]

    assert (old.number, old.sha256) == (1, hashlib.sha256(clear).hexdigest())
    assert new == note(sealed)


class NoRooms:
    """A registry that has forgotten every room, and its key with it."""

    async def cipher_of(self, room: RoomId) -> RoomCipher:
        raise RoomUnknown(room=room)


async def test_recordings_of_a_room_whose_key_is_destroyed_stay_closed(
    tmp_path: Path, kept: list[KeptPiece | LostPiece]
) -> None:
    destroyed = PieceFiles(tmp_path, NoRooms(), RecordingKeys(tmp_path / "secrets"))
    read = await destroyed.reader(ROOM)

    assert holds_sealed(tmp_path / ROOM)
    assert await destroyed.kept_after(ROOM, {}) == {SOUND: [], PICTURE: []}
    for _, _, path in room_pieces(tmp_path / ROOM):
        with pytest.raises(PieceKeyMissing, match="the key of its room is not here"):
            read(path)


@pytest.mark.parametrize("damage", [slice(0, 60), slice(0, -1), slice(1, None)])
def test_sealed_piece_that_was_damaged_is_named(
    tmp_path: Path, kept: list[KeptPiece | LostPiece], damage: slice, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pieces_in(track_folders(tmp_path / ROOM)[SOUND])[2]
    path.write_bytes(path.read_bytes()[damage])

    def told(locale: str) -> str:
        monkeypatch.setenv("LC_ALL", locale)
        with pytest.raises(PieceDamaged) as damaged:
            reading(RECORDING_KEY)(path)
        assert isinstance(damaged.value, LianpingError)
        return str(damaged.value)

    assert (
        told("en")
        == f"The recording {path} cannot be opened: it was changed, cut off or moved, or sealed with another key."
    )
    assert told("zh_CN.UTF-8").startswith(f"录音录像 {path} 无法打开")


def test_digest_is_over_the_clear_file_whether_it_is_sealed_or_was_copied(
    tmp_path: Path, kept: list[KeptPiece | LostPiece]
) -> None:
    path = pieces_in(track_folders(tmp_path / ROOM)[SOUND])[2]
    copy = tmp_path / "copies" / "E1-audio" / "2.webm"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(reading(RECORDING_KEY)(path))

    assert digests_in(tmp_path / "copies", reading(None)) == {(SOUND, 2): note(kept[1]).sha256}
    assert note(kept[1]).sha256 == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert note(kept[1]).size == copy.stat().st_size


def test_digests_of_a_rooms_folder_are_those_of_its_files(tmp_path: Path, kept: list[KeptPiece | LostPiece]) -> None:
    first, second, picture = map(note, kept)

    assert digests_in(tmp_path / ROOM, reading(RECORDING_KEY)) == {
        (SOUND, 1): first.sha256,
        (SOUND, 2): second.sha256,
        (PICTURE, 1): picture.sha256,
    }
    assert digests_in(tmp_path / "none", reading(RECORDING_KEY)) == {}
    with pytest.raises(PieceKeyMissing):
        digests_in(tmp_path / ROOM, reading(None))


def test_sealed_piece_that_was_altered_has_another_digest(tmp_path: Path, kept: list[KeptPiece | LostPiece]) -> None:
    path = pieces_in(track_folders(tmp_path / ROOM)[SOUND])[2]
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    digests = digests_in(tmp_path / ROOM, reading(RECORDING_KEY))

    assert digests[SOUND, 1] == note(kept[0]).sha256
    assert digests[SOUND, 2] != note(kept[1]).sha256


def test_free_space_leaves_the_reserve_that_the_writer_keeps(tmp_path: Path) -> None:
    assert RESERVE_BYTES == KEPT_BY_THE_WRITER
    assert free_bytes(tmp_path) > 0
