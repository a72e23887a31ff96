"""A sitting that goes on from its backup: played half way, backed up while the server runs, destroyed, restored."""

import asyncio
import shutil
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.app import run_server
from server.backend import now
from server.backup.archive import ArchiveWriter, Kind, seal_key
from server.backup.desk import Backup, make_backup, restore_backup
from server.backup.errors import BackupDamaged, FolderNotEmpty, NotEnoughSpace, NothingToBackUp, StoreElsewhere
from server.backup.shelf import LEFT_FREE_BYTES
from server.demo.narration import no_pause
from server.demo.play import Troupe, play
from server.domain.events import BidFileListed
from server.domain.ids import Millis
from server.domain.lines import parse_line
from server.domain.phases import Phase
from server.evidence.verdict import Outcome
from server.recording_desk import joined_seat
from server.room_desk import create_room, export_room
from server.settings import Settings
from server.verify_desk import verify_package
from signaling.recording.webm import file_head
from tests.support.live_server import ACTS, E1, TEXTBOOK, Sitting, plain_settings
from tests.support.recorded import joined, piece, played, write


async def backed_up(settings: Settings, folder: Path, later: int = 0) -> Backup:
    """A backup made now, or so many milliseconds later."""
    return await asyncio.to_thread(make_backup, settings, folder, folder / "safe", Millis(now() + later))


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
        first = await backed_up(settings, tmp_path / "backups")
        write(server.backend.recordings.folder, room, piece("audio", 150), key=key)
        backup = await backed_up(settings, tmp_path / "backups", later=1000)
        third = await backed_up(settings, tmp_path / "backups", later=2000)
    shutil.rmtree(settings.data)
    written = [*first.recordings, *backup.recordings]
    assert [len(each.recordings) for each in (first, backup, third)] == [1, 1, 0]
    assert [len(each.room_files) for each in (first, backup, third)] == [1, 0, 0]
    for path in (backup.records, *written):
        assert file_head([]) not in await asyncio.to_thread(path.read_bytes)

    restore_backup(settings, backup.records, backup.keys)

    async with run_server(settings) as server, AsyncExitStack() as stack:
        restored = Sitting(server, room, stack)
        assert await restored.lines() == lines
        for event in [parse_line(line).event for line in lines]:
            if isinstance(event, BidFileListed):
                assert await server.backend.files.get(room, event.file.sha256) == TEXTBOOK.load(f"bids/{event.bid}.pdf")
        recordings = server.backend.recordings
        film = joined(joined_seat(recordings.folder / room, E1, await recordings.reader(room)))
        assert {kind: len(shown) for kind, shown in played(film).items()} == {"video": 45, "audio": 150}
        again = await backed_up(settings, tmp_path / "backups", later=3000)
        assert (again.recordings, again.room_files) == ([], [])  # known again
        for alias, seat in seats.items():
            await restored.enter(alias, key=seat.key, token=seat.token)
        await play(Troupe(restored.seats), ACTS, no_pause, lambda view: view.phase is Phase.CLOSED)
        await restored.all_hold_everything()
        package = await export_room(server.backend, room)
    verdict = await asyncio.to_thread(verify_package, package)
    assert verdict.outcome is Outcome.SOUND, verdict


@pytest.fixture(scope="module")
def spare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the backup that the tests below share and do not change."""
    return tmp_path_factory.mktemp("spare")


@pytest.fixture(scope="module")
def small(spare: Path) -> Backup:
    """A backup of a server with one room of which something was recorded."""

    async def make() -> Backup:
        settings = plain_settings(spare / "data")
        async with run_server(settings) as server:
            room = await create_room(server.backend, TEXTBOOK)
            write(server.backend.recordings.folder, room, piece("video", 15))
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
    [recordings], [files] = small.recordings, small.room_files
    beside = {path.name for path in recordings.parent.iterdir()}
    assert beside == {recordings.name, files.name, small.records.name, "safe"}
    assert small.size == sum(path.stat().st_size for path in (small.records, recordings, files, small.keys))


def test_restore_without_recordings_and_bids_that_are_needed_is_refused_unless_it_is_left_out(
    small: Backup, tmp_path: Path
) -> None:
    records = shutil.copy(small.records, tmp_path)
    damaged: list[BackupDamaged] = []

    assert "it is not beside them" in refused(tmp_path, Path(records), small.keys)
    restore_backup(plain_settings(tmp_path / "data"), Path(records), small.keys, damaged.append)

    needed = [*small.room_files, *small.recordings]
    assert [each.file for each in damaged] == [tmp_path / each.name for each in needed]
    assert (tmp_path / "data" / "store").is_dir()
    assert not any((tmp_path / "data" / folder).exists() for folder in ("recordings", "files"))


@pytest.mark.parametrize("kind", ["recordings", "files"])
def test_recordings_and_bids_that_are_cut_off_or_others_than_those_named_are_refused(
    small: Backup, spare: Path, tmp_path: Path, kind: Kind
) -> None:
    records, *needed = (
        Path(shutil.copy(path, tmp_path)) for path in (small.records, *small.recordings, *small.room_files)
    )
    [damaged] = [path for path in needed if path.suffix == f".{kind}"]
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: len(whole) // 3])
    assert "cut off" in refused(tmp_path, records, small.keys)

    damaged.unlink()
    key = seal_key((spare / "data" / "keys" / "master.key").read_bytes())
    with damaged.open("wb") as file:
        ArchiveWriter(file, kind).close(now(), key)
    assert "not the one that the records name" in refused(tmp_path, records, small.keys)


def test_backup_that_will_not_fit_is_not_begun(small: Backup, spare: Path) -> None:
    before = sorted(path.name for path in (spare / "backups").rglob("*"))

    with pytest.raises(NotEnoughSpace, match="No incomplete backup is left behind"):
        make_backup(
            plain_settings(spare / "data"),
            spare / "backups",
            spare / "backups/safe",
            Millis(small.made_at + 1000),
            free=lambda _: LEFT_FREE_BYTES,
        )

    assert sorted(path.name for path in (spare / "backups").rglob("*")) == before


ONTO_A_FULL_DISK = """
import sys
from pathlib import Path
from server.backend import now
from server.backup.desk import make_backup
from server.backup.errors import NotEnoughSpace
from tests.support.live_server import plain_settings

data, disk = map(Path, sys.argv[1:])
try:
    make_backup(plain_settings(data), disk, disk, now(), free=lambda _: 1 << 40)
except NotEnoughSpace:
    print([path.name for path in disk.iterdir()])
"""


@pytest.mark.usefixtures("small")
def test_disk_that_is_full_before_the_end_holds_nothing_half_written(spare: Path, tmp_path: Path) -> None:
    """The recordings still fit onto the disk."""
    mount = f'mount -t tmpfs -o size=200k none "{tmp_path}" && exec "$@"'
    command = [sys.executable, "-c", ONTO_A_FULL_DISK, str(spare / "data"), str(tmp_path)]

    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, "sh", *command], capture_output=True, text=True, check=False
    )

    assert (ran.stdout, ran.stderr) == ("[]\n", "")


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
