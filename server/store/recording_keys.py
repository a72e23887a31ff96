"""What the recordings of each room are sealed with, and the note that stands in its place once it is destroyed.

The key is made of two halves: the room's own key, which lies wrapped in the store and opens the record too, and a
secret of 32 random bytes, which lies in a file of its own in the keys' folder. So the recordings of a room can be
closed for ever, and its record stays. The note replaces the secret in one step: there is never neither of them, nor
both.
A room of before has no file; its recordings are sealed with what follows from the room's key alone.
"""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import quote

from server.domain.ids import RoomId
from server.store.durable_file import put_whole
from server.store.encryption import KEY_BYTES, RoomCipher

FOLDER_MODE: Final = 0o700


class RecordingKeys:
    """The secrets of all rooms, one file each; made when the first room is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, room: RoomId) -> None:
        """Give a new room its secret; on return it is on disk.

        Raises:
            OSError: the disk is full, or refuses.
        """
        self._folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        put_whole(self._path(room), os.urandom(KEY_BYTES))

    def forget(self, room: RoomId) -> None:
        """Take back the secret of a room that was never opened."""
        self._path(room).unlink(missing_ok=True)

    def key_of(self, cipher: RoomCipher) -> bytes | None:
        """What a room's recordings are sealed with; none once it is destroyed.

        Raises:
            OSError: the disk does not answer.
        """
        kept = self._read(cipher.room)
        if kept is None:
            return cipher.recording_key()
        return cipher.recording_key(kept) if len(kept) == KEY_BYTES else None

    def has_secret(self, room: RoomId) -> bool:
        """Whether the room's recordings have a half of their key that is theirs alone."""
        kept = self._read(room)
        return kept is not None and len(kept) == KEY_BYTES

    def note_of(self, room: RoomId) -> bytes | None:
        """The note that stands in the place of a key that was destroyed."""
        kept = self._read(room)
        return kept if kept is not None and len(kept) != KEY_BYTES else None

    def destroy(self, room: RoomId, note: bytes) -> None:
        """Put the note in the place of the room's secret, whose bytes are written over.

        Raises:
            OSError: the disk is full, or refuses; the key is as it was.
        """
        self._folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        path = self._path(room)
        with ExitStack() as stack:
            secret = stack.enter_context(path.open("r+b")) if path.exists() else None
            put_whole(path, note)
            if secret is not None:  # it has no name any more; what the disk keeps of it is written over
                secret.write(bytes(KEY_BYTES))
                secret.flush()
                os.fsync(secret.fileno())

    def _read(self, room: RoomId) -> bytes | None:
        try:
            return self._path(room).read_bytes()
        except FileNotFoundError:
            return None

    def _path(self, room: RoomId) -> Path:
        return self._folder / quote(room, safe="")
