from importlib.resources import files
from pathlib import Path

import pytest

from server.tender.bid_files import FILE_SIZE_LIMIT
from server.tender.file_folder import files_in


def test_file_is_found_by_its_way_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "投标").mkdir()
    (tmp_path / "投标" / "a 1.pdf").write_bytes(b"%PDF-1.7")

    assert files_in(tmp_path)("投标/a 1.pdf") == b"%PDF-1.7"


def test_file_of_the_program_is_found() -> None:
    assert files_in(files("server.tender"))("bids/A.pdf").startswith(b"%PDF-")


def test_missing_file_and_folder_are_told(tmp_path: Path) -> None:
    load = files_in(tmp_path)

    with pytest.raises(FileNotFoundError):
        load("bids/a.pdf")
    with pytest.raises(IsADirectoryError):
        files_in(tmp_path.parent)(tmp_path.name)


def test_of_a_large_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    with (tmp_path / "large.pdf").open("wb") as file:
        file.truncate(FILE_SIZE_LIMIT * 3)

    assert len(files_in(tmp_path)("large.pdf")) == FILE_SIZE_LIMIT + 1
