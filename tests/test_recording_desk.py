"""Recordings as an operator handles them, from the folder alone."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from server.domain.commands import CloseRoom
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.evidence.progress import Stage
from server.recording_desk import (
    Copied,
    CopiesInTheWay,
    DesktopsShut,
    NoRecording,
    RecordedTrack,
    checked_recordings,
    copy_in_the_clear,
    joined_screen,
    joined_seat,
    reader_of,
    recorded_tracks,
    require_desktops_open,
)
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import PieceDamaged, PieceKeyMissing
from server.store.piece_files import digests_in, reading
from signaling.recording.pieces import SenderTime
from signaling.recording.sender_clock import NTP_EPOCH_MS
from tests.support.desk import open_desk
from tests.support.live_server import H1, plain_settings
from tests.support.recorded import BEGINS_AT, RECORDING_KEY, joined, piece, played, read, write

E1 = Alias("E1")
READ = reading(RECORDING_KEY)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Three pieces of one seat, as the media process writes them."""
    second = piece("video", 15, first=45, begins_at=BEGINS_AT + 3000)
    write(tmp_path, "r", piece("video", 45), second, piece("audio", 200))
    return tmp_path / "r"


def test_tracks_are_listed_with_what_their_files_say(room: Path) -> None:
    sound, pictures = recorded_tracks(room, READ)

    assert sound == RecordedTrack(
        track=(E1, MediaTrack.AUDIO),
        pieces=1,
        size=len(read(room / "E1-audio" / "1.webm.sealed")),
        begins_at=sound.begins_at,
        recorded_ms=4000,
        missing_packets=0,
    )
    assert (pictures.track, pictures.pieces, pictures.begins_at) == ((E1, MediaTrack.VIDEO), 2, BEGINS_AT)
    assert pictures.recorded_ms == pytest.approx(4000, abs=2)


