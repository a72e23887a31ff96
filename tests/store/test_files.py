import hashlib
from pathlib import Path

import pytest

from server.domain.ids import Digest, RoomId
from server.domain.plan import DocumentFile
from server.store.errors import RoomUnknown, StoreUnwritable
from server.store.files import FileMissing, RoomFiles
from server.store.rooms import Rooms

DATA = b"%PDF-1.7 ..."
SHA256 = Digest(hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def files(tmp_path: Path, rooms: Rooms) -> RoomFiles:
    return RoomFiles(tmp_path / "files", rooms)


def only_file(folder: Path) -> Path:
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    return path


async def test_file_is_found_under_its_content(files: RoomFiles, room: RoomId) -> None:
    kept = await files.put(room, DATA)

    assert kept == DocumentFile(sha256=SHA256, size=len(DATA))
    assert await files.get(room, SHA256) == DATA


async def test_same_file_again_changes_nothing(files: RoomFiles, room: RoomId, tmp_path: Path) -> None:
    await files.put(room, DATA)
    sealed = only_file(tmp_path).read_bytes()

    await files.put(room, DATA)

    assert only_file(tmp_path).read_bytes() == sealed


async def test_file_is_sealed_on_disk_for_its_owner_only(files: RoomFiles, room: RoomId, tmp_path: Path) -> None:
    await files.put(room, DATA)

    path = only_file(tmp_path)
    assert DATA not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


async def test_changed_file_is_not_given(files: RoomFiles, room: RoomId, tmp_path: Path) -> None:
    await files.put(room, DATA)
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(FileMissing):
        await files.get(room, SHA256)


async def test_file_of_another_name_is_not_given(files: RoomFiles, room: RoomId, tmp_path: Path) -> None:
    await files.put(room, DATA)
    path = only_file(tmp_path)
    other = Digest("0" * 64)
    path.rename(path.with_name(other))

    with pytest.raises(FileMissing):
        await files.get(room, other)


async def test_missing_file_and_unknown_room_are_refused(files: RoomFiles, room: RoomId) -> None:
    with pytest.raises(FileMissing):
        await files.get(room, SHA256)
    with pytest.raises(RoomUnknown):
        await files.put(RoomId("../elsewhere"), DATA)


async def test_files_of_a_forgotten_room_are_gone(files: RoomFiles, room: RoomId) -> None:
    await files.put(room, DATA)

    await files.forget(room)
    await files.forget(room)

    with pytest.raises(FileMissing):
        await files.get(room, SHA256)
    assert await files.put(room, DATA) == DocumentFile(sha256=SHA256, size=len(DATA))


async def test_disk_that_refuses_is_said(rooms: Rooms, room: RoomId, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")

    with pytest.raises(StoreUnwritable):
        await RoomFiles(tmp_path / "files", rooms).put(room, DATA)
