"""Recordings as an operator handles them, from the folder alone."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.evidence.progress import Stage
from server.recording_desk import (
    NoRecording,
    RecordedTrack,
    RecordingUnreadable,
    checked_recordings,
    joined_seat,
    recorded_tracks,
)
from server.store.embedded_valkey import EmbeddedValkey
from signaling.recording.piece_writer import PieceWriter
from tests.support.desk import open_desk
from tests.support.live_server import plain_settings
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


async def test_all_pieces_are_examined_anew_against_what_the_record_asks_for(
    valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    settings = replace(plain_settings(tmp_path / "data", valkey.url), media=True)
    async with open_desk(settings) as desk:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        writer = PieceWriter(desk.backend.recordings.folder, lambda became: None, reserve_bytes=0)
        writer.put(desk.room_id, piece("video", 45))
        writer.close()
        told: list[tuple[Stage, int, int]] = []

        result, zone = await checked_recordings(desk.backend, desk.room_id, lambda *step: told.append(step))

    found = {(check.alias, check.kind): check for check in result.tracks}
    assert (result.pieces, result.examined, zone) == (1, 1, "Asia/Shanghai")
    assert found[E1, MediaTrack.VIDEO].recorded_ms == pytest.approx(3000, abs=2)
    assert found[E1, MediaTrack.AUDIO].recorded_ms == 0
    assert told == [(Stage.PIECES, 0, 1)]
