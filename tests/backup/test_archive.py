import io
import os
import tarfile
from pathlib import Path

import pytest

from server.backup.archive import (
    ArchiveWriter,
    Contents,
    Entry,
    FileArchive,
    Needed,
    Newest,
    RoomArchive,
    read_list,
    seal_key,
    seal_of,
    unpack,
)
from server.backup.errors import BackupDamaged
from server.domain.ids import Millis, RoomId

KEY = seal_key(bytes(32))
MADE_AT = Millis(1_700_000_000_000)
FILES = {"files/r1/a": b"a bid", "recordings/r1/E1.webm": bytes(70_000), "store/x": b""}


def archive(folder: Path, files: dict[str, bytes] = FILES, key: bytes = KEY) -> Path:
    """An archive of these files."""
    path = folder / "backup"
    with path.open("wb") as file:
        writer = ArchiveWriter(file, "records")
        for place, (name, data) in enumerate(files.items()):
            source = folder / f"source-{place}"
            source.write_bytes(data)
            writer.add(source, name)
        writer.close(MADE_AT, key)
    return path


def restored(path: Path, into: Path, key: bytes = KEY) -> Contents:
    return unpack(path, into).check("records", key)


def test_files_come_out_as_they_went_in_for_their_owner_only(tmp_path: Path) -> None:
    contents = restored(archive(tmp_path), tmp_path / "new")

    assert {name: (tmp_path / "new" / name).read_bytes() for name in FILES} == FILES
    assert (contents.made_at, [(entry.path, entry.size) for entry in contents.entries]) == (
        MADE_AT,
        [(name, len(data)) for name, data in FILES.items()],
    )
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "new").rglob("*")} == {0}


def test_files_keep_the_second_of_their_last_change(tmp_path: Path) -> None:
    source = tmp_path / "piece"
    source.write_bytes(b"sealed")
    os.utime(source, (1_600_000_000.7, 1_600_000_000.7))
    with (tmp_path / "backup").open("wb") as file:
        writer = ArchiveWriter(file, "records")
        writer.add(source, "piece")
        writer.close(MADE_AT, KEY)

    restored(tmp_path / "backup", tmp_path / "new")

    assert (tmp_path / "new" / "piece").stat().st_mtime == 1_600_000_000


def test_list_with_the_archives_it_needs_is_read_without_unpacking(tmp_path: Path) -> None:
    needed = RoomArchive(
        name="r1.recordings",
        room=RoomId("r1"),
        size=9,
        seal="ab",
        newest={"E1-video": Newest(3, 70_000, 1_600_000_000)},
    )
    files = FileArchive(name="r1.files", room=RoomId("r1"), size=9, seal="cd", files=["ab"])
    path = tmp_path / "backup"
    with path.open("wb") as file:
        written = ArchiveWriter(file, "records").close(MADE_AT, KEY, Needed(recordings=[needed], files=[files]))

    assert read_list(path, "records", KEY) == written
    assert written.needed == [files, needed]
    assert unpack(path, tmp_path / "new").seal.decode() == seal_of(written, KEY)


def test_list_of_a_cut_or_changed_archive_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path)
    whole = path.read_bytes()
    with pytest.raises(BackupDamaged, match="no backup of keys"):
        read_list(path, "keys", KEY)
    with pytest.raises(BackupDamaged, match="the keys are not its own"):
        read_list(path, "records", seal_key(b"1" * 32))

    for damaged in (whole[: len(whole) // 2], whole.replace(b'"size":5', b'"size":6'), b"", b"no tar at all"):
        path.write_bytes(damaged)
        with pytest.raises(BackupDamaged, match="cannot be used"):
            read_list(path, "records", KEY)


def test_what_is_appended_while_a_file_is_read_is_left_out(tmp_path: Path) -> None:
    source = tmp_path / "growing"
    source.write_bytes(b"whole")
    with (tmp_path / "backup").open("wb") as file:
        writer = ArchiveWriter(file, "records")
        with source.open("ab") as growing:
            writer.add(source, "growing")
            growing.write(b", and more")
        entries = writer.close(MADE_AT, KEY).entries

    assert [(entry.path, entry.size) for entry in entries] == [("growing", 5)]
    assert restored(tmp_path / "backup", tmp_path / "new").entries == entries


def test_archive_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = archive(tmp_path, {"a": b"a bid", "b": bytes(3000)}).read_bytes()
    seal_ends = whole.index(b"SEAL") + 512 + 64
    cut = tmp_path / "cut"

    for place, length in enumerate([*range(0, seal_ends, 509), seal_ends - 1]):
        cut.write_bytes(whole[:length])
        with pytest.raises(BackupDamaged, match="cannot be used"):
            restored(cut, tmp_path / f"new-{place}")


def test_archive_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    whole = archive(tmp_path, {"a": b"a bid", "b": b"another"}).read_bytes()
    changed = tmp_path / "changed"
    content, listed, sealed = whole.index(b"a bid"), whole.index(b'"made_at"'), whole.index(b"SEAL") + 512

    for place, at in enumerate((0, content, content + 4, listed, listed + 12, sealed, sealed + 63)):
        changed.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BackupDamaged, match="cannot be used"):
            restored(changed, tmp_path / f"new-{place}")


def test_archive_of_another_server_and_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path)

    with pytest.raises(BackupDamaged, match="the keys are not its own"):
        restored(path, tmp_path / "one", seal_key(b"1" * 32))
    with pytest.raises(BackupDamaged, match="no backup of keys"):
        unpack(path, tmp_path / "two").check("keys", KEY)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside"])
def test_file_that_would_land_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupDamaged, match="path that is not allowed"):
        restored(archive(tmp_path, {name: b"x"}), tmp_path / "new")

    assert not (tmp_path / "outside").exists()


def test_link_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w|") as tar:
        link = tarfile.TarInfo("keys")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(link)
    (tmp_path / "backup").write_bytes(data.getvalue())

    with pytest.raises(BackupDamaged, match="no plain file"):
        restored(tmp_path / "backup", tmp_path / "new")


def test_files_that_are_not_those_of_the_list_are_refused(tmp_path: Path) -> None:
    unpacked = unpack(archive(tmp_path), tmp_path / "new")
    unpacked.found["files/r1/b"] = Entry("files/r1/b", 0, "0" * 64)

    with pytest.raises(BackupDamaged, match="not those of its list"):
        unpacked.check("records", KEY)
