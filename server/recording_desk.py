"""What an operator does with recordings from outside: see which there are, examine them, make one file of a seat's.

All but the examination reads the folder alone and needs neither store nor server. What it says of a piece is what the
file says; whether the file is the right one, `verify --recordings` says.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from server.backend import Backend, now
from server.domain.errors import LianpingError
from server.domain.events import RecordingsChecked
from server.domain.ids import Alias, Millis, RoomId
from server.domain.recordings import MediaTrack, PieceLook, TrackKey
from server.evidence.progress import Stage, Tell, untold
from server.session.recording_review import RecordingReview
from server.store.piece_examiner import PieceExaminer
from server.store.piece_files import pieces_in, track_folders
from server.tender.tender_file import DEFAULT_TIME_ZONE
from signaling.recording.ebml import BadEbml
from signaling.recording.join import NothingToJoin, join
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


def recorded_tracks(folder: Path) -> list[RecordedTrack]:
    """The tracks in a room's folder.

    Raises:
        NoRecording: there is none.
        RecordingUnreadable: a file is no piece.
        OSError: a file cannot be read.
    """
    found = ((track, _sorted(of_track)) for track, of_track in track_folders(folder).items())
    tracks = [_summary(track, paths) for track, paths in found if paths]
    if not tracks:
        raise NoRecording(f"There is no recording in {folder}.")
    return tracks


def _sorted(folder: Path) -> list[Path]:
    return [path for _, path in sorted(pieces_in(folder).items())]


def _summary(track: TrackKey, paths: list[Path]) -> RecordedTrack:
    facts, size, recorded_ms = [], 0, 0
    for path in paths:
        data = path.read_bytes()
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
    """
    record = await backend.read_record(room)
    lines = [each.line for each in record.stored]
    opening = record.room.opening
    async with PieceExaminer() as examiner:

        async def look(path: Path) -> PieceLook | None:
            tell(Stage.PIECES, review.examined, review.pieces)
            return await examiner.look(path)

        review = RecordingReview(room, backend.recordings, look)
        await review.go_on()
    return review.result(lines, now()), opening.time_zone if opening else DEFAULT_TIME_ZONE


def joined_seat(folder: Path, alias: Alias) -> Iterator[bytes]:
    """One WebM file of a seat's sound and pictures, part by part.

    Raises:
        NoRecording: nothing of this seat lies in the room's folder.
        RecordingUnreadable: a file is no piece.
        OSError: a file cannot be read.
    """
    folders = track_folders(folder)
    pieces = {kind: _sorted(folders[alias, kind]) if (alias, kind) in folders else [] for kind in MediaTrack}
    try:
        return join({"video": pieces[MediaTrack.VIDEO], "audio": pieces[MediaTrack.AUDIO]}, alias)
    except NothingToJoin as error:
        raise NoRecording(f"There is no recording of {alias} in {folder}.") from error
    except BadEbml as error:
        raise RecordingUnreadable(str(error)) from error
