"""A sealed archive: a tar of files, at its end the list of them with their digests, and a seal over that list.

Anyone can look into it with `tar`; only who holds the master key can make one that is taken. What is cut off lacks the
seal, what is changed differs from the list, and a list that was changed does not fit the seal.
"""

import hashlib
import hmac
import os
import tarfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Final, Literal

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from server.backup.errors import BackupDamaged
from server.domain.ids import Millis, RoomId

FORMAT: Final = "lianping-backup-1"
LIST: Final = "LIST.json"
SEAL: Final = "SEAL"
CHUNK_BYTES: Final = 1 << 20
MAX_LIST_BYTES: Final = 1 << 28
"Two million files."

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600

Kind = Literal["records", "keys", "recordings", "files"]


class Entry(Struct, frozen=True):
    """One file."""

    path: str
    "Below the data folder, with slashes."
    size: int
    sha256: str


class Newest(Struct, frozen=True, array_like=True):
    """The piece with the highest number of a track, as it lies in the data folder."""

    number: int
    size: int
    changed_at: int
    "Whole seconds since 1970 UTC."


class RoomArchive(Struct, frozen=True, kw_only=True):
    """An archive of one room's recordings, as an archive of records names it."""

    name: str
    "Of its file, which lies beside the records."
    room: RoomId
    size: int
    seal: str
    newest: dict[str, Newest]
    "Of each track of which there are pieces in it, by the track's folder."


class FileArchive(Struct, frozen=True, kw_only=True):
    """An archive of files of one room, as an archive of records names it."""

    name: str
    "Of its file, which lies beside the records."
    room: RoomId
    size: int
    seal: str
    files: list[str]
    "By their names in the room's folder, which are the digests of what they hold."


class Contents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The list at the end of an archive."""

    format: str = FORMAT
    kind: Kind
    made_at: Millis
    entries: list[Entry]
    recordings: list[RoomArchive] = []
    files: list[FileArchive] = []

    @property
    def needed(self) -> list[RoomArchive | FileArchive]:
        """The archives that records need besides."""
        return [*self.files, *self.recordings]


class Needed(Struct, frozen=True, kw_only=True):
    """The archives that records need besides."""

    recordings: Sequence[RoomArchive] = ()
    files: Sequence[FileArchive] = ()


NOTHING: Final = Needed()


def seal_key(master_key: bytes) -> bytes:
    """What archives are sealed with."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lianping-backup-v1").derive(master_key)


