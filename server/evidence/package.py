"""The package of a room: one file that a stranger can check without us.

A zip archive whose bytes follow from its contents: stored, not compressed, in a fixed order, with a fixed date. So a
changed byte is found wherever it stands, in the archive's own tables too.

```text
README.txt             how to check it, with common tools
lines.jsonl            the record: one event a line, each line a leaf of the tree
checkpoints/<size>.txt signed heads with their cosignatures
SHA256SUMS             of the files above, for `sha256sum -c`
```
"""

import hashlib
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Final

from server.domain.errors import Rejection

LINES: Final = "lines.jsonl"
README: Final = "README.txt"
SUMS: Final = "SHA256SUMS"
CHECKPOINTS: Final = "checkpoints/"

SIZE_LIMIT: Final = 512 * 1024 * 1024
"Bytes of a package that is read into memory at once."

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER_SIZE: Final = 30
_NAME_SIZE_AT: Final = 26
"In a local file header. Source: APPNOTE 6.3, 4.3.7."


class PackageUnreadable(Rejection):
    """The bytes are no package."""

    code = "package_unreadable"
    sentence = "This is no package of a room: {why}."


def write_package(lines: Sequence[bytes], checkpoints: Mapping[int, str]) -> bytes:
    """The package of a record; the same bytes for the same record."""
    contents = {
        README: files("server.evidence").joinpath("package_readme.txt").read_bytes(),
        LINES: b"".join(line + b"\n" for line in lines),
        **{f"{CHECKPOINTS}{size}.txt": note.encode() for size, note in sorted(checkpoints.items())},
    }
    return with_digests(contents)


def with_digests(contents: Mapping[str, bytes]) -> bytes:
    """The archive of these files and of their digests, computed anew."""
    listed = {name: data for name, data in contents.items() if name != SUMS}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in listed.items())
    return archive({**listed, SUMS: sums.encode()})


def archive(contents: Mapping[str, bytes]) -> bytes:
    """The one archive with these files in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, date_time=_DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data)
    return buffer.getvalue()


def read_package(data: bytes) -> dict[str, bytes]:
    """The files of a package, in their order; whether they are sound is not judged here.

    Raises:
        PackageUnreadable: no archive, a damaged one, or one without a record.
    """
    if len(data) > SIZE_LIMIT:
        raise PackageUnreadable(why=f"it has more than {SIZE_LIMIT} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            entries = source.infolist()
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise PackageUnreadable(why="a file in it is compressed")
            contents = {entry.filename: _stored(data, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as error:
        raise PackageUnreadable(why=str(error)) from error
    if LINES not in contents:
        raise PackageUnreadable(why=f"there is no {LINES} in it")
    return contents


def _stored(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """A file's bytes as they stand, without regard to its checksum: a change must be found where it is."""
    name_size, extra_size = struct.unpack_from("<HH", data, entry.header_offset + _NAME_SIZE_AT)
    start = entry.header_offset + _LOCAL_HEADER_SIZE + name_size + extra_size
    return data[start : start + entry.file_size]
