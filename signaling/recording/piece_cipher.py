"""How a piece lies on the disk: sealed in chunks, so that nothing is changed, cut off, moved or exchanged unnoticed.

A file is `MAGIC`, 32 random bytes of salt, then chunks. A chunk is up to 64 KiB of the clear file, AES-256-GCM with its
tag of 16 bytes. Each file has a key of its own, HKDF-SHA256 over the room's recording key with the salt and the place
of the piece, such as `E1-video/12`. The nonce is the chunk's number, 11 bytes big-endian from 0, and one byte: 1 for
the last chunk, 0 for every other. So a file opens in its own place alone, and its end is known; one that was cut off
still gives every whole chunk before the cut.

Source: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption" (2015), STREAM; the age format, payload.
"""

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"LPPIECE\x01"
"Its last byte is the version."
KEY_BYTES = 32
SALT_BYTES = 32
CHUNK_BYTES = 1 << 16
TAG_BYTES = 16

_HEAD_BYTES = len(MAGIC) + SALT_BYTES
_SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
_KEY_INFO = b"lianping-piece-v1 "


class NotOpened(ValueError):
    """A sealed piece does not open: it was changed, cut off, moved, or sealed with another key."""


class PieceCipher:
    """Seals and opens the pieces of one room.

    Args:
        key: the room's recording key, 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, clear: bytes, place: str, salt: bytes) -> bytes:
        """A file as it lies on the disk.

        Args:
            clear: the file.
            place: where the piece lies in the folder of its room.
            salt: 32 random bytes, never used again.
        """
        aead = self._file_cipher(place, salt)
        starts = range(0, max(len(clear), 1), CHUNK_BYTES)
        chunks = (
            aead.encrypt(_nonce(number, is_last=start == starts[-1]), clear[start : start + CHUNK_BYTES], None)
            for number, start in enumerate(starts)
        )
        return b"".join((MAGIC, salt, *chunks))

    def open(self, sealed: bytes, place: str) -> bytes:
        """The clear file.

        Raises:
            NotOpened: it was changed or cut off, is not of this place, or was sealed with another key.
        """
        return b"".join(self.chunks(sealed, place))

    def chunks(self, sealed: bytes, place: str) -> Iterator[bytes]:
        """The clear file chunk by chunk, each one proved before it is given; of a damaged one all before the damage.

        Raises:
            NotOpened: see `open`.
        """
        if not sealed.startswith(MAGIC):
            raise NotOpened
        aead = self._file_cipher(place, sealed[len(MAGIC) : _HEAD_BYTES])
        at, number = _HEAD_BYTES, 0
        while at + _SEALED_CHUNK_BYTES < len(sealed):
            yield _opened(aead, _nonce(number, is_last=False), sealed[at : at + _SEALED_CHUNK_BYTES])
            at, number = at + _SEALED_CHUNK_BYTES, number + 1
        yield from _end(aead, number, sealed[at:])

    def _file_cipher(self, place: str, salt: bytes) -> AESGCM:
        info = _KEY_INFO + place.encode()
        return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(self._key))


def _end(aead: AESGCM, number: int, rest: bytes) -> Iterator[bytes]:
    """The last chunk; a whole one that is not the last is given all the same before the cut is told."""
    try:
        yield _opened(aead, _nonce(number, is_last=True), rest)
    except NotOpened:
        if len(rest) == _SEALED_CHUNK_BYTES:
            yield _opened(aead, _nonce(number, is_last=False), rest)
        raise


def _opened(aead: AESGCM, nonce: bytes, chunk: bytes) -> bytes:
    try:
        return aead.decrypt(nonce, chunk, None)
    except (InvalidTag, ValueError) as error:  # the second of one that is shorter than a tag
        raise NotOpened from error


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11) + bytes([is_last])
