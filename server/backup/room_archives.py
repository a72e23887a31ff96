"""What was recorded is backed up once: a piece never changes after it was closed, and a track's numbers only rise.

So a room's recordings are a chain of archives. Each backup adds one with the pieces that came since, and its records
name all that are needed. Where the newest piece of a track is not the one that was saved (a server that was restored
and went on otherwise), the room's chain begins anew. A room, or a track of it, that is gone from the disk without a
note that its recordings were destroyed stays in its chain: a disk that is not mounted, a slip of the hand cost nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from server.backup.archive import Newest, RoomArchive
from server.backup.data_folder import RECORDINGS
from server.domain.ids import RoomId
from server.store.piece_files import room_pieces


class Piece(Struct, frozen=True):
    """One file."""

    path: Path
    track: str
    "Its folder."
    newest: Newest
    "Itself, as the newest of its track."


class Chain(Struct, frozen=True, kw_only=True):
    """What a backup needs of one room's recordings."""

    room: RoomId
    saved: list[RoomArchive]
    "In archives that are there."
    pieces: list[Piece]
    "In an archive that is to be written."

    @property
    def size(self) -> int:
        """Bytes of the pieces."""
        return sum(piece.newest.size for piece in self.pieces)

    def newest(self) -> dict[str, Newest]:
        """Of each track, of the pieces that are to be written."""
        return {piece.track: piece.newest for piece in self.pieces}


def chains(data: Path, saved: Sequence[RoomArchive], is_destroyed: Callable[[RoomId], bool]) -> list[Chain]:
    """Those of all rooms.

    Args:
        data: the server's folder.
        saved: the archives that the last backup names.
        is_destroyed: whether a room's recordings were destroyed on purpose.

    Raises:
        OSError: a folder cannot be read.
    """
    folder = data / RECORDINGS
    there = {RoomId(path.name) for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
    rooms = sorted(there | {each.room for each in saved})
    found = (_chain(folder / room, [each for each in saved if each.room == room]) for room in rooms)
    return [chain for chain in found if (chain.saved or chain.pieces) and not is_destroyed(chain.room)]


def _chain(folder: Path, saved: list[RoomArchive]) -> Chain:
    room = RoomId(folder.name)
    pieces = [(path.parent.name, number, path) for _, number, path in room_pieces(folder)]
    known = {track: newest for each in saved for track, newest in each.newest.items()}
    there = {track for track, _, _ in pieces}
    expected = {track: newest for track, newest in known.items() if track in there}
    if not expected.items() <= dict(_of_numbers(pieces, known)).items():
        saved, known = [], {}
    new = (each for each in pieces if each[0] not in known or each[1] > known[each[0]].number)
    return Chain(
        room=room, saved=saved, pieces=[Piece(path, track, _newest(number, path)) for track, number, path in new]
    )


def _of_numbers(pieces: Sequence[tuple[str, int, Path]], known: dict[str, Newest]) -> Iterator[tuple[str, Newest]]:
    """The pieces that bear the numbers of known ones, by their tracks."""
    for track, number, path in pieces:
        if track in known and number == known[track].number:
            yield track, _newest(number, path)


def _newest(number: int, path: Path) -> Newest:
    status = path.stat()
    return Newest(number, status.st_size, int(status.st_mtime))
