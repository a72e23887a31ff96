from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.auth.private_files import create_private_folder, read_private_file, replace_private_file
from server.auth.rejections import LoosePermissions, SecretsDamaged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys"


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_folder_is_made_with_all_its_files_for_one_user_only(folder: Path) -> None:
    create_private_folder(folder, {"a": b"1", "b": b"2"})

    assert _contents(folder) == {"a": b"1", "b": b"2"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600, 0o600]


def test_filled_folder_stays_as_it_is(folder: Path) -> None:
    create_private_folder(folder, {"a": b"1"})

    create_private_folder(folder, {"a": b"other", "b": b"2"})

    assert _contents(folder) == {"a": b"1"}
    assert list(folder.parent.iterdir()) == [folder]


def test_empty_folder_is_taken_over_and_closed_to_others(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)

    create_private_folder(folder, {"a": b"1"})

    assert _contents(folder) == {"a": b"1"}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_folder_in_an_impossible_place_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"")

    with pytest.raises(NotADirectoryError):
        create_private_folder(place, {"a": b"1"})

    assert list(tmp_path.iterdir()) == [place]


def test_one_of_many_makers_wins_as_a_whole(folder: Path) -> None:
    def make(n: int) -> None:
        create_private_folder(folder, {"a": b"%d" % n, "b": b"%d" % n})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, range(16)))

    contents = _contents(folder)
    assert contents["a"] == contents["b"]
    assert list(folder.parent.iterdir()) == [folder]


def test_replaced_file_is_private_and_leaves_no_other(folder: Path) -> None:
    create_private_folder(folder, {"a": b"1"})

    replace_private_file(folder / "a", b"2")

    assert _contents(folder) == {"a": b"2"}
    assert read_private_file(folder / "a") == b"2"


def test_replacing_in_an_impossible_place_leaves_nothing_behind(folder: Path) -> None:
    (folder / "a").mkdir(parents=True)

    with pytest.raises(IsADirectoryError):
        replace_private_file(folder / "a", b"2")

    assert list(folder.iterdir()) == [folder / "a"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610])
def test_loose_file_is_refused_with_the_command_that_helps(folder: Path, mode: int) -> None:
    create_private_folder(folder, {"a": b"1"})
    (folder / "a").chmod(mode)

    with pytest.raises(LoosePermissions) as caught:
        read_private_file(folder / "a")

    expected = f"Others may read {folder}/a (mode {mode:04o}), where secrets lie; run: chmod 600 {folder}/a"
    assert str(caught.value) == expected


def test_loose_folder_is_refused_with_the_command_that_helps(folder: Path) -> None:
    create_private_folder(folder, {"a": b"1"})
    folder.chmod(0o750)

    with pytest.raises(LoosePermissions) as caught:
        read_private_file(folder / "a")

    assert caught.value.facts == {"path": folder, "mode": 0o750, "wanted": 0o700}


def test_missing_file_is_named(folder: Path) -> None:
    with pytest.raises(SecretsDamaged) as caught:
        read_private_file(folder / "a")

    assert str(caught.value) == f"The secret {folder}/a is missing; restore it from the backup."
