"""Everything at rest is sealed with AES-256-GCM: one random key a room, wrapped by a master key outside Redis.

A seal names its room and its place (an entry of a log, a cell of a draft), so a value that is copied to another
room or place does not open there. Nonces are random, 96 bits: good for 2^32 seals under one key, more than a room
can hold. Whoever loses the master key loses every room: back it up, apart from the data.
Source: NIST SP 800-38D, 8.2.2 and 8.3.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.domain.ids import RoomId
from server.store.errors import MasterKeyUnusable, SealBroken
from server.words import words

KEY_BYTES = 32
NONCE_BYTES = 12

_READABLE_BY_OTHERS = (
    "可以被其他用户读取：请运行 chmod 600，并查明谁看过它",
    "can be read by others: chmod 600, and think about who has seen it",
)

NO_ROOM = RoomId("")
"Stands for the room in seals that belong to none, such as entry codes."


class RoomCipher:
    """Seals and opens what is stored of one room."""

    def __init__(self, room: RoomId, key: bytes) -> None:
        self.room = room
        self._key = key
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, *place: str) -> bytes:
        """The nonce, then the encrypted bytes with their tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, self._bound_to(place))

    def open(self, sealed: bytes, *place: str) -> bytes:
        """The plain bytes that were sealed for this room and place.

        Raises:
            SealBroken: changed, from another room or place, or sealed with another key.
        """
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound_to(place))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(self.room, place) from error

    def recording_key(self, secret: bytes | None = None) -> bytes:
        """What the room's recordings are sealed with: 32 bytes, lost with the room's key or with their own secret."""
        kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=secret, info=b"lianping-recordings-v1")
        return kdf.derive(self._key)

    def _bound_to(self, place: tuple[str, ...]) -> bytes:
        return msgspec.msgpack.encode(["lianping-sealed-v1", self.room, *place])


class RoomCiphers(Protocol):
    """Finds the cipher of a room; `rooms.Rooms` does."""

    async def cipher_of(self, room: RoomId) -> RoomCipher:
        """The cipher of this room.

        Raises:
            RoomUnknown: the registry does not know the room.
        """
        ...


class MasterKey:
    """Wraps the keys of rooms, and seals what belongs to no room."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.cipher = RoomCipher(NO_ROOM, key)

    def new_room_key(self, room: RoomId) -> tuple[RoomCipher, bytes]:
        """A cipher with a fresh random key, and that key wrapped for storage."""
        key = AESGCM.generate_key(KEY_BYTES * 8)
        return RoomCipher(room, key), RoomCipher(room, self._key).seal(key, "key")

    def room_cipher(self, room: RoomId, wrapped_key: bytes) -> RoomCipher:
        """The cipher of a room whose wrapped key was stored.

        Raises:
            SealBroken: the key was wrapped for another room or by another master key.
        """
        return RoomCipher(room, RoomCipher(room, self._key).open(wrapped_key, "key"))


def load_master_key(path: Path) -> MasterKey:
    """The master key in this file, which is made, readable to its owner only, when it does not exist.

    Raises:
        MasterKeyUnusable: others may read the file, or it does not hold 32 bytes.
    """
    if not path.exists():
        _make_key_file(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise MasterKeyUnusable(path, words(*_READABLE_BY_OTHERS))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise MasterKeyUnusable(
            path,
            words(
                f"有 {len(key)} 字节，应为 {KEY_BYTES} 字节：请从备份恢复",
                f"holds {len(key)} bytes instead of {KEY_BYTES}: restore it from the backup",
            ),
        )
    return MasterKey(key)


def _make_key_file(path: Path) -> None:
    """Writes a random key so that the file is there whole or not at all, and only once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:  # mode 0600
        draft.write(os.urandom(KEY_BYTES))
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):  # another process was first, and its key is the one
            os.link(draft.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