def test_track_tells_how_far_its_seats_clock_is_ahead(tmp_path: Path) -> None:
    """It goes 7 s ahead, and half a second more when the second piece comes; reports take 20 ms."""
    for number, ahead_ms in enumerate((7_000, 7_500)):
        begins_at = BEGINS_AT + 600_000 * number
        seconds, rest = divmod(begins_at + ahead_ms + NTP_EPOCH_MS, 1000)
        said = SenderTime(seconds, rest * (1 << 32) // 1000, 0, begins_at + 20)
        write(tmp_path, "r", replace(piece("audio", 50, begins_at=begins_at), reports=(said,)))

    [sound] = recorded_tracks(tmp_path / "r", READ)

    assert sound.clock_ahead_ms == (6_980, 7_480)


def test_seat_is_joined_to_one_file_that_plays(room: Path) -> None:
    shown = played(joined(joined_seat(room, E1, READ)))

    assert (len(shown["video"]), len(shown["audio"])) == (60, 200)


def test_screen_of_a_seat_is_joined_by_itself(tmp_path: Path, room: Path) -> None:
    write(tmp_path, "r", *(replace(piece("video", 30), track=track) for track in ("screen", "desktop")))

    for track in (MediaTrack.SCREEN, MediaTrack.DESKTOP):
        shown = played(joined(joined_screen(room, E1, track, READ)))
        assert (len(shown["video"]), shown.get("audio")) == (30, None)
    assert len(played(joined(joined_seat(room, E1, READ)))["video"]) == 60
    with pytest.raises(NoRecording):
        joined_screen(room, Alias("E2"), MediaTrack.SCREEN, READ)


async def test_recorded_desktops_are_opened_once_the_room_is_closed(tmp_path: Path, valkey: EmbeddedValkey) -> None:
    settings = plain_settings(tmp_path / "data", valkey.url)
    async with open_desk(settings) as desk:
        folder = tmp_path / "recordings" / desk.room_id
        await require_desktops_open(settings, folder)  # there are none
        for name in (desk.room_id, "gone"):
            write(tmp_path / "recordings", name, replace(piece("video", 15), track="desktop"))
        await require_desktops_open(settings, tmp_path / "recordings" / "gone")  # the room of another server

        with pytest.raises(DesktopsShut, match="once the room is closed"):
            await require_desktops_open(settings, folder)
        await desk.play(lambda state: state.phase is Phase.CHECK_IN)
        await desk.act(H1, CloseRoom(reason="改期"))

        await require_desktops_open(settings, folder)
    await require_desktops_open(plain_settings(tmp_path / "stranger"), folder)


def test_folder_without_recordings_says_so(tmp_path: Path, room: Path) -> None:
    with pytest.raises(NoRecording, match="no recording in"):
        recorded_tracks(tmp_path / "none", READ)
    with pytest.raises(NoRecording, match="no recording of E2"):
        joined_seat(room, Alias("E2"), READ)


def test_pieces_that_cannot_be_read_are_counted_named_and_left_out(room: Path) -> None:
    damaged = room / "E1-video" / "1.webm.sealed"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    (room / "E1-video" / "3.webm").write_bytes(b"half")
    (room / "E1-video" / "4.webm").mkdir()
    named: list[str] = []

    sound, pictures = recorded_tracks(room, READ)
    shown = played(joined(joined_seat(room, E1, READ, named.append)))

    assert (sound.unreadable, pictures.unreadable, pictures.pieces) == (0, 3, 4)
    assert pictures.recorded_ms == pytest.approx(1000, abs=2)
    assert (len(shown["video"]), len(shown["audio"])) == (15, 200)
    assert named[0] == str(PieceDamaged(damaged))
    assert ["3.webm cannot be read" in named[1], "4.webm cannot be read" in named[2], len(named)] == [True, True, 3]


def test_track_of_which_nothing_can_be_read_is_listed_all_the_same(room: Path) -> None:
    (room / "E1-audio" / "1.webm.sealed").write_bytes(b"")

    sound, _ = recorded_tracks(room, READ)

    assert (sound.pieces, sound.unreadable, sound.begins_at, sound.clock_ahead_ms) == (1, 1, None, None)


def test_sealed_recordings_say_so_where_their_key_is_not(room: Path) -> None:
    for look in (recorded_tracks, lambda folder, read: joined_seat(folder, E1, read)):
        with pytest.raises(PieceKeyMissing, match="the key of its room is not here"):
            look(room, reading(None))


def test_copies_lie_in_the_clear_under_the_names_that_verify_knows(room: Path, tmp_path: Path) -> None:
    told: list[tuple[Stage, int, int]] = []

    copied = copy_in_the_clear(room, tmp_path / "copies", READ, lambda *step: told.append(step))

    copies = sorted(path for path in (tmp_path / "copies").rglob("*.*"))
    assert copied == Copied(3, [])
    assert [str(path.relative_to(tmp_path / "copies")) for path in copies] == [
        "E1-audio/1.webm",
        "E1-video/1.webm",
        "E1-video/2.webm",
    ]
    assert {path.stat().st_mode & 0o777 for path in copies} == {0o600}
    assert len(played(copies[1].read_bytes())["video"]) == 45
    assert digests_in(tmp_path / "copies", reading(None)) == digests_in(room, READ)
    assert told == [(Stage.PIECES, done, 3) for done in range(3)]


def test_piece_that_does_not_open_is_named_and_the_others_are_copied(room: Path, tmp_path: Path) -> None:
    damaged = room / "E1-video" / "1.webm.sealed"
    damaged.write_bytes(damaged.read_bytes()[:-1])

    copied = copy_in_the_clear(room, tmp_path / "copies", READ)

    assert copied == Copied(2, [str(PieceDamaged(damaged))])
    assert not (tmp_path / "copies" / "E1-video" / "1.webm").exists()


def test_copies_are_not_mixed_with_what_lies_there(room: Path, tmp_path: Path) -> None:
    with pytest.raises(CopiesInTheWay, match="is not empty"):
        copy_in_the_clear(room, room, READ)
    with pytest.raises(NoRecording):
        copy_in_the_clear(tmp_path / "none", tmp_path / "copies", READ)

    assert not (tmp_path / "copies").exists()


async def test_key_is_asked_for_only_where_a_piece_is_sealed_and_a_server_has_kept_keys(
    room: Path, tmp_path: Path
) -> None:
    settings = plain_settings(tmp_path / "data")
    copy_in_the_clear(room, tmp_path / "copies", READ)

    clear, sealed = await reader_of(settings, tmp_path / "copies"), await reader_of(settings, room)

    assert len(recorded_tracks(tmp_path / "copies", clear)) == 2
    with pytest.raises(PieceKeyMissing):
        recorded_tracks(room, sealed)
    assert not (tmp_path / "data").exists()


async def test_all_pieces_are_examined_anew_against_what_the_record_asks_for(
    valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    settings = replace(plain_settings(tmp_path / "data", valkey.url), media=True)
    async with open_desk(settings) as desk:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        key = await desk.backend.recordings.key_of(desk.room_id)
        assert key is not None
        write(desk.backend.recordings.folder, desk.room_id, piece("video", 45), key=key)
        told: list[tuple[Stage, int, int]] = []

        result, zone = await checked_recordings(desk.backend, desk.room_id, lambda *step: told.append(step))

    found = {(check.alias, check.kind): check for check in result.tracks}
    assert (result.pieces, result.examined, zone) == (1, 1, "Asia/Shanghai")
    assert found[E1, MediaTrack.VIDEO].recorded_ms == pytest.approx(3000, abs=2)
    assert found[E1, MediaTrack.AUDIO].recorded_ms == 0
    assert told == [(Stage.PIECES, 0, 1)]
