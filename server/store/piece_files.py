"""The pieces of recordings on the disk, sealed with the key of their room; what the folder holds in the clear is older.

The media process writes them; here they are only read. Names and format: `signaling/recording/piece_places.py`.
"""

import asyncio
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from server.domain.ids import Alias, Digest, Millis, RoomId
from server.domain.recordings import MediaTrack, PieceNote, TrackKey
from server.evidence.destruction import DESTRUCTION
from server.store.encryption import RoomCiphers
from server.store.errors import PieceDamaged, PieceKeyMissing, PieceUnopened, RoomUnknown, SealBroken
from server.store.recording_keys import RecordingKeys
from signaling.recording.ebml import BadEbml
from signaling.recording.piece_cipher import NotOpened, PieceCipher
from signaling.recording.piece_places import NoKey, is_sealed, pieces_in, read_piece
from signaling.recording.piece_writer import FOLDER_MODE
from signaling.recording.webm import read_duration, read_facts

TRACK_FOLDER: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)-(audio|video|screen|desktop)")
RESERVE_BYTES: Final = 256 << 20
"Left free on the disk; the media process keeps to it too."

ReadPiece = Callable[[Path], bytes]
"""Gives the clear file of a piece. It raises `PieceKeyMissing` for a sealed one where there is no key, `PieceDamaged`
for one that does not open, and OSError for one that cannot be read."""

_log = structlog.get_logger(__name__)


class PieceFiles:
    """The recordings of all rooms.

    Args:
        folder: made when it is first written into.
        ciphers: find the key of a room.
        keys: what its recordings are sealed with.
    """

    def __init__(self, folder: Path, ciphers: RoomCiphers, keys: RecordingKeys) -> None:
        self.folder = folder
        self._ciphers = ciphers
        self._keys = keys

    async def key_of(self, room: RoomId) -> bytes | None:
        """What a room's pieces are sealed with; none where the key is not here, or destroyed.

        Raises:
            StoreUnavailable: no answer.
        """
        with suppress(RoomUnknown, SealBroken):
            return self._keys.key_of(await self._ciphers.cipher_of(room))
        return None

    async def reader(self, room: RoomId) -> ReadPiece:
        """Reads the pieces of a room.

        Raises:
            StoreUnavailable: no answer.
        """
        return reading(await self.key_of(room))

    async def kept_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[PieceNote]]:
        """The pieces of a room's tracks with higher numbers than those that are known.

        What lies in the clear behind a sealed piece is none of ours: the media process has not written it.

        Raises:
            OSError: the disk does not answer.
            StoreUnavailable: no answer about the room's key.
        """
        return await asyncio.to_thread(self._kept_after, room, known, await self.reader(room))

    def _kept_after(
        self, room: RoomId, known: Mapping[TrackKey, int], read: ReadPiece
    ) -> dict[TrackKey, list[PieceNote]]:
        return {
            track: [
                note
                for number, path in _own(pieces_in(folder))
                if number > known.get(track, 0) and (note := _note(number, path, read))
            ]
            for track, folder in track_folders(self.folder / room).items()
        }

    async def paths_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[tuple[int, Path]]]:
        """The files of a room's tracks with higher numbers than those that are known, in their order.

        Raises:
            OSError: the disk does not answer.
        """
        return await asyncio.to_thread(self._paths_after, room, known)

    def _paths_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[tuple[int, Path]]]:
        return {
            track: [each for each in pieces_in(folder).items() if each[0] > known.get(track, 0)]
            for track, folder in track_folders(self.folder / room).items()
        }

    async def extent(self, room: RoomId) -> tuple[int, int]:
        """How many pieces of a room there are, and the bytes of their files.

        Raises:
            OSError: the disk does not answer.
        """
        return await asyncio.to_thread(self._extent, room)

    def _extent(self, room: RoomId) -> tuple[int, int]:
        sizes = [path.stat().st_size for _, _, path in room_pieces(self.folder / room)]
        return len(sizes), sum(sizes)

    async def destroy(self, room: RoomId, note: bytes) -> None:
        """Remove all pieces of a room, whole or not, and leave the note that says so in their place.

        Raises:
            OSError: the disk does not answer.
        """
        await asyncio.to_thread(self._destroy, room, note)

    def _destroy(self, room: RoomId, note: bytes) -> None:
        for folder in track_folders(self.folder / room).values():
            shutil.rmtree(folder)
        (self.folder / room).mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        (self.folder / room / DESTRUCTION).write_bytes(note)


