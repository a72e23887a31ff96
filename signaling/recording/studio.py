"""All recordings of the process: one writing thread, the rooms' recorders, our clock against the world's."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from signaling.messages import FromMedia
from signaling.recording.lost_pieces import LostPieces
from signaling.recording.piece_cipher import PieceCipher
from signaling.recording.piece_writer import KeptPiece, LostPiece, PieceWriter
from signaling.recording.room_recording import RoomRecording


class Studio:
    """Made in the loop that the packets come in.

    Args:
        folder: of all recordings.
        tell: sends a message to the server.
    """

    def __init__(self, folder: Path, tell: Callable[[FromMedia], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell = tell
        self._rooms: dict[str, RoomRecording] = {}
        self._ciphers: dict[str, PieceCipher] = {}
        self._lost = LostPieces()
        self._writer = PieceWriter(folder, self._ciphers.__getitem__, self._became)

    def room(self, name: str, key: bytes) -> RoomRecording:
        """The recorders of a room, which stay when the room is closed: pieces may still be on their way.

        Args:
            name: the room's.
            key: what its pieces are sealed with.
        """
        self._ciphers[name] = PieceCipher(key)
        if name not in self._rooms:
            self._rooms[name] = RoomRecording(name, self._writer, self._tell, self._wall)
        return self._rooms[name]

    def close(self) -> None:
        """Close every piece and write all of them; blocks meanwhile."""
        for room in self._rooms.values():
            room.finish()
        self._writer.close()

    def _wall(self, now: float) -> int:
        return round(1000 * (time.time() - self._loop.time() + now))

    def _became(self, piece: KeptPiece | LostPiece) -> None:
        """In the writing thread."""
        self._lost.note(piece)
        self._loop.call_soon_threadsafe(self._rooms[piece.room].became, piece)
