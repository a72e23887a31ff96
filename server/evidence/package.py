"""The package of a room: one file that a stranger can check without us.

A zip archive whose bytes follow from its contents: stored, not compressed, in a fixed order, with a fixed date. So a
changed byte is found wherever it stands, in the archive's own tables too.

```text
README.txt             how to check it, with common tools
lines.jsonl            the record: one event a line, each line a leaf of the tree
checkpoints/<size>.txt signed heads with their cosignatures
certificates/          each venue's issuing certificate, out of the first line
reports/               each version of each lot's report as it was signed last, and how its signing ended
recordings-destroyed.txt   where they were: who destroyed the room's recordings, when and why
SHA256SUMS             of the files above, for `sha256sum -c`
```
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from server.domain.errors import Rejection
from server.domain.events import RoomOpened
from server.domain.lines import LineUnknown, parse_line
from server.evidence.venue_certificates import certificate_files

LINES: Final = "lines.jsonl"
README: Final = "README.txt"
SUMS: Final = "SHA256SUMS"
CHECKPOINTS: Final = "checkpoints/"

SIZE_LIMIT: Final = 128 * 1024 * 1024
"Bytes of a package, and of all its files unpacked: it is read into memory at once. A sitting has some hundred kB."
FILE_LIMIT: Final = 100_000
"Files; a checkpoint a second makes 21 600 in six hours."

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
"How each entry of the central directory begins; no line holds such a control character."
_LOCAL_HEADER_SIZE: Final = 30
_NAME_SIZE_AT: Final = 26
"In a local file header. Source: APPNOTE 6.3, 4.3.7."
_ENCRYPTED: Final = 0x1
"Bit of the general purpose flags. Source: APPNOTE 6.3, 4.4.4."
_DAMAGE: Final = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, OSError, struct.error, zlib.error)
"What `zipfile` and `zlib` raise over bytes that are no archive."


class PackageUnreadable(Rejection):
    """The bytes are no package."""

    code = "package_unreadable"
    sentence = "This is no package of a room: {why}."


@cache
def readme_text() -> bytes:
    """The explanation that goes into every package."""
    return files("server.evidence").joinpath("package_readme.txt").read_bytes()


def write_package(
    lines: Sequence[bytes], checkpoints: Mapping[int, str], more: Mapping[str, bytes] | None = None
) -> bytes:
    """The package of a record, with its report files and notes by name; the same bytes for the same record."""
    contents = {
        README: readme_text(),
        LINES: b"".join(line + b"\n" for line in lines),
        **{f"{CHECKPOINTS}{size}.txt": note.encode() for size, note in checkpoints.items()},
        **_certificates(lines[:1]),
        **(more or {}),
    }
    return with_digests(contents)


def _certificates(first: Sequence[bytes]) -> dict[str, bytes]:
    """The venues' certificates out of the first line; none where it opens no room."""
    try:
        events = [parse_line(line).event for line in first]
    except LineUnknown:
        return {}
    return certificate_files(events[0]) if events and isinstance(events[0], RoomOpened) else {}


def with_digests(contents: Mapping[str, bytes]) -> bytes:
    """The archive of these files and of their digests, computed anew."""
    return archive({**contents, SUMS: digest_list(contents)})


def digest_list(contents: Mapping[str, bytes]) -> bytes:
    """What `SHA256SUMS` says of these files, itself left out."""
    listed = [name for name in _in_order(contents) if name != SUMS]
    return "".join(f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in listed).encode()


def archive(contents: Mapping[str, bytes]) -> bytes:
    """The one archive with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for name in _in_order(contents):
            entry = zipfile.ZipInfo(name, date_time=_DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, contents[name])
    return buffer.getvalue()


def _in_order(contents: Mapping[str, bytes]) -> list[str]:
    """The names as they follow in the archive; the checkpoints by their size."""
    ranks = {README: 0, LINES: 1, SUMS: 3}
    return sorted(contents, key=lambda name: (ranks.get(name, 2), len(name), name))


def read_package(data: bytes) -> dict[str, bytes]:
    """The files of a package; whether they are sound is not judged here.

    One that was unpacked and compressed by another program is read too: a change must be found where it is.

    Raises:
        PackageUnreadable: no archive, a damaged or excessive one, or one without a record.
    """
    if len(data) > SIZE_LIMIT:
        raise PackageUnreadable(why=f"it has more than {SIZE_LIMIT} bytes")
    if data.count(_DIRECTORY_ENTRY) > FILE_LIMIT:
        raise PackageUnreadable(why=f"it has more than {FILE_LIMIT} files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            entries = source.infolist()
        _demand_honest_sizes(entries, len(data))
        contents = {entry.filename: _content(data, entry) for entry in entries}
    except _DAMAGE as error:
        raise PackageUnreadable(why=str(error)) from error
    if LINES not in contents:
        raise PackageUnreadable(why=f"there is no {LINES} in it")
    return contents


def _demand_honest_sizes(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse files that overlap, and those that would fill the memory."""
    if sum(entry.compress_size for entry in entries) > size:
        raise PackageUnreadable(why="its files claim more bytes than it has")
    if sum(entry.file_size for entry in entries) > SIZE_LIMIT:
        raise PackageUnreadable(why=f"its files would have more than {SIZE_LIMIT} bytes")


def _content(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """A file's bytes as they stand, without regard to its checksum."""
    if entry.flag_bits & _ENCRYPTED:
        raise PackageUnreadable(why=f"{entry.filename} is encrypted")
    name_size, extra_size = struct.unpack_from("<HH", data, entry.header_offset + _NAME_SIZE_AT)
    start = entry.header_offset + _LOCAL_HEADER_SIZE + name_size + extra_size
    packed = data[start : start + entry.compress_size]
    match entry.compress_type:
        case zipfile.ZIP_STORED:
            return packed
        case zipfile.ZIP_DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
        case _:
            raise PackageUnreadable(why=f"{entry.filename} is compressed in an unusual way")
