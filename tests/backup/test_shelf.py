from collections.abc import Callable
from pathlib import Path

import pytest

from server.backup.archive import ArchiveWriter, FileArchive, Needed, RoomArchive, seal_key
from server.backup.errors import BackupRunning, NotEnoughSpace
from server.backup.shelf import DAY_MS, LEFT_FREE_BYTES, Shelf, alone, sweep
from server.domain.ids import Millis, RoomId

KEY = seal_key(bytes(32))
TODAY = Millis(1_700_000_000_000)


def day(number: int) -> Millis:
    return Millis(TODAY + number * DAY_MS)


def archive(room: str, size: int = 3) -> RoomArchive:
    return RoomArchive(name=f"lianping-{room}.recordings", room=RoomId(room), size=size, seal="", newest={})


def files(room: str, size: int = 3) -> FileArchive:
    return FileArchive(name=f"lianping-{room}.files", room=RoomId(room), size=size, seal="", files=["ab"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Backups of three days: the first needs recordings and files of two rooms, the others those of the second one."""
    for number, rooms in enumerate([("r1", "r2"), ("r2",), ("r2",)]):
        records, keys = Shelf(tmp_path, tmp_path, KEY).places(day(number))
        keys.touch()
        with records.open("wb") as file:
            ArchiveWriter(file, "records").close(
                day(number),
                KEY,
                Needed(recordings=[archive(room) for room in rooms], files=[files(room) for room in rooms]),
            )
    for each in (archive("r1"), archive("r2"), files("r1"), files("r2")):
        (tmp_path / each.name).write_bytes(b"tar")
    return tmp_path


def stocked(folder: Path) -> list[str]:
    """The days and rooms of which there is a backup."""
    days = {Shelf(folder, folder, KEY).places(day(number))[place]: number for number in range(3) for place in (0, 1)}
    return sorted(
        f"{path.suffix}{days[path]}" if path in days else path.name for path in folder.iterdir() if path.is_file()
    )


def disk(folder: Path, size: int) -> Callable[[Path], int]:
    """What a disk takes that holds this many bytes besides what is left free, where each records archive counts 100."""
    return lambda _: size + LEFT_FREE_BYTES - 100 * len([*folder.glob("*.records")])


WITHOUT_THE_OLDEST = [".keys1", ".keys2", ".records1", ".records2", "lianping-r2.files", "lianping-r2.recordings"]


def test_backups_from_before_a_day_go_with_what_belongs_to_them_alone(folder: Path) -> None:
    gone = Shelf(folder, folder, KEY).expire(day(1))

    assert [path.suffix for path in gone] == [".records"]
    assert stocked(folder) == WITHOUT_THE_OLDEST


def test_newest_whole_backup_never_goes(folder: Path) -> None:
    newest, _ = Shelf(folder, folder, KEY).places(day(2))
    newest.write_bytes(newest.read_bytes()[:600])  # cut off

    Shelf(folder, folder, KEY).expire(day(9))

    assert stocked(folder) == [".keys1", ".records1", "lianping-r2.files", "lianping-r2.recordings"]


def test_keys_whose_records_were_carried_away_go_as_well(folder: Path) -> None:
    Shelf(folder, folder, KEY).places(day(0))[0].unlink()

    Shelf(folder, folder, KEY).expire(day(1))

    assert ".keys0" not in stocked(folder)


def test_oldest_backups_make_room_for_another_one(folder: Path) -> None:
    assert Shelf(folder, folder, KEY).make_room(200, disk(folder, 500)) == []

    assert len(Shelf(folder, folder, KEY).make_room(200, disk(folder, 400))) == 1
    assert stocked(folder) == WITHOUT_THE_OLDEST

    with pytest.raises(NotEnoughSpace, match="needs 1 MB, and 0 MB are free"):
        Shelf(folder, folder, KEY).make_room(400, disk(folder, 400))
    assert stocked(folder) == [".keys2", ".records2", "lianping-r2.files", "lianping-r2.recordings"]


def test_backups_are_left_as_they_are_where_another_one_does_not_fit_unasked(folder: Path) -> None:
    before = stocked(folder)

    Shelf(folder, folder, KEY).demand(100, disk(folder, 400))
    with pytest.raises(NotEnoughSpace):
        Shelf(folder, folder, KEY).demand(101, disk(folder, 400))

    assert stocked(folder) == before


def test_saved_are_rooms_all_of_whose_archives_are_there(folder: Path) -> None:
    assert [each.room for each in Shelf(folder, folder, KEY).saved()] == ["r2"]
    assert Shelf(folder, folder, seal_key(b"1" * 32)).saved() == []

    (folder / "lianping-r2.recordings").write_bytes(b"")
    assert Shelf(folder, folder, KEY).saved() == []


def test_one_backup_is_written_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(BackupRunning, match="Another backup"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_what_a_killed_backup_left_is_swept_away(folder: Path) -> None:
    before = stocked(folder)
    (folder / ".lianping-abc").touch()
    (folder / ".lianping-def").mkdir()
    (folder / ".lianping-def" / "store").touch()

    sweep(folder)

    assert stocked(folder) == before
    assert [path for path in folder.iterdir() if path.is_dir()] == []
