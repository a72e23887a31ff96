"""Recordings of a closed room are destroyed for ever, and whoever verifies its package is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.backend import now, open_backend
from server.backup.desk import make_backup, restore_backup
from server.destruction_desk import (
    Doomed,
    NobodyNamed,
    NothingToDestroy,
    Order,
    RoomGoesOn,
    StillKept,
    after_destruction,
    before_destruction,
    destroy_recordings,
    doomed_recordings,
    require_order,
)
from server.domain.commands import CloseRoom
from server.domain.ids import Millis, RoomId
from server.domain.phases import Phase
from server.evidence.verdict import Verdict
from server.recording_desk import NoRecording, RecordingsDestroyed, recorded_tracks, require_not_destroyed
from server.room_desk import export_room
from server.settings import Settings
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import PieceKeyMissing
from server.store.piece_files import reading
from server.verify_desk import verify_package
from tests.evidence.signed_room import found
from tests.support.desk import Desk, open_desk
from tests.support.live_server import H1, plain_settings
from tests.support.recorded import piece, write

LAWFUL = Order(by="档案室 王芳")
EARLY = Order(by="档案室 王芳", reason="法院裁定", early=True)


@asynccontextmanager
async def recorded(settings: Settings) -> AsyncIterator[Desk]:
    """A room with two pieces, closed soon after its check-in."""
    async with open_desk(replace(settings, media=True)) as desk:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        key = await desk.backend.recordings.key_of(desk.room_id)
        assert key is not None
        write(desk.backend.recordings.folder, desk.room_id, piece("video", 45), piece("audio", 150), key=key)
        await desk.act(H1, CloseRoom(reason="改期"))
        yield desk


async def doomed(desk: Desk) -> Doomed:
    there_is = await doomed_recordings(desk.backend, desk.room_id)
    assert isinstance(there_is, Doomed)
    return there_is


async def verified(desk: Desk) -> Verdict:
    """The verdict on the room's package beside what the server still has of its recordings."""
    package = await export_room(desk.backend, desk.room_id)
    folder = desk.backend.recordings.folder / desk.room_id
    return await asyncio.to_thread(verify_package, package, recordings=folder)


