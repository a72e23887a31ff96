"""What of a data folder is backed up every time, and how the store's append-only file is copied while it is written.

The store writes to the end of its newest file and now and then rewrites all of it into new ones, which it names in a
manifest first. So a copy whose manifest is the same before and after holds a beginning of the record: everything up to
some command. Files of rooms are written before the record names them; copied after the store, none is missing.
Source: Redis, Persistence, "Backing up AOF data".
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.backup.errors import NothingToBackUp, StoreBusy

SECRETS: Final = ("keys", "operators", "tls")
"Folders that go into the archive of the keys; what else there is goes into that of the records."

RECORDINGS: Final = "recordings"
"What lies in there below the rooms' own folders are pieces and their drafts: `room_archives` has an eye for them."

FILES: Final = "files"
"What lies in there below the rooms' own folders are bids and documents: `room_files` has an eye for them."

AOF: Final = Path("store") / "appendonlydir"
MANIFEST: Final = "appendonly.aof.manifest"

_NOT_KEPT: Final = frozenset({"store", "store.url", "demo"})
"The first is copied by `copy_store`; the others belong to a server that runs, and to no real room."

TRIES: Final = 50
PAUSE_S: Final = 0.2
"Between two tries; a rewrite takes about a second for each 100 MB."


def require_data(data: Path) -> None:
    """Nothing, if the folder holds a server's data.

    Raises:
        NothingToBackUp: it does not.
    """
    if not (data / "keys" / "master.key").exists() or not (data / AOF / MANIFEST).exists():
        raise NothingToBackUp(data)


def secret_files(data: Path) -> Iterator[tuple[Path, str]]:
    """The files of keys, certificates and accounts, each with its name in the archive."""
    for folder in SECRETS:
        yield from _files_below(data / folder, data)


def record_files(data: Path) -> Iterator[tuple[Path, str]]:
    """Everything else but the store, the files of rooms and what was recorded."""
    for entry in sorted(data.iterdir()):
        if entry.name in (*_NOT_KEPT, *SECRETS, FILES) or is_draft(entry.name):
            continue
        if entry.name == RECORDINGS:
            yield from (
                (path, path.relative_to(data).as_posix()) for path in sorted(entry.glob("*/*")) if path.is_file()
            )
        elif entry.is_dir():
            yield from _files_below(entry, data)
        elif entry.is_file():
            yield entry, entry.name


def store_files(data: Path) -> list[Path]:
    """The store's files where they lie."""
    return sorted((data / AOF).iterdir())


def copy_store(data: Path, into: Path, pause_s: float = PAUSE_S) -> Iterator[tuple[Path, str]]:
    """Copy the store's files into an empty folder; gives each copy with its name in the archive.

    Raises:
        StoreBusy: it was rewritten during every try.
    """
    for _ in range(TRIES):
        if _try_to_copy(data / AOF, into):
            return ((path, (AOF / path.name).as_posix()) for path in sorted(into.iterdir()))
        time.sleep(pause_s)
    raise StoreBusy(data / "store")


def _try_to_copy(folder: Path, into: Path) -> bool:
    """Whether the copy is of one moment."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(mode=0o700)
    try:
        manifest = (folder / MANIFEST).read_bytes()
        for name, kind in _named(manifest):
            if kind == "h":  # replaced, and about to be removed
                return False
            shutil.copyfile(folder / name, into / name)
        (into / MANIFEST).write_bytes(manifest)
        return (folder / MANIFEST).read_bytes() == manifest
    except FileNotFoundError:
        return False


def _named(manifest: bytes) -> Iterator[tuple[str, str]]:
    """File names and kinds (`b` base, `i` increment, `h` history) in a manifest: `file NAME seq N type b`."""
    for line in manifest.decode().splitlines():
        words = line.split()
        fields = dict(zip(words[::2], words[1::2], strict=False))
        if "file" in fields:
            yield fields["file"], fields.get("type", "")


def _files_below(folder: Path, data: Path) -> Iterator[tuple[Path, str]]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_draft(name))
        for name in sorted(names):
            if not is_draft(name):
                path = Path(place, name)
                yield path, path.relative_to(data).as_posix()


def is_draft(name: str) -> bool:
    """Whether it is being written, and named otherwise once it is whole."""
    return name.startswith((".", "tmp"))
