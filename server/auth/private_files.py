"""Files that only the server's own user may read, made whole or not at all.

A folder of secrets is written beside its place, flushed, and renamed into it: a crash leaves either nothing or
everything, and of two servers that start at once the second finds the first one's secrets.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from server.auth.rejections import LoosePermissions, SecretsDamaged

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def create_private_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` with these files in one step; a folder that already holds something stays as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in files.items():
            _write_durably(os.open(new / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), data)
        _sync_folder(new)
        new.rename(folder)  # replaces an empty folder, never a filled one
        _sync_folder(folder.parent)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def replace_private_file(path: Path, data: bytes) -> None:
    """Put `data` at `path`: after a crash the old or the new content stands there, never a part."""
    descriptor, new = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        _write_durably(descriptor, data)
        Path(new).replace(path)
        _sync_folder(path.parent)
    finally:
        Path(new).unlink(missing_ok=True)


def read_private_file(path: Path) -> bytes:
    """The content of one secret.

    Raises:
        LoosePermissions: others may read the file or its folder.
        SecretsDamaged: there is no such file.
    """
    try:
        _refuse_loose(path.parent, FOLDER_MODE)
        _refuse_loose(path, FILE_MODE)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SecretsDamaged(path=path, detail="is missing") from error


def _refuse_loose(path: Path, wanted: int) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise LoosePermissions(path=path, mode=mode, wanted=wanted)


def _write_durably(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Flush the names in a folder, without which a renamed file may be gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
