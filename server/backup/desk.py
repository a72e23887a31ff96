"""`lianping backup` and `lianping restore`: archives of a data folder, and the folder made of them again."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

from server.auth.private_files import read_private_file
from server.backup.archive import (
    NOTHING,
    ArchiveWriter,
    Contents,
    FileArchive,
    Kind,
    Needed,
    RoomArchive,
    seal_key,
    seal_of,
    unpack,
)
from server.backup.data_folder import (
    FILES,
    RECORDINGS,
    copy_store,
    record_files,
    require_data,
    secret_files,
    store_files,
)
from server.backup.errors import BackupDamaged, FolderNotEmpty, NotEnoughSpace, StoreElsewhere
from server.backup.room_archives import Chain, chains
from server.backup.room_files import FileChain, file_chains
from server.backup.shelf import DAY_MS, DRAFT, Shelf, alone, sweep
from server.domain.ids import Millis
from server.settings import Settings
from server.store.piece_files import free_bytes
from server.store.recording_keys import RecordingKeys

MASTER_KEY = Path("keys") / "master.key"
PER_FILE_BYTES: Final = 1536
"At most, in an archive: head, filling, and its line in the list."

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Backup(Struct, frozen=True, kw_only=True):
    """Archives that belong together."""

    records: Path
    "Rooms and files: encrypted as they are at rest, all but the names of files."
    keys: Path
    "What opens the records and recordings, and what the server signs with."
    recordings: list[Path]
    "Written now, sealed as they are at rest; those of before are named in the records."
    room_files: list[Path]
    "Bids and documents, likewise."
    made_at: Millis
    files: int
    size: int
    "Bytes of what was written."
    taken_away: list[Path]
    "Records of older backups that are gone, with what belonged to them alone."


def make_backup(
    settings: Settings,
    folder: Path,
    keys_folder: Path,
    made_at: Millis,
    *,
    keep_days: int | None = None,
    free: Callable[[Path], int] = free_bytes,
) -> Backup:
    """Write the archives; the server may run meanwhile.

    Args:
        settings: tell where the data lie.
        folder: takes records, recordings and files of rooms.
        keys_folder: takes the keys.
        made_at: now.
        keep_days: older backups are taken away, and where the disk is too full younger ones; none stays untouched.
        free: bytes that the disk of a folder takes.

    Raises:
        StoreElsewhere, NothingToBackUp, StoreBusy, BackupRunning, NotEnoughSpace: nothing was written.
        OSError: a folder cannot be written to.
    """
    if settings.redis_url is not None:
        raise StoreElsewhere
    data = settings.data
    require_data(data)
    key = seal_key(read_private_file(data / MASTER_KEY))
    for each in (folder, keys_folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(folder):
        sweep(folder)
        sweep(keys_folder)
        shelf = Shelf(folder, keys_folder, key)
        taken_away = [] if keep_days is None else shelf.expire(Millis(made_at - keep_days * DAY_MS))
        needed = _needed(data, _chains(data, shelf), file_chains(data, shelf.saved_files()))
        if keep_days is None:
            shelf.demand(needed, free)
        else:
            taken_away += shelf.make_room(needed, free)
        with _told_when_full(folder, needed, free), _Drafts(made_at, key) as drafts:
            return _write(data, shelf, drafts, taken_away)


def _chains(data: Path, shelf: Shelf) -> list[Chain]:
    notes = RecordingKeys(data / "keys" / "recordings")
    return chains(data, shelf.saved(), lambda room: notes.note_of(room) is not None)


def _needed(data: Path, recorded: Iterable[Chain], filed: Iterable[FileChain]) -> int:
    """Bytes that a backup takes at most; the store's files twice, which are copied first."""
    store = [*store_files(data)]
    files = (path for path, _ in (*record_files(data), *secret_files(data)))
    fresh = (path for chain in filed for path in chain.fresh)
    sizes = [_size(path) for path in (*store, *store, *files, *fresh)]
    pieces = [piece.newest.size for chain in recorded for piece in chain.pieces]
    return sum(sizes) + sum(pieces) + PER_FILE_BYTES * (len(sizes) + len(pieces))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # the store has just replaced it
        return 0


