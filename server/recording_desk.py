"""What an operator does with recordings from outside: see which there are, examine them, join them, hand them out.

All but the examination reads the folder alone; the key of the room, where its pieces are sealed, is a matter of `read`.
What is said of a piece is what the file says; whether the file is the right one, `verify --recordings` says.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

from msgspec import Struct

from server.backend import Backend, now, open_backend, recording_keys
from server.domain.errors import LianpingError
from server.domain.events import RecordingsChecked
from server.domain.ids import Alias, Millis, RoomId
from server.domain.recordings import MediaTrack, PieceLook, TrackKey
from server.evidence.destruction import read_destruction
from server.evidence.progress import Stage, Tell, untold
from server.recording_words import destruction_sentence
from server.session.recording_review import RecordingReview
from server.settings import Settings
from server.store.errors import PieceDamaged, RoomUnknown
from server.store.piece_examiner import PieceExaminer
from server.store.piece_files import ReadPiece, holds_sealed, reading, room_pieces, track_folders
from server.tender.tender_file import DEFAULT_TIME_ZONE
from server.words import words
from signaling.recording.ebml import BadEbml
from signaling.recording.join import NothingToJoin, join
from signaling.recording.piece_places import SEALED, pieces_in
from signaling.recording.piece_writer import FILE_MODE, FOLDER_MODE
from signaling.recording.pieces import PieceFacts
from signaling.recording.sender_clock import SenderClock
from signaling.recording.webm import read_duration, read_facts

Name = Callable[[str], None]
"Is told why a piece was left out."


class NoRecording(LianpingError):
    """There is nothing that could be shown or joined."""


class RecordingUnreadable(LianpingError):
    """A file in the folder is no piece."""


class Joined(StrEnum):
    """What of a seat is made one file."""

    SEAT = "seat"
    "Camera and microphone."
    SCREEN = "screen"
    DESKTOP = "desktop"


SCREENS: Final = {Joined.SCREEN: MediaTrack.SCREEN, Joined.DESKTOP: MediaTrack.DESKTOP}


class DesktopsShut(LianpingError):
    """A room that is not closed has recorded desktops: they show sheets that nobody else may see yet."""


class RecordingsDestroyed(LianpingError):
    """There are none any more, in order."""


class RecordedTrack(Struct, frozen=True, kw_only=True):
    """What lies in the folder of one track."""

    track: TrackKey
    pieces: int
    unreadable: int = 0
    "Of these pieces; what follows is said of the others."
    size: int
    "Bytes."
    begins_at: Millis | None
    recorded_ms: int
    "The pieces' lengths together; gaps between them do not count."
    missing_packets: int
    clock_ahead_ms: tuple[int, int] | None = None
    """How far the sender's clock goes ahead of ours at the first piece and at the last, the quickest way of its reports
    taken for none; no value where it has sent no report."""


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


def require_not_destroyed(settings: Settings, room: RoomId) -> None:
    """Let the recordings of a room be looked for.

    Raises:
        RecordingsDestroyed: they were destroyed.
    """
    note = recording_keys(settings).note_of(room)
    if note is not None:
        raise RecordingsDestroyed(destruction_sentence(read_destruction(note)[1], DEFAULT_TIME_ZONE))


async def require_desktops_open(settings: Settings, folder: Path) -> None:
    """Let recorded desktops be looked at: of a room of this server, once it is closed.

    Raises:
        DesktopsShut: the room goes on.
    """
    holds_desktops = any(kind is MediaTrack.DESKTOP for _, kind in track_folders(folder))
    if not holds_desktops or not (settings.data / "keys" / "master.key").exists():
        return
    async with open_backend(settings) as backend:
        with suppress(RoomUnknown):
            record = await backend.read_record(_room_of(folder))
            if record.room.closed_at is None:
                sentence = "桌面录像在评标室关闭以后才能打开。", "Recorded desktops are opened once the room is closed."
                raise DesktopsShut(words(*sentence))


def _room_of(folder: Path) -> RoomId:
    return RoomId(folder.absolute().name)


def recorded_tracks(folder: Path, read: ReadPiece) -> list[RecordedTrack]:
    """The tracks in a room's folder.

    Raises:
        NoRecording: there is none.
        PieceKeyMissing: a piece is sealed, and the key is not here.
        OSError: the folder cannot be read.
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
        try:
            data = read(path)
            about, duration_ms = read_facts(data), read_duration(data)
        except (BadEbml, PieceDamaged, OSError):
            continue
        facts.append(about)
        recorded_ms += duration_ms
        size += len(data)
    return RecordedTrack(
        track=track,
        pieces=len(paths),
        unreadable=len(paths) - len(facts),
        size=size,
        begins_at=Millis(facts[0].begins_at) if facts else None,
        recorded_ms=recorded_ms,
        missing_packets=sum(each.missing for each in facts),
        clock_ahead_ms=_clock_ahead(facts),
    )


def _clock_ahead(facts: Sequence[PieceFacts]) -> tuple[int, int] | None:
    clock = SenderClock(report for each in facts for report in each.reports)
    told = [offset for each in facts if (offset := clock.offset_ms(each.begins_at)) is not None]
    return (round(-told[0]), round(-told[-1])) if told else None


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


def _unnamed(reason: str) -> None:
    """What is left out is of no interest."""


def joined_seat(folder: Path, alias: Alias, read: ReadPiece, name: Name = _unnamed) -> Iterator[bytes]:
    """One WebM file of a seat's sound and pictures, part by part; a damaged piece is a gap, and named.

    Raises:
        NoRecording: nothing of this seat that can be read lies in the room's folder.
        RecordingUnreadable: its pictures cannot stand in one file.
        PieceKeyMissing: a piece is sealed, and the key is not here.
        OSError: the folder cannot be read.
    """
    return _joined(folder, alias, (MediaTrack.VIDEO, MediaTrack.AUDIO), read, name)


def joined_screen(
    folder: Path, alias: Alias, screen: MediaTrack, read: ReadPiece, name: Name = _unnamed
) -> Iterator[bytes]:
    """One WebM file of the screens that a seat has shown, or of its desktop; without sound, in the same time.

    Raises:
        As `joined_seat`.
    """
    return _joined(folder, alias, (screen, None), read, name)


def _joined(
    folder: Path, alias: Alias, tracks: tuple[MediaTrack, MediaTrack | None], read: ReadPiece, name: Name
) -> Iterator[bytes]:
    """Of these pictures and, where there is any, this sound."""
    folders = track_folders(folder)
    pictures, sound = (
        _readable(_sorted(folders[alias, track]), read, name) if track is not None and (alias, track) in folders else []
        for track in tracks
    )
    try:
        return join({"video": pictures, "audio": sound}, alias, read)
    except NothingToJoin as error:
        sentence = words(f"{folder} 中没有 {alias} 的录音录像。", f"There is no recording of {alias} in {folder}.")
        raise NoRecording(sentence) from error
    except BadEbml as error:
        raise RecordingUnreadable(str(error)) from error


def _readable(paths: list[Path], read: ReadPiece, name: Name) -> list[Path]:
    readable = []
    for path in paths:
        try:
            data = read(path)
            read_facts(data), read_duration(data)
        except PieceDamaged as error:
            name(str(error))
        except (BadEbml, OSError) as error:
            name(words(f"录音录像 {path} 无法读取：{error}", f"The recording {path} cannot be read: {error}"))
        else:
            readable.append(path)
    return readable


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