async def test_recordings_are_gone_for_ever_once_their_time_has_ended_and_the_record_tells(
    valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    settings = plain_settings(tmp_path / "data", valkey.url)
    async with recorded(settings) as desk:
        there_was = await doomed(desk)
        package = await export_room(desk.backend, desk.room_id)
        kept = {path: path.read_bytes() for path in (tmp_path / "data" / "recordings").rglob("*.sealed")}

        done = await destroy_recordings(desk.backend, desk.room_id, LAWFUL, there_was.kept_until)

        assert (done.pieces, done.size) == (2, sum(map(len, kept.values()))) == (there_was.pieces, there_was.size)
        assert (done.by, done.reason, done.at) == ("档案室 王芳", "keeping time ended", there_was.kept_until)
        assert await doomed_recordings(desk.backend, desk.room_id) == done
        assert await desk.backend.recordings.key_of(desk.room_id) is None
        assert [*(tmp_path / "data" / "recordings").rglob("*.sealed")] == []
        verdict = await verified(desk)
        folder = desk.backend.recordings.folder / desk.room_id
        of_before = await asyncio.to_thread(verify_package, package, recordings=folder)
        with pytest.raises(RecordingsDestroyed, match=r"destroyed on .* by 档案室 王芳 \(2 pieces"):
            require_not_destroyed(settings, desk.room_id)

        copy = next(iter(kept))
        copy.parent.mkdir(parents=True)
        copy.write_bytes(kept[copy])
        with pytest.raises(PieceKeyMissing):
            reading(await desk.backend.recordings.key_of(desk.room_id))(copy)

    assert verdict.destruction == of_before.destruction == done
    assert not {"recordings_destruction", "recordings_kept_long_enough", "recordings_complete"} & set(found(verdict))
    assert before_destruction(there_was)
    assert len([*after_destruction(there_was)]) == 2


async def test_before_that_they_are_destroyed_only_for_a_reason_which_the_verdict_tells(
    valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    async with recorded(plain_settings(tmp_path / "data", valkey.url)) as desk:
        there_was = await doomed(desk)
        early = Millis(there_was.kept_until - 1)
        for order in (
            LAWFUL,
            replace(LAWFUL, early=True),
            replace(LAWFUL, reason="占用空间"),
            replace(EARLY, reason=" "),
        ):
            with pytest.raises(StillKept, match=f"kept until {there_was.kept_until_text}"):
                await destroy_recordings(desk.backend, desk.room_id, order, early)
        require_order(there_was, LAWFUL, there_was.kept_until)
        with pytest.raises(NobodyNamed):
            require_order(there_was, Order(by=" "), there_was.kept_until)
        assert await doomed(desk) == there_was

        done = await destroy_recordings(desk.backend, desk.room_id, EARLY, early)

        verdict = await verified(desk)
    assert (done.reason, verdict.destruction) == ("法院裁定", done)
    assert "recordings_kept_long_enough" in found(verdict)


async def test_command_that_was_cut_off_finishes_when_it_is_given_again(
    valkey: EmbeddedValkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with recorded(plain_settings(tmp_path / "data", valkey.url)) as desk:
        until = (await doomed(desk)).kept_until
        track = tmp_path / "data" / "recordings" / desk.room_id / "E1-audio"
        monkeypatch.setattr("shutil.rmtree", _refuse)
        with pytest.raises(PermissionError):
            await destroy_recordings(desk.backend, desk.room_id, LAWFUL, until)
        monkeypatch.undo()
        stated = await doomed_recordings(desk.backend, desk.room_id)
        assert await desk.backend.recordings.key_of(desk.room_id) is None
        assert track.exists()

        again = await destroy_recordings(desk.backend, desk.room_id, EARLY, Millis(until + 1))

    assert again == stated
    assert not track.exists()
    assert "before" in next(after_destruction(again))


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError("the disk is read-only")


async def test_room_that_goes_on_or_holds_nothing_is_left_alone(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        with pytest.raises(RoomGoesOn):
            await doomed_recordings(desk.backend, desk.room_id)
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        await desk.act(H1, CloseRoom(reason="改期"))

        with pytest.raises(NothingToDestroy):
            await doomed_recordings(desk.backend, desk.room_id)


async def test_recordings_that_were_sealed_with_the_records_own_key_are_removed_and_that_is_said(
    valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    async with recorded(plain_settings(tmp_path / "data", valkey.url)) as desk:
        desk.backend.recording_keys.forget(desk.room_id)  # as a server of before left it
        there_was = await doomed(desk)

        await destroy_recordings(desk.backend, desk.room_id, LAWFUL, there_was.kept_until)

        assert await desk.backend.recordings.key_of(desk.room_id) is None
    assert "An older version" in next(after_destruction(there_was))


async def test_backup_from_before_brings_them_back_but_not_with_keys_from_after(tmp_path: Path) -> None:
    settings = plain_settings(tmp_path / "data")
    async with recorded(settings) as desk:
        room = desk.room_id
        until = (await doomed(desk)).kept_until
        before = await asyncio.to_thread(make_backup, settings, tmp_path / "b1", tmp_path / "b1", now())
        await destroy_recordings(desk.backend, room, LAWFUL, until)
        after = await asyncio.to_thread(make_backup, settings, tmp_path / "b2", tmp_path / "b2", now())

    tracks = [
        await restored_tracks(tmp_path / name, room, records, keys)
        for name, records, keys in (
            ("both-before", before.records, before.keys),
            ("keys-after", before.records, after.keys),
            ("both-after", after.records, after.keys),
        )
    ]

    assert tracks == [2, "sealed", "none"]


async def restored_tracks(data: Path, room: RoomId, records: Path, keys: Path) -> int | str:
    """What of a room's recordings a server shows that was restored from a backup."""
    settings = plain_settings(data)
    await asyncio.to_thread(restore_backup, settings, records, keys)
    async with open_backend(settings) as backend:
        try:
            return len(recorded_tracks(backend.recordings.folder / room, await backend.recordings.reader(room)))
        except PieceKeyMissing:
            return "sealed"
        except NoRecording:
            return "none"
