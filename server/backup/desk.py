"""`lianping backup` and `lianping restore`: two archives of a data folder, and the folder made of them again."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from server.auth.private_files import read_private_file
from server.backup.archive import ArchiveWriter, Contents, Kind, seal_key, unpack
from server.backup.data_folder import copy_store, record_files, require_data, secret_files
from server.backup.errors import BackupDamaged, FolderNotEmpty, StoreElsewhere
from server.domain.ids import Millis
from server.settings import Settings

MASTER_KEY = Path("keys") / "master.key"


class Backup(Struct, frozen=True, kw_only=True):
    """Two archives that belong together."""

    records: Path
    "Rooms, files and recordings: encrypted as they are at rest, all but the names of files."
    keys: Path
    "What opens the records, and what the server signs with."
    made_at: Millis
    files: int
    size: int
    "Bytes of both."


def make_backup(settings: Settings, folder: Path, keys_folder: Path, made_at: Millis) -> Backup:
    """Write both archives; the server may run meanwhile.

    Raises:
        StoreElsewhere, NothingToBackUp, StoreBusy: nothing was written.
        OSError: a folder cannot be written to.
    """
    if settings.redis_url is not None:
        raise StoreElsewhere
    data = settings.data
    require_data(data)
    stamp = datetime.fromtimestamp(made_at / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    records, keys = folder / f"lianping-{stamp}.records", keys_folder / f"lianping-{stamp}.keys"
    key = seal_key(read_private_file(data / MASTER_KEY))
    for each in (folder, keys_folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".lianping-", dir=folder) as spare:
        store = list(copy_store(data, Path(spare) / "store"))  # first: what it names was there before
        contents = [
            _write(records, "records", [*store, *record_files(data)], made_at, key),
            _write(keys, "keys", secret_files(data), made_at, key),
        ]
    return Backup(
        records=records,
        keys=keys,
        made_at=made_at,
        files=sum(len(each.entries) for each in contents),
        size=records.stat().st_size + keys.stat().st_size,
    )


def _write(path: Path, kind: Kind, files: Iterable[tuple[Path, str]], made_at: Millis, key: bytes) -> Contents:
    """The archive at its place, whole or not at all."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            writer = ArchiveWriter(file, kind)
            for each, name in files:
                with suppress(FileNotFoundError):  # a draft that was renamed or dropped meanwhile
                    writer.add(each, name)
            contents = writer.close(made_at, key)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
        _sync(path.parent)
    finally:
        Path(draft).unlink(missing_ok=True)
    return contents


def restore_backup(settings: Settings, records: Path, keys: Path) -> Contents:
    """Make the data folder of both archives: whole, or not at all.

    Raises:
        BackupDamaged: cut off, changed, or not of one server.
        FolderNotEmpty: there is something in the data folder.
        OSError: an archive cannot be read, or the folder not written.
    """
    data = settings.data.absolute()
    if data.exists() and any(data.iterdir()):
        raise FolderNotEmpty(data)
    data.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    try:
        unpacked_keys = unpack(keys, new)
        if not (new / MASTER_KEY).exists():
            raise BackupDamaged(keys, "其中没有主密钥", "it holds no master key")
        key = seal_key((new / MASTER_KEY).read_bytes())
        unpacked_keys.check("keys", key)
        contents = unpack(records, new).check("records", key)
        new.rename(data)  # replaces an empty folder, never a filled one
        _sync(data.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return contents


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
