"""Closed pieces on their way to the disk, in a thread of their own: neither disk nor cipher holds up a packet.

A piece is sealed, written beside its place, flushed, and renamed into it: after a crash it is there whole or not at
all, and no byte of it in the clear. What is lost with the process is the open piece of each track and what still waits
here, usually nothing.
"""

import errno
import hashlib
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from signaling.messages import GapReason, Track
from signaling.recording.piece_cipher import SALT_BYTES, PieceCipher
from signaling.recording.piece_places import SEALED, pieces_in, place_of, track_folder
from signaling.recording.pieces import Piece
from signaling.recording.webm import piece_file

LONGEST_QUEUE_BYTES = 64 << 20
"Pieces that wait; more is a disk that does not keep up."
RESERVE_BYTES = 256 << 20
"Left free on the disk, for the record itself."
FOLDER_MODE = 0o700
FILE_MODE = 0o600

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class KeptPiece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that is on the disk."""

    room: str
    alias: str
    track: Track
    number: int
    sha256: str
    "Of the clear file, which is what an auditor is handed."
    size: int
    "Of the same."
    begins_at: int
    ends_at: int


class LostPiece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that could not be kept."""

    room: str
    alias: str
    track: Track
    reason: GapReason
    detail: str


class _Waiting(msgspec.Struct, frozen=True):
    room: str
    piece: Piece
    octets: int


class PieceWriter:
    """Writes pieces in the order in which they come.

    Args:
        root: the folder of all recordings.
        cipher_of: gives the cipher of a room.
        told: is called in the writing thread with what became of each piece.
        reserve_bytes: left free on the disk.
    """

    def __init__(
        self,
        root: Path,
        cipher_of: Callable[[str], PieceCipher],
        told: Callable[[KeptPiece | LostPiece], None],
        *,
        reserve_bytes: int = RESERVE_BYTES,
    ) -> None:
        self._root = root
        self._cipher_of = cipher_of
        self._told = told
        self._reserve_bytes = reserve_bytes
        self._next: dict[Path, int] = {}
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._octets = 0
        self._counting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="piece-writer", daemon=True)
        self._thread.start()

    def put(self, room: str, piece: Piece) -> bool:
        """Take a piece; false where too much waits already."""
        octets = sum(len(unit.data) for unit in piece.units)
        with self._counting:
            if self._octets + octets > LONGEST_QUEUE_BYTES:
                return False
            self._octets += octets
        self._queue.put(_Waiting(room, piece, octets))
        return True

    def close(self) -> None:
        """Write what waits, then end; blocks meanwhile."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (waiting := self._queue.get()) is not None:
            self._told(self._became(waiting.room, waiting.piece))
            with self._counting:
                self._octets -= waiting.octets

    def _became(self, room: str, piece: Piece) -> KeptPiece | LostPiece:
        try:
            return self._keep(room, piece)
        except OSError as error:
            reason: GapReason = "disk_full" if error.errno in _FULL else "disk_failed"
            return LostPiece(room=room, alias=piece.alias, track=piece.track, reason=reason, detail=str(error))
        except Exception as error:  # the thread's top: a piece that cannot be made must not end all recording
            return LostPiece(room=room, alias=piece.alias, track=piece.track, reason="disk_failed", detail=repr(error))

    def _keep(self, room: str, piece: Piece) -> KeptPiece:
        """A piece, once it is on the disk.

        Raises:
            OSError: the disk is full, or refuses.
        """
        folder = track_folder(self._root, room, piece.alias, piece.track)
        number = self._number(folder)
        data = piece_file(piece, room, number)
        path = folder / f"{number}{piece.suffix}{SEALED}"
        sealed = self._cipher_of(room).seal(data, place_of(path), os.urandom(SALT_BYTES))
        self._demand_room(folder, len(sealed))
        _write(path, sealed, folder / f"{number}.part")
        self._next[folder] = number + 1
        return KeptPiece(
            room=room,
            alias=piece.alias,
            track=piece.track,
            number=number,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            begins_at=piece.begins_at,
            ends_at=piece.begins_at + piece.duration_ms,
        )

    def _number(self, folder: Path) -> int:
        """The next one; an earlier process may have left pieces here."""
        if folder not in self._next:
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            self._next[folder] = max(pieces_in(folder), default=0) + 1
        return self._next[folder]

    def _demand_room(self, folder: Path, octets: int) -> None:
        disk = os.statvfs(folder)
        if disk.f_bavail * disk.f_frsize - octets < self._reserve_bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _write(path: Path, data: bytes, draft: Path) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make the new name as durable as the file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
