"""A sitting that goes on from its backup: played half way, backed up while the server runs, destroyed, restored."""

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.app import run_server
from server.backend import now
from server.backup.desk import Backup, make_backup, restore_backup
from server.backup.errors import BackupDamaged, FolderNotEmpty, NothingToBackUp, StoreElsewhere
from server.demo.narration import no_pause
from server.demo.play import Troupe, play
from server.domain.phases import Phase
from server.evidence.verdict import Outcome
from server.recording_desk import joined_seat
from server.room_desk import create_room, export_room
from server.settings import Settings
from server.verify_desk import verify_package
from signaling.recording.webm import file_head
from tests.support.live_server import ACTS, E1, TEXTBOOK, Sitting, plain_settings
from tests.support.recorded import joined, piece, played, write


async def backed_up(settings: Settings, folder: Path) -> Backup:
    return await asyncio.to_thread(make_backup, settings, folder, folder / "safe", now())


async def test_sitting_goes_on_from_its_backup_and_its_record_is_sound(tmp_path: Path) -> None:
    settings = plain_settings(tmp_path / "data")
    async with run_server(settings) as server, AsyncExitStack() as stack:
        sitting = Sitting(server, await create_room(server.backend, TEXTBOOK), stack)
        await sitting.play_to_scoring()
        await sitting.all_hold_everything()
        seats, room, lines = dict(sitting.seats), sitting.room, await sitting.lines()
        key = await server.backend.recordings.key_of(room)
        assert key is not None
        write(server.backend.recordings.folder, room, piece("video", 45), key=key)
        backup = await backed_up(settings, tmp_path / "backups")
    shutil.rmtree(settings.data)
    assert file_head([]) not in await asyncio.to_thread(backup.records.read_bytes)

    restore_backup(settings, backup.records, backup.keys)

    async with run_server(settings) as server, AsyncExitStack() as stack:
        restored = Sitting(server, room, stack)
        assert await restored.lines() == lines
        recordings = server.backend.recordings
        film = joined(joined_seat(recordings.folder / room, E1, await recordings.reader(room)))
        assert len(played(film)["video"]) == 45
        for alias, seat in seats.items():
            await restored.enter(alias, key=seat.key, token=seat.token)
        await play(Troupe(restored.seats), ACTS, no_pause, lambda view: view.phase is Phase.CLOSED)
        package = await export_room(server.backend, room)
    verdict = await asyncio.to_thread(verify_package, package)
    assert verdict.outcome is Outcome.SOUND, verdict


@pytest.fixture(scope="module")
def spare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the backup that the tests below share and do not change."""
    return tmp_path_factory.mktemp("spare")


@pytest.fixture(scope="module")
def small(spare: Path) -> Backup:
    """A backup of a server with one room."""

    async def make() -> Backup:
        settings = plain_settings(spare / "data")
        async with run_server(settings) as server:
            await create_room(server.backend, TEXTBOOK)
            return await backed_up(settings, spare / "backups")

    return asyncio.run(make())


def refused(tmp_path: Path, records: Path, keys: Path) -> str:
    """The sentence of a restore that is refused and leaves nothing."""
    with pytest.raises(BackupDamaged) as damaged:
        restore_backup(plain_settings(tmp_path / "data"), records, keys)
    assert not (tmp_path / "data").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".data")] == []
    return str(damaged.value)


def test_backup_is_two_files_for_the_owner_only_kept_apart(small: Backup, spare: Path) -> None:
    assert (small.records.parent, small.keys.parent) == (spare / "backups", spare / "backups" / "safe")
    assert {path.stat().st_mode & 0o777 for path in (small.records, small.keys)} == {0o600}
    assert sorted(path.name for path in small.records.parent.iterdir()) == [small.records.name, "safe"]
    assert small.size == small.records.stat().st_size + small.keys.stat().st_size


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.98])
def test_backup_that_is_cut_off_is_refused(small: Backup, tmp_path: Path, share: float) -> None:
    whole = small.records.read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: int(len(whole.rstrip(b"\0")) * share)])

    assert "Nothing was restored" in refused(tmp_path, cut, small.keys)


def test_backup_that_was_changed_is_refused(small: Backup, tmp_path: Path) -> None:
    whole = small.records.read_bytes()
    at = whole.index(b"XADD")
    changed = tmp_path / "changed"
    changed.write_bytes(whole[:at] + b"YADD" + whole[at + 4 :])

    assert "its files are not those of its list" in refused(tmp_path, changed, small.keys)


def test_keys_of_another_server_are_refused(small: Backup, tmp_path: Path) -> None:
    async def make() -> Backup:
        other = plain_settings(tmp_path / "other")
        async with run_server(other):
            return await backed_up(other, tmp_path / "others")

    other = asyncio.run(make())

    assert "the keys are not its own" in refused(tmp_path, small.records, other.keys)
    assert "holds no master key" in refused(tmp_path, other.records, other.records)


def test_restore_overwrites_nothing(small: Backup, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine").touch()

    with pytest.raises(FolderNotEmpty, match="overwrites nothing"):
        restore_backup(plain_settings(tmp_path / "data"), small.records, small.keys)

    assert [path.name for path in (tmp_path / "data").iterdir()] == ["mine"]


def test_folder_without_data_and_a_store_elsewhere_are_not_backed_up(tmp_path: Path) -> None:
    settings = plain_settings(tmp_path / "data")

    with pytest.raises(NothingToBackUp):
        make_backup(settings, tmp_path, tmp_path, now())
    with pytest.raises(StoreElsewhere, match="LIANPING_REDIS_URL"):
        make_backup(replace(settings, redis_url="redis://store"), tmp_path, tmp_path, now())

    assert list(tmp_path.iterdir()) == []