def free_bytes(folder: Path) -> int:
    """What the disk of a folder takes.

    Raises:
        OSError: the disk does not answer.
    """
    return shutil.disk_usage(folder).free


def track_folders(folder: Path) -> dict[TrackKey, Path]:
    """The tracks in a room's folder."""
    return dict(sorted(_tracks(folder))) if folder.is_dir() else {}


def _tracks(folder: Path) -> Iterator[tuple[TrackKey, Path]]:
    for path in folder.iterdir():
        named = TRACK_FOLDER.fullmatch(path.name)
        if named and path.is_dir():
            yield (Alias(named[1]), MediaTrack(named[2])), path


def room_pieces(folder: Path) -> Iterator[tuple[TrackKey, int, Path]]:
    """Every piece in a room's folder, track by track in their order."""
    for track, of_track in track_folders(folder).items():
        for number, path in pieces_in(of_track).items():
            yield track, number, path


def _own(pieces: Mapping[int, Path]) -> Iterator[tuple[int, Path]]:
    """The pieces without what lies in the clear behind a sealed one."""
    seals = False
    for number, path in pieces.items():
        seals = seals or is_sealed(path)
        if is_sealed(path) or not seals:
            yield number, path


def holds_sealed(folder: Path) -> bool:
    """Whether a key is needed to read what a room's folder holds."""
    return any(is_sealed(path) for _, _, path in room_pieces(folder))


def reading(key: bytes | None) -> ReadPiece:
    """Reads with a room's recording key, or without one."""
    cipher = PieceCipher(key) if key is not None else None

    def read(path: Path) -> bytes:
        try:
            return read_piece(path, cipher)
        except NoKey as error:
            raise PieceKeyMissing(path) from error
        except NotOpened as error:
            raise PieceDamaged(path) from error

    return read


def digests_in(folder: Path, read: ReadPiece) -> dict[tuple[TrackKey, int], Digest]:
    """The SHA-256 of every piece's clear file in a room's folder; of one that does not open, that of what lies there.

    Raises:
        PieceKeyMissing: they are sealed, and the key is not here.
        OSError: one of them cannot be read.
    """
    return {(track, number): _digest(path, read) for track, number, path in room_pieces(folder)}


def _digest(path: Path, read: ReadPiece) -> Digest:
    try:
        data = read(path)
    except PieceDamaged:  # whatever it was, it is not what the record vouches for
        data = path.read_bytes()
    return Digest(hashlib.sha256(data).hexdigest())


def destruction_in(folder: Path) -> bytes | None:
    """The note that the recordings were destroyed, where it lies in their folder.

    Raises:
        OSError: it cannot be read.
    """
    path = folder / DESTRUCTION
    return path.read_bytes() if path.exists() else None


def _note(number: int, path: Path, read: ReadPiece) -> PieceNote | None:
    """What is to be said of a piece; none where the file is no piece, or cannot be read."""
    try:
        data = read(path)
        facts = read_facts(data)
        duration_ms = read_duration(data)
    except (BadEbml, PieceUnopened, OSError) as error:
        _log.error("piece_unreadable", path=str(path), error=str(error))
        return None
    return PieceNote(
        number=number,
        sha256=Digest(hashlib.sha256(data).hexdigest()),
        size=len(data),
        begins_at=Millis(facts.begins_at),
        ends_at=Millis(facts.begins_at + duration_ms),
    )