class ArchiveWriter:
    """Adds files to an archive; without `close` it has no seal and is of no use."""

    def __init__(self, file: IO[bytes], kind: Kind) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w:", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - `close` ends it
        self._kind: Kind = kind
        self._entries: list[Entry] = []

    def add(self, path: Path, name: str) -> None:
        """Add a file as long as it is now; what is appended meanwhile is left out.

        Raises:
            FileNotFoundError: it is gone; nothing was added.
        """
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            hashing = _Hashing(file)
            self._tar.addfile(_header(name, status.st_size, int(status.st_mtime)), hashing)
        self._entries.append(Entry(name, status.st_size, hashing.digest.hexdigest()))

    def close(self, made_at: Millis, key: bytes, needed: Needed = NOTHING) -> Contents:
        """Write list and seal."""
        contents = Contents(
            kind=self._kind,
            made_at=made_at,
            entries=self._entries,
            recordings=list(needed.recordings),
            files=list(needed.files),
        )
        listed = msgspec.json.encode(contents)
        for name, data in ((LIST, listed), (SEAL, _seal(listed, key))):
            self._tar.addfile(_header(name, len(data), made_at // 1000), BytesIO(data))
        self._tar.close()
        return contents


class Unpacked(Struct, frozen=True, kw_only=True):
    """What came out of an archive, not judged yet."""

    source: Path
    listed: bytes
    seal: bytes
    found: dict[str, Entry]

    def check(self, kind: Kind, key: bytes) -> Contents:
        """The list, which is that of what came out.

        Raises:
            BackupDamaged: it is not.
        """
        contents = _sealed_list(self.source, self.listed, self.seal, kind, key)
        if {entry.path: entry for entry in contents.entries} != self.found:
            raise BackupDamaged(self.source, "其中的文件与清单不符", "its files are not those of its list")
        return contents


def unpack(source: Path, folder: Path) -> Unpacked:
    """Write the files of an archive below a folder that is thrown away if `check` refuses.

    Raises:
        BackupDamaged: it is cut off, or no archive of ours.
    """
    ends: dict[str, bytes] = {}
    found: dict[str, Entry] = {}
    try:
        with tarfile.open(source, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or (member.name in (LIST, SEAL) and member.size > MAX_LIST_BYTES):
                    raise BackupDamaged(source, f"{member.name} 不是普通文件", f"{member.name} is no plain file")
                if member.name in (LIST, SEAL):
                    ends[member.name] = content.read()
                else:
                    found[member.name] = _write(content, member, folder / _safe(member.name, source))
    except (tarfile.TarError, EOFError, FileExistsError) as error:
        raise BackupDamaged(source, "它被截断或损坏", f"it is cut off or damaged ({error})") from error
    _demand_ends(source, ends)
    return Unpacked(source=source, listed=ends[LIST], seal=ends[SEAL], found=found)


def read_list(source: Path, kind: Kind, key: bytes) -> Contents:
    """What an archive says that it holds; the files before the list are passed over.

    Raises:
        BackupDamaged: it is cut off, of another kind or server, or no archive of ours.
        OSError: it cannot be read.
    """
    ends: dict[str, bytes] = {}
    try:
        with tarfile.open(source, mode="r:") as tar:
            for member in tar:
                if member.name in (LIST, SEAL) and member.size <= MAX_LIST_BYTES and (file := tar.extractfile(member)):
                    ends[member.name] = file.read()
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged(source, "它被截断或损坏", f"it is cut off or damaged ({error})") from error
    _demand_ends(source, ends)
    return _sealed_list(source, ends[LIST], ends[SEAL], kind, key)


def _demand_ends(source: Path, ends: Mapping[str, bytes]) -> None:
    if ends.keys() != {LIST, SEAL}:
        raise BackupDamaged(source, "它被截断，缺少结尾的封签", "it is cut off: the seal at its end is missing")


def _sealed_list(source: Path, listed: bytes, seal: bytes, kind: Kind, key: bytes) -> Contents:
    if not hmac.compare_digest(seal, _seal(listed, key)):
        raise BackupDamaged(
            source, "它被改动过，或与密钥备份不属于同一服务器", "it was changed, or the keys are not its own"
        )
    contents = msgspec.json.decode(listed, type=Contents)
    if (contents.format, contents.kind) != (FORMAT, kind):
        raise BackupDamaged(source, f"它不是 {kind} 备份", f"it is no backup of {kind}")
    return contents


def seal_of(contents: Contents, key: bytes) -> str:
    """The seal at the end of the archive with this list."""
    return _seal(msgspec.json.encode(contents), key).decode()


def _safe(name: str, source: Path) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise BackupDamaged(source, f"其中有不允许的路径 {name}", f"it holds a path that is not allowed: {name}")
    return Path(path)


def _write(content: IO[bytes], member: tarfile.TarInfo, path: Path) -> Entry:
    for folder in reversed(path.parents):  # `parents=True` would give the mode to the last one alone
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        while chunk := content.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    os.utime(path, (member.mtime, member.mtime))  # by which the next backup knows a piece again
    return Entry(member.name, size, digest.hexdigest())


def _header(name: str, size: int, changed_at: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size = size
    header.mtime = changed_at
    header.mode = FILE_MODE
    return header


def _seal(listed: bytes, key: bytes) -> bytes:
    return hmac.digest(key, listed, hashlib.sha256).hex().encode()


class _Hashing:
    """A file that is digested as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data
