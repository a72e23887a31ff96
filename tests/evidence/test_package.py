"""The archive, written and read; what is no archive, or one made to harm; and common tools as second readers."""

import hashlib
import io
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence import package
from server.evidence.package import (
    LINES,
    README,
    SUMS,
    PackageUnreadable,
    archive,
    digest_list,
    read_package,
    readme_text,
    with_digests,
    write_package,
)

RECORD = [b'{"seq":0}', b'{"seq":1}']
NOTES = {2: "two\n", 10: "ten\n", 9: "nine\n"}
NAMES = [README, LINES, "checkpoints/2.txt", "checkpoints/9.txt", "checkpoints/10.txt", SUMS]
PACKAGE = write_package(RECORD, NOTES)

CENTRAL = PACKAGE.index(b"PK\x01\x02")
END = PACKAGE.index(b"PK\x05\x06")
CENTRAL_FLAGS, CENTRAL_METHOD, CENTRAL_PACKED, CENTRAL_SIZE, CENTRAL_OFFSET = 8, 10, 20, 24, 42
"Where fields of a central directory entry stand. Source: APPNOTE 6.3, 4.3.12."


def patched(offset: int, form: str, value: int) -> bytes:
    """The package with one number of its tables replaced."""
    data = bytearray(PACKAGE)
    struct.pack_into(form, data, offset, value)
    return bytes(data)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return buffer.getvalue()


def why_unreadable(data: bytes) -> str:
    with pytest.raises(PackageUnreadable) as caught:
        read_package(data)
    return str(caught.value).removeprefix("This is no package of a room: ")


def test_package_holds_the_record_the_heads_and_how_to_check_them() -> None:
    contents = read_package(PACKAGE)

    assert list(contents) == NAMES
    assert contents[README] == readme_text()
    assert contents[LINES] == b'{"seq":0}\n{"seq":1}\n'
    assert contents["checkpoints/10.txt"] == b"ten\n"
    assert contents[SUMS] == digest_list(contents)


def test_package_follows_from_its_record_whatever_the_order_it_is_told_in() -> None:
    contents = read_package(PACKAGE)
    backwards = dict(reversed(contents.items()))

    assert write_package(RECORD, dict(sorted(NOTES.items()))) == PACKAGE
    assert with_digests(backwards) == PACKAGE
    assert archive(backwards) == PACKAGE


def test_digests_are_those_that_sha256sum_writes() -> None:
    contents = {"b": b"2", "a": b"1", SUMS: b"old"}

    listed = digest_list(contents)

    one, two = hashlib.sha256(b"1").hexdigest(), hashlib.sha256(b"2").hexdigest()
    assert listed == f"{one}  a\n{two}  b\n".encode()


def test_compressed_copy_gives_the_same_files() -> None:
    assert read_package(zipped(read_package(PACKAGE), zipfile.ZIP_DEFLATED)) == read_package(PACKAGE)


def test_unzip_and_sha256sum_check_a_package_as_its_readme_says(tmp_path: Path) -> None:
    (tmp_path / "THIS-FILE").write_bytes(PACKAGE)
    (command,) = [line.strip() for line in readme_text().decode().splitlines() if "sha256sum -c" in line]

    run = subprocess.run(["bash", "-euc", command], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert run.stdout.endswith("".join(f"{name}: OK\n" for name in NAMES[:-1]))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "File is not a zip file."),
        (b"no archive at all", "File is not a zip file."),
        (PACKAGE[:-1], "File is not a zip file."),
        (zipped({README: b""}), "there is no lines.jsonl in it."),
        (zipped({LINES: b"x"}, zipfile.ZIP_BZIP2), "lines.jsonl is compressed in an unusual way."),
        (patched(CENTRAL + CENTRAL_FLAGS, "<H", 1), "README.txt is encrypted."),
        (patched(CENTRAL + CENTRAL_PACKED, "<I", 2**31), "its files claim more bytes than it has."),
        (patched(CENTRAL + CENTRAL_SIZE, "<I", 2**31), "its files would have more than 134217728 bytes."),
    ],
)
def test_what_is_no_package_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    assert why_unreadable(data) == why


@pytest.mark.parametrize(
    "data",
    [
        patched(CENTRAL + CENTRAL_METHOD, "<H", zipfile.ZIP_DEFLATED),
        patched(CENTRAL + CENTRAL_OFFSET, "<I", 2**32 - 2),
        patched(END + 16, "<I", 0),
        patched(END + 12, "<I", 7),
        zipped({LINES: b"x"}).replace(b"lines.jsonl", b"\xff" * 11),
    ],
)
def test_damaged_tables_are_refused(data: bytes) -> None:
    assert why_unreadable(data)


def test_zip64_offsets_beyond_memory_are_refused() -> None:
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, 2**63, 1)

    assert why_unreadable(PACKAGE[:END] + locator + PACKAGE[END:])


def test_zip64_field_is_read_as_what_it_says() -> None:
    """A size of 2^32 - 1 sends the reader to the extra field, which is not there."""
    assert why_unreadable(patched(CENTRAL + CENTRAL_SIZE, "<I", 2**32 - 1))


def test_bomb_of_zeros_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({LINES: bytes(package.SIZE_LIMIT + 1)}, zipfile.ZIP_DEFLATED)

    assert len(bomb) < 200_000
    assert why_unreadable(bomb) == "its files would have more than 134217728 bytes."


def test_bomb_that_lies_about_its_size_is_cut_at_the_size_it_claims() -> None:
    bomb = bytearray(zipped({LINES: bytes(10_000_000)}, zipfile.ZIP_DEFLATED))
    struct.pack_into("<I", bomb, bomb.index(b"PK\x01\x02") + CENTRAL_SIZE, 99)

    assert read_package(bytes(bomb)) == {LINES: bytes(100)}


def test_files_that_overlap_are_refused() -> None:
    """A thousand names for one large file."""
    data = bytearray(zipped({LINES: bytes(10_000), **{f"{number:04}": b"" for number in range(1000)}}))
    entry = data.index(b"PK\x01\x02")
    for _ in range(1000):
        entry = data.index(b"PK\x01\x02", entry + 1)
        struct.pack_into("<II", data, entry + CENTRAL_PACKED, 10_000, 10_000)

    assert why_unreadable(bytes(data)) == "its files claim more bytes than it has."


def test_too_many_files_are_refused_before_they_are_listed() -> None:
    assert why_unreadable(b"PK\x01\x02" * (package.FILE_LIMIT + 1)) == "it has more than 100000 files."


def test_more_bytes_than_are_read_at_once_are_refused() -> None:
    assert why_unreadable(bytes(package.SIZE_LIMIT + 1)) == "it has more than 134217728 bytes."


@given(st.binary(max_size=300))
def test_rubbish_is_never_more_than_unreadable(data: bytes) -> None:
    assert why_unreadable(data)


@given(st.data())
def test_tables_of_any_content_are_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(PACKAGE)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(CENTRAL, len(PACKAGE) - 1))
        changed[place] = data.draw(st.integers(0, 255))

    outcome = _attempt(lambda: read_package(bytes(changed)))

    assert outcome is None or archive(outcome) != bytes(changed) or bytes(changed) == PACKAGE


def _attempt(read: Callable[[], dict[str, bytes]]) -> dict[str, bytes] | None:
    try:
        return read()
    except PackageUnreadable:
        return None
