"""Files of rooms (bids, reports) are backed up once: each lies under the digest of what it holds, and never changes.

So the files of a room are a chain of archives, as its recordings are. One that is damaged or gone on the disk stays in
the archive in which it once was whole.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from server.backup.archive import FileArchive
from server.backup.data_folder import FILES, is_draft
from server.domain.ids import RoomId


class FileChain(Struct, frozen=True, kw_only=True):
    """What a backup needs of one room's files."""

    room: RoomId
    saved: list[FileArchive]
    "In archives that are there."
    fresh: list[Path]
    "In an archive that is to be written."


def file_chains(data: Path, saved: Sequence[FileArchive]) -> list[FileChain]:
    """Those of all rooms.

    Args:
        data: the server's folder.
        saved: the archives that the last backup names.

    Raises:
        OSError: a folder cannot be read.
    """
    folder = data / FILES
    there = {RoomId(path.name) for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
    rooms = sorted(there | {each.room for each in saved})
    found = (_chain(folder / room, [each for each in saved if each.room == room]) for room in rooms)
    return [chain for chain in found if chain.saved or chain.fresh]


def _chain(folder: Path, saved: list[FileArchive]) -> FileChain:
    known = {name for each in saved for name in each.files}
    there = sorted(path for path in folder.glob("*") if path.is_file() and not is_draft(path.name))
    return FileChain(room=RoomId(folder.name), saved=saved, fresh=[path for path in there if path.name not in known])
