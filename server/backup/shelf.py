"""The folders in which the backups of a server lie: which there are, which may go, and whether another one fits.

A backup is `lianping-<time>.records` with its `lianping-<time>.keys`; the recordings and files of rooms that its
records name lie beside them, `lianping-<room>-<time>.recordings` and `.files`, and belong to every backup that names
them. The newest backup that is whole is never taken away.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from msgspec import Struct

from server.backup.archive import Contents, FileArchive, Kind, RoomArchive, read_list
from server.backup.errors import BackupDamaged, BackupRunning, NotEnoughSpace
from server.domain.ids import Millis, RoomId

LEFT_FREE_BYTES: Final = 2 << 30
"For rooms that are recorded to the same disk meanwhile: they pause when it is nearly full."
DAY_MS: Final = 86_400_000
DRAFT: Final = ".lianping-"
"How names of files begin that are not whole yet."

_TIME: Final = "%Y%m%dT%H%M%SZ"
_NAMED: Final = re.compile(r"lianping-(\d{8}T\d{6}Z)\.(?:records|keys)")


AnyArchive = TypeVar("AnyArchive", RoomArchive, FileArchive)


class Kept(Struct, frozen=True):
    """One backup."""

    records: Path
    made_at: Millis
    contents: Contents | None
    "None where the records are damaged, or of another server."


class Shelf:
    """The backups in two folders, which may be one.

    Args:
        folder: of records, recordings and files.
        keys_folder: of the keys.
        key: what the server's archives are sealed with.
    """

    def __init__(self, folder: Path, keys_folder: Path, key: bytes) -> None:
        self._folder = folder
        self._keys_folder = keys_folder
        self._kept = [_kept(path, at, key) for path, at in _dated(folder) if path.suffix == ".records"]

    def places(self, made_at: Millis) -> tuple[Path, Path]:
        """Where records and keys of a backup go."""
        stamp = _stamp(made_at)
        return self._folder / f"lianping-{stamp}.records", self._keys_folder / f"lianping-{stamp}.keys"

    def place(self, room: RoomId, kind: Kind, made_at: Millis) -> Path:
        """Where recordings or files of a room go."""
        return self._folder / f"lianping-{room}-{_stamp(made_at)}.{kind}"

    def saved(self) -> list[RoomArchive]:
        """The recordings that the last whole backup names, of rooms all of whose archives are there."""
        return self._of_whole_rooms(self._last.recordings if self._last else [])

    def saved_files(self) -> list[FileArchive]:
        """The files that the last whole backup names, of rooms all of whose archives are there."""
        return self._of_whole_rooms(self._last.files if self._last else [])

    @property
    def _last(self) -> Contents | None:
        """Of the last whole backup."""
        return self._whole[-1].contents if self._whole else None

    def _of_whole_rooms(self, named: list[AnyArchive]) -> list[AnyArchive]:
        lost = {each.room for each in named if not self._is_there(each)}
        return [each for each in named if each.room not in lost]

    def _is_there(self, archive: RoomArchive | FileArchive) -> bool:
        path = self._folder / archive.name
        return path.is_file() and path.stat().st_size == archive.size

    @property
    def _whole(self) -> list[Kept]:
        return [each for each in self._kept if each.contents is not None]

    def expire(self, before: Millis) -> list[Path]:
        """Take away the backups from before a moment; gives their records.

        Raises:
            OSError: the disk does not answer.
        """
        taken = [self._take_away(each) for each in self._disposable() if each.made_at < before]
        newest = {each.made_at for each in self._whole[-1:]}
        for path, made_at in _dated(self._keys_folder):  # also those whose records were carried away
            if path.suffix == ".keys" and made_at < before and made_at not in newest:
                path.unlink()
        return taken

    def demand(self, needed: int, free: Callable[[Path], int]) -> None:
        """Let so many bytes be written.

        Raises:
            NotEnoughSpace: the disk is too full.
        """
        there_is = free(self._folder) - LEFT_FREE_BYTES
        if there_is < needed:
            raise NotEnoughSpace(self._folder, needed, there_is)

    def make_room(self, needed: int, free: Callable[[Path], int]) -> list[Path]:
        """Take away the oldest backups until so many bytes can be written; gives their records.

        Raises:
            NotEnoughSpace: that would not be enough; the newest is left.
            OSError: the disk does not answer.
        """
        taken: list[Path] = []
        for each in self._disposable():
            with suppress(NotEnoughSpace):
                self.demand(needed, free)
                return taken
            taken.append(self._take_away(each))
        self.demand(needed, free)
        return taken

    def _disposable(self) -> list[Kept]:
        """All but the newest whole one, the oldest first."""
        return [each for each in self._kept if each not in self._whole[-1:]]

    def _take_away(self, kept: Kept) -> Path:
        """A backup with its keys and those recordings and files that no other one names."""
        self._kept.remove(kept)
        needed = {archive.name for each in self._whole if each.contents for archive in each.contents.needed}
        named = [archive.name for archive in kept.contents.needed] if kept.contents else []
        records, keys = self.places(kept.made_at)
        for path in (records, keys, *(self._folder / name for name in named if name not in needed)):
            path.unlink(missing_ok=True)
        return records


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Write into a folder of backups as the only one.

    Raises:
        BackupRunning: another one does.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRunning(folder) from error
        yield
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what a backup has left that was killed."""
    for path in folder.glob(f"{DRAFT}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _dated(folder: Path) -> list[tuple[Path, Millis]]:
    """The archives of records and keys with their times, the oldest first."""
    named = ((_NAMED.fullmatch(path.name), path) for path in sorted(folder.iterdir()))
    return [(path, _moment(match[1])) for match, path in named if match]


def _kept(records: Path, made_at: Millis, key: bytes) -> Kept:
    try:
        return Kept(records, made_at, read_list(records, "records", key))
    except BackupDamaged:
        return Kept(records, made_at, None)


def _stamp(at: Millis) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime(_TIME)


def _moment(stamp: str) -> Millis:
    return Millis(int(datetime.strptime(stamp, _TIME).replace(tzinfo=UTC).timestamp() * 1000))
