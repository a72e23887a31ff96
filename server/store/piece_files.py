"""The pieces of recordings as they lie on the disk: `<room>/<alias>-<kind>/<number>.webm` in one folder, or `.mkv`.

The media process writes them; here they are only read.
"""

import asyncio
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import structlog

from server.domain.ids import Alias, Digest, Millis, RoomId
from server.domain.recordings import MediaTrack, PieceNote, TrackKey
from signaling.recording.ebml import BadEbml
from signaling.recording.webm import read_duration, read_facts

TRACK_FOLDER: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)-(audio|video|screen|desktop)")
PIECE_FILE: Final = re.compile(r"([1-9]\d*)\.(?:webm|mkv)")
RESERVE_BYTES: Final = 256 << 20
"Left free on the disk; the media process keeps to it too."

_log = structlog.get_logger(__name__)


class PieceFiles:
    """The recordings of all rooms.

    Args:
        folder: made when it is first written into.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def kept_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[PieceNote]]:
        """The pieces of a room's tracks with higher numbers than those that are known.

        Raises:
            OSError: the disk does not answer.
        """
        return await asyncio.to_thread(self._kept_after, room, known)

    def _kept_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[PieceNote]]:
        return {
            track: [
                note
                for number, path in sorted(pieces_in(folder).items())
                if number > known.get(track, 0) and (note := _note(number, path))
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
            track: [each for each in sorted(pieces_in(folder).items()) if each[0] > known.get(track, 0)]
            for track, folder in track_folders(self.folder / room).items()
        }

    def free_bytes(self) -> int:
        """What the disk still takes before nothing is recorded any more.

        Raises:
            OSError: the disk does not answer.
        """
        return shutil.disk_usage(self.folder).free - RESERVE_BYTES


def track_folders(folder: Path) -> dict[TrackKey, Path]:
    """The tracks in a room's folder."""
    return dict(sorted(_tracks(folder))) if folder.is_dir() else {}


def _tracks(folder: Path) -> Iterator[tuple[TrackKey, Path]]:
    for path in folder.iterdir():
        named = TRACK_FOLDER.fullmatch(path.name)
        if named and path.is_dir():
            yield (Alias(named[1]), MediaTrack(named[2])), path


def pieces_in(folder: Path) -> dict[int, Path]:
    """The pieces in a track's folder by their numbers."""
    return {int(named[1]): path for path in folder.iterdir() if (named := PIECE_FILE.fullmatch(path.name))}


def digests_in(folder: Path) -> dict[tuple[TrackKey, int], Digest]:
    """The SHA-256 of every piece in a room's folder, read bit by bit.

    Raises:
        OSError: one of them cannot be read.
    """
    return {
        (track, number): _digest(path)
        for track, of_track in track_folders(folder).items()
        for number, path in sorted(pieces_in(of_track).items())
    }


def _digest(path: Path) -> Digest:
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def _note(number: int, path: Path) -> PieceNote | None:
    """What is to be said of a piece; none where the file is no piece."""
    data = path.read_bytes()
    try:
        facts = read_facts(data)
        duration_ms = read_duration(data)
    except BadEbml as error:
        _log.error("piece_unreadable", path=str(path), error=str(error))
        return None
    return PieceNote(
        number=number,
        sha256=Digest(hashlib.sha256(data).hexdigest()),
        size=len(data),
        begins_at=Millis(facts.begins_at),
        ends_at=Millis(facts.begins_at + duration_ms),
    )
