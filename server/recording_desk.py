"""What an operator does with recordings from outside: see which there are, examine them, join them, hand them out.

All but the examination reads the folder alone; the key of the room, where its pieces are sealed, is a matter of `read`.
What is said of a piece is what the file says; whether the file is the right one, `verify --recordings` says.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from server.backend import Backend, now, open_backend
from server.domain.errors import LianpingError
from server.domain.events import RecordingsChecked
from server.domain.ids import Alias, Millis, RoomId
from server.domain.recordings import MediaTrack, PieceLook, TrackKey
from server.evidence.progress import Stage, Tell, untold
from server.session.recording_review import RecordingReview
from server.settings import Settings
from server.store.errors import PieceDamaged
from server.store.piece_examiner import PieceExaminer
from server.store.piece_files import ReadPiece, holds_sealed, reading, room_pieces, track_folders
from server.tender.tender_file import DEFAULT_TIME_ZONE
from server.words import words
from signaling.recording.ebml import BadEbml
from signaling.recording.join import NothingToJoin, join
from signaling.recording.piece_places import SEALED, pieces_in
from signaling.recording.piece_writer import FILE_MODE, FOLDER_MODE
from signaling.recording.webm import read_duration, read_facts


class NoRecording(LianpingError):
    """There is nothing that could be shown or joined."""


class RecordingUnreadable(LianpingError):
    """A file in the folder is no piece."""


class RecordedTrack(Struct, frozen=True, kw_only=True):
    """What lies in the folder of one track."""

    track: TrackKey
    pieces: int
    size: int
    "Bytes."
    begins_at: Millis
    recorded_ms: int
    "The pieces' lengths together; gaps between them do not count."
    missing_packets: int


class CopiesInTheWay(LianpingError):
    """What copies are to be written into holds something."""


class Copied(Struct, frozen=True):
    """What became of a room's pieces."""

    pieces: int
    "That were written."
    damaged: Sequence[str]
    "Why each of the others was not."


async def reader_of(settings: Settings, folder: Path) -> ReadPiece:
    """Reads the pieces in a room's folder, which bears the name of the room.

    Neither store nor key is touched where no piece is sealed, or where no server has ever kept a key.
    """
    if not holds_sealed(folder) or not (settings.data / "keys" / "master.key").exists():
        return reading(None)
    async with open_backend(settings) as backend:
        return await backend.recordings.reader(_room_of(folder))


def _room_of(folder: Path) -> RoomId:
    return RoomId(folder.absolute().name)


def recorded_tracks(folder: Path, read: ReadPiece) -> list[RecordedTrack]:
    """The tracks in a room's folder.

    Raises:
        NoRecording: there is none.
        RecordingUnreadable: a file is no piece.
        PieceKeyMissing, PieceDamaged: a sealed one does not open.
        OSError: a file cannot be read.
    """
    found = ((track, _sorted(of_track)) for track, of_track in track_folders(folder).items())
    tracks = [_summary(track, paths, read) for track, paths in found if paths]
    if not tracks:
        raise NoRecording(words(f"{folder} 中没有录音录像。", f"There is no recording in {folder}."))
    return tracks


def _sorted(folder: Path) -> list[Path]:
    return list(pieces_in(folder).values())


def _summary(track: TrackKey, paths: list[Path], read: ReadPiece) -> RecordedTrack:
    facts, size, recorded_ms = [], 0, 0
    for path in paths:
        data = read(path)
        try:
            facts.append(read_facts(data))
            recorded_ms += read_duration(data)
        except BadEbml as error:
            raise RecordingUnreadable(f"{path}: {error}") from error
        size += len(data)
    return RecordedTrack(
        track=track,
        pieces=len(paths),
        size=size,
        begins_at=Millis(facts[0].begins_at),
        recorded_ms=recorded_ms,
        missing_packets=sum(each.missing for each in facts),
    )


async def checked_recordings(backend: Backend, room: RoomId, tell: Tell = untold) -> tuple[RecordingsChecked, str]:
    """What all pieces of a room come to, looked at anew, and the room's time zone.

    Raises:
        RoomUnknown: there is no such room.
        EvidenceBroken: its log contradicts itself.
        OSError: the folder cannot be read.
        StoreUnavailable: no answer about the room's key.
    """
    record = await backend.read_record(room)
    lines = [each.line for each in record.stored]
    opening = record.room.opening
    async with PieceExaminer(backend.recordings.key_of) as examiner:

        async def look(of_room: RoomId, path: Path) -> PieceLook | None:
            tell(Stage.PIECES, review.examined, review.pieces)
            return await examiner.look(of_room, path)

        review = RecordingReview(room, backend.recordings, look)
        await review.go_on()
    return review.result(lines, now()), opening.time_zone if opening else DEFAULT_TIME_ZONE


def joined_seat(folder: Path, alias: Alias, read: ReadPiece) -> Iterator[bytes]:
    """One WebM file of a seat's sound and pictures, part by part.

    Raises:
        NoRecording: nothing of this seat lies in the room's folder.
        RecordingUnreadable: a file is no piece.
        PieceKeyMissing, PieceDamaged: a sealed one does not open.
        OSError: a file cannot be read.
    """
    folders = track_folders(folder)
    pieces = {kind: _sorted(folders[alias, kind]) if (alias, kind) in folders else [] for kind in MediaTrack}
    try:
        return join({"video": pieces[MediaTrack.VIDEO], "audio": pieces[MediaTrack.AUDIO]}, alias, read)
    except NothingToJoin as error:
        sentence = words(f"{folder} 中没有 {alias} 的录音录像。", f"There is no recording of {alias} in {folder}.")
        raise NoRecording(sentence) from error
    except BadEbml as error:
        raise RecordingUnreadable(str(error)) from error


def copy_in_the_clear(folder: Path, into: Path, read: ReadPiece, tell: Tell = untold) -> Copied:
    """Write the clear files of all pieces in a room's folder, for somebody without the key: for `verify --recordings`.

    Args:
        folder: the room's.
        into: an empty folder, or one that is made.
        read: gives the clear file of a piece.
        tell: is told how far it is.

    Raises:
        NoRecording: there is no piece.
        CopiesInTheWay: there is something in the folder already; nothing was written.
        PieceKeyMissing: a piece is sealed, and the key is not here.
        OSError: a file cannot be read or written.
    """
    pieces = list(room_pieces(folder))
    if not pieces:
        raise NoRecording(words(f"{folder} 中没有录音录像。", f"There is no recording in {folder}."))
    if into.exists() and any(into.iterdir()):
        raise CopiesInTheWay(
            words(
                f"{into} 不是空目录：请另选一个目录存放未加密的副本。",
                f"{into} is not empty: choose another folder for the copies.",
            )
        )
    damaged: list[str] = []
    for done, (_, _, path) in enumerate(pieces):
        tell(Stage.PIECES, done, len(pieces))
        try:
            _write_copy(into / path.parent.name / path.name.removesuffix(SEALED), read(path))
        except PieceDamaged as error:
            damaged.append(str(error))
    return Copied(len(pieces) - len(damaged), damaged)


def _write_copy(path: Path, data: bytes) -> None:
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        file.write(data)