@contextmanager
def _told_when_full(folder: Path, needed: int, free: Callable[[Path], int]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NotEnoughSpace(folder, needed, free(folder)) from error


class _Drafts:
    """Archives that get their names together, once all are whole; else none does."""

    def __init__(self, made_at: Millis, key: bytes) -> None:
        self.made_at = made_at
        self.key = key
        self._drafts: list[tuple[Path, Path]] = []

    def __enter__(self) -> "_Drafts":
        return self

    def __exit__(self, *_: object) -> None:
        for draft, _path in self._drafts:
            draft.unlink(missing_ok=True)

    def write(self, path: Path, kind: Kind, files: Iterable[tuple[Path, str]], needed: Needed = NOTHING) -> Contents:
        """An archive, still without its name."""
        descriptor, draft = tempfile.mkstemp(prefix=DRAFT, dir=path.parent)
        self._drafts.append((Path(draft), path))
        with os.fdopen(descriptor, "wb") as file:
            writer = ArchiveWriter(file, kind)
            for each, name in files:
                with suppress(FileNotFoundError):  # a draft that was renamed or dropped meanwhile
                    writer.add(each, name)
            contents = writer.close(self.made_at, self.key, needed)
            file.flush()
            os.fsync(file.fileno())
        return contents

    def size_of(self, path: Path) -> int:
        """Bytes of what will lie there."""
        return next(draft.stat().st_size for draft, there in self._drafts if there == path)

    def name(self) -> None:
        """Give all their names, in the order in which they were written."""
        for draft, path in self._drafts:
            draft.replace(path)
            _sync(path.parent)


def _write(data: Path, shelf: Shelf, drafts: _Drafts, taken_away: list[Path]) -> Backup:
    records, keys = shelf.places(drafts.made_at)
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=records.parent) as spare:
        store = list(copy_store(data, Path(spare) / "store"))  # first: what it names was there before
        recorded, filed = _chains(data, shelf), file_chains(data, shelf.saved_files())
        added = [_add(chain, shelf, drafts) for chain in recorded if chain.pieces]
        added_files = [_add_files(chain, shelf, drafts) for chain in filed if chain.fresh]
        of_keys = drafts.write(keys, "keys", secret_files(data))
        needed = Needed(
            recordings=[
                *(archive for chain in recorded for archive in chain.saved),
                *(archive for archive, _ in added),
            ],
            files=[*(archive for chain in filed for archive in chain.saved), *(archive for archive, _ in added_files)],
        )
        of_records = drafts.write(records, "records", [*store, *record_files(data)], needed)
        drafts.name()
    of_rooms = [contents for _, contents in (*added, *added_files)]
    recordings = [records.parent / archive.name for archive, _ in added]
    room_files = [records.parent / archive.name for archive, _ in added_files]
    return Backup(
        records=records,
        keys=keys,
        recordings=recordings,
        room_files=room_files,
        made_at=drafts.made_at,
        files=sum(len(each.entries) for each in (of_records, of_keys, *of_rooms)),
        size=sum(path.stat().st_size for path in (records, keys, *recordings, *room_files)),
        taken_away=taken_away,
    )


def _add(chain: Chain, shelf: Shelf, drafts: _Drafts) -> tuple[RoomArchive, Contents]:
    """A room's new pieces in an archive of their own."""
    path = shelf.place(chain.room, "recordings", drafts.made_at)
    files = ((each.path, f"{RECORDINGS}/{chain.room}/{each.track}/{each.path.name}") for each in chain.pieces)
    contents = drafts.write(path, "recordings", files)
    seal = seal_of(contents, drafts.key)
    archive = RoomArchive(name=path.name, room=chain.room, size=drafts.size_of(path), seal=seal, newest=chain.newest())
    return archive, contents


def _add_files(chain: FileChain, shelf: Shelf, drafts: _Drafts) -> tuple[FileArchive, Contents]:
    """A room's new files in an archive of their own."""
    path = shelf.place(chain.room, "files", drafts.made_at)
    contents = drafts.write(path, "files", ((each, f"{FILES}/{chain.room}/{each.name}") for each in chain.fresh))
    archive = FileArchive(
        name=path.name,
        room=chain.room,
        size=drafts.size_of(path),
        seal=seal_of(contents, drafts.key),
        files=[Path(entry.path).name for entry in contents.entries],
    )
    return archive, contents


def refuse(damaged: BackupDamaged) -> None:
    """Let no archive be left out."""
    raise damaged


def restore_backup(
    settings: Settings, records: Path, keys: Path, left_out: Callable[[BackupDamaged], None] = refuse
) -> Contents:
    """Make the data folder of the archives: whole, or not at all.

    Args:
        settings: tell where the data go.
        records: the recordings and files of rooms that they name lie beside them.
        keys: those of the same backup.
        left_out: is told of archives of these that are missing or damaged; unless it raises, the others are restored.

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
        for archive in contents.needed:
            try:
                _restore_besides(records.parent / archive.name, archive, new, key)
            except BackupDamaged as damaged:
                left_out(damaged)
        new.rename(data)  # replaces an empty folder, never a filled one
        _sync(data.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return contents


def _restore_besides(path: Path, archive: RoomArchive | FileArchive, new: Path, key: bytes) -> None:
    """Unpack an archive that records need; what came out stays even where the rest is damaged: each file is sealed.

    Raises:
        BackupDamaged: it is missing, or not the one that the records name.
    """
    if not path.is_file():
        raise BackupDamaged(
            path, "记录备份引用了它，但它不在同一目录中", "the records name it, and it is not beside them"
        )
    unpacked = unpack(path, new)
    unpacked.check("recordings" if isinstance(archive, RoomArchive) else "files", key)
    if unpacked.seal.decode() != archive.seal:
        raise BackupDamaged(path, "它不是记录备份引用的那一份", "it is not the one that the records name")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
