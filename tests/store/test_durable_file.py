"""A file is put on the disk whole, or not at all."""

import os
from pathlib import Path

import pytest

from server.store.durable_file import put_whole


def test_file_takes_the_place_of_the_one_before_for_this_account_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")

    put_whole(path, b"after")

    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stands_where_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")

    def refuse(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="no space left"):
        put_whole(path, b"after")

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
