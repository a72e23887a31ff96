"""Recordings as an operator handles them, from the folder alone."""

from pathlib import Path

import pytest

from server.domain.ids import Alias
from server.domain.recordings import MediaTrack
from server.recording_desk import NoRecording, RecordedTrack, RecordingUnreadable, joined_seat, recorded_tracks
from signaling.recording.piece_writer import PieceWriter
from tests.support.recorded import BEGINS_AT, joined, piece, played

E1 = Alias("E1")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Three pieces of one seat, as the media process writes them."""
    writer = PieceWriter(tmp_path, lambda became: None, reserve_bytes=0)
    for each in (
        piece("video", 45),
        piece("video", 15, first=45, begins_at=BEGINS_AT + 3000),
        piece("audio", 200),
    ):
        writer.put("r", each)
    writer.close()
    return tmp_path / "r"


def test_tracks_are_listed_with_what_their_files_say(room: Path) -> None:
    sound, pictures = recorded_tracks(room)

    assert sound == RecordedTrack(
        track=(E1, MediaTrack.AUDIO),
        pieces=1,
        size=(room / "E1-audio" / "1.webm").stat().st_size,
        begins_at=sound.begins_at,
        recorded_ms=4000,
        missing_packets=0,
    )
    assert (pictures.track, pictures.pieces, pictures.begins_at) == ((E1, MediaTrack.VIDEO), 2, BEGINS_AT)
    assert pictures.recorded_ms == pytest.approx(4000, abs=2)


def test_seat_is_joined_to_one_file_that_plays(room: Path) -> None:
    shown = played(joined(joined_seat(room, E1)))

    assert (len(shown["video"]), len(shown["audio"])) == (60, 200)


def test_folder_without_recordings_says_so(tmp_path: Path, room: Path) -> None:
    with pytest.raises(NoRecording, match="no recording in"):
        recorded_tracks(tmp_path / "none")
    with pytest.raises(NoRecording, match="no recording of E2"):
        joined_seat(room, Alias("E2"))


def test_file_that_is_no_piece_is_named(room: Path) -> None:
    (room / "E1-video" / "3.webm").write_bytes(b"half")

    with pytest.raises(RecordingUnreadable, match=r"3\.webm"):
        recorded_tracks(room)
    with pytest.raises(RecordingUnreadable):
        joined_seat(room, E1)
