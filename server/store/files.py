"""The files beside a room's record, each under the SHA-256 of its content, sealed with the room's key.

A file is written beside its place, flushed, and renamed into it: after a crash it is there whole or not at all, and
the record names it only after that. One that nothing names is left over from a command that was refused.
"""

import asyncio
import hashlib
import shutil
from pathlib import Path
from typing import Final
from urllib.parse import quote

from server.domain.errors import Rejection
from server.domain.ids import Digest, RoomId
from server.domain.plan import DocumentFile
from server.store.durable_file import put_whole
from server.store.encryption import RoomCipher, RoomCiphers
from server.store.errors import SealBroken, StoreUnwritable

FOLDER_MODE: Final = 0o700


class FileMissing(Rejection):
    """A file that a line names is not in the store, or was damaged there."""

    code = "file_missing"
    sentence = "The file {sha256} is missing or damaged; it has to be restored from a backup."


class RoomFiles:
    """The files of all rooms, in one folder."""

    def __init__(self, folder: Path, ciphers: RoomCiphers) -> None:
        self._folder = folder
        self._ciphers = ciphers

    async def put(self, room: RoomId, data: bytes) -> DocumentFile:
        """Keep a file; on return it is on disk. The same file again changes nothing.

        Raises:
            RoomUnknown: there is no such room.
            StoreUnwritable: the disk is full, or refuses.
            StoreUnavailable: no answer about the room's key.
        """
        file = document_file(data)
        cipher = await self._ciphers.cipher_of(room)
        try:
            await asyncio.to_thread(_write, self._path(room, file.sha256), data, cipher)
        except OSError as error:
            raise StoreUnwritable(reply=error) from error
        return file

    async def get(self, room: RoomId, sha256: Digest) -> bytes:
        """A file's content.

        Raises:
            FileMissing: it is not there, or was changed.
            RoomUnknown, StoreUnavailable: see `put`.
        """
        cipher = await self._ciphers.cipher_of(room)
        try:
            sealed = await asyncio.to_thread(self._path(room, sha256).read_bytes)
            return cipher.open(sealed, "file", sha256)  # opens only what was sealed under this name
        except (OSError, SealBroken) as error:
            raise FileMissing(sha256=sha256) from error

    async def forget(self, room: RoomId) -> None:
        """Remove the files of a room whose log was never opened."""
        await asyncio.to_thread(shutil.rmtree, self._folder / quote(room, safe=""), ignore_errors=True)

    def _path(self, room: RoomId, sha256: Digest) -> Path:
        return self._folder / quote(room, safe="") / quote(sha256, safe="")


def document_file(data: bytes) -> DocumentFile:
    """The name of a file with this content."""
    return DocumentFile(sha256=Digest(hashlib.sha256(data).hexdigest()), size=len(data))


def _write(path: Path, data: bytes, cipher: RoomCipher) -> None:
    if path.exists():
        return
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    put_whole(path, cipher.seal(data, "file", path.name))
