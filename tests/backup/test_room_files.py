import shutil
from pathlib import Path

import pytest

from server.backup.archive import FileArchive
from server.backup.room_files import file_chains
from server.domain.ids import RoomId


def keep(data: Path, *names: str) -> None:
    """Files of rooms."""
    for name in names:
        path = data / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sealed")


def archive(name: str, room: str, *files: str) -> FileArchive:
    return FileArchive(name=name, room=RoomId(room), size=0, seal="", files=list(files))


def found(data: Path, *saved: FileArchive) -> dict[str, tuple[list[str], list[str]]]:
    """By room: archives that go on being needed, and files that are to be written."""
    return {
        chain.room: ([each.name for each in chain.saved], [path.name for path in chain.fresh])
        for chain in file_chains(data, saved)
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keep(tmp_path, "r1/ab", "r1/cd", "r2/ef")
    return tmp_path


def test_first_backup_takes_all_that_are_whole(data: Path) -> None:
    keep(data, "r1/.draft", "r3/tmpdraft")

    assert found(data) == {"r1": ([], ["ab", "cd"]), "r2": ([], ["ef"])}


def test_next_ones_take_what_came_since(data: Path) -> None:
    saved = [archive("first", "r1", "ab"), archive("second", "r1", "cd")]
    keep(data, "r1/ff")

    assert found(data, *saved, archive("other", "r2", "ef")) == {
        "r1": (["first", "second"], ["ff"]),
        "r2": (["other"], []),
    }


def test_room_whose_archive_is_lost_is_written_again(data: Path) -> None:
    assert found(data, archive("other", "r2", "ef"))["r1"] == ([], ["ab", "cd"])


def test_what_is_gone_or_damaged_on_the_disk_stays_saved(data: Path) -> None:
    shutil.rmtree(data / "files" / "r2")
    (data / "files" / "r1" / "ab").write_bytes(b"damaged")

    assert found(data, archive("first", "r1", "ab", "cd"), archive("other", "r2", "ef")) == {
        "r1": (["first"], []),
        "r2": (["other"], []),
    }


def test_server_without_files_has_none(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
