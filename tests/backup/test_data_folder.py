import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from server.backup.data_folder import AOF, MANIFEST, copy_store, record_files, require_data, secret_files, store_files
from server.backup.errors import NothingToBackUp, StoreBusy
from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey
from tests.support.patience import until


def filled(data: Path, *names: str) -> Path:
    for name in names:
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return data


def names(files: object) -> list[str]:
    return [name for _, name in files]  # type: ignore[attr-defined]  # an iterator of pairs


def test_secrets_and_records_go_apart_and_what_belongs_to_a_running_server_stays(tmp_path: Path) -> None:
    data = filled(
        tmp_path,
        "keys/master.key",
        "keys/venue-A/key.pem",
        "operators/o1.json",
        "tls/server.key",
        "files/r1/ab",
        "files/r1/tmpdraft",
        "recordings/r1/E1-video/1.webm.sealed",
        "recordings/r1/E1-video/2.part",
        "recordings/r1/recordings-destroyed.txt",
        "note.txt",
        "store/lock",
        "store/valkey.log",
        "store.url",
        "demo/keys/master.key",
        ".keys-abc/log.key",
    )

    assert names(secret_files(data)) == [
        "keys/master.key",
        "keys/venue-A/key.pem",
        "operators/o1.json",
        "tls/server.key",
    ]
    assert names(record_files(data)) == ["note.txt", "recordings/r1/recordings-destroyed.txt"]


def test_folder_without_keys_or_store_is_no_servers(tmp_path: Path) -> None:
    with pytest.raises(NothingToBackUp):
        require_data(tmp_path)
    with pytest.raises(NothingToBackUp):
        require_data(filled(tmp_path, "keys/master.key"))

    require_data(filled(tmp_path, f"{AOF}/{MANIFEST}"))
    assert [path.name for path in store_files(tmp_path)] == [MANIFEST]


async def test_copy_of_a_store_that_is_written_and_rewritten_holds_a_beginning_of_what_was_answered(
    tmp_path: Path,
) -> None:
    data, copied = tmp_path / "data", tmp_path / "restored"
    answered = 0

    async def write(store: Store) -> None:
        nonlocal answered
        while True:
            await store.ask("RPUSH", "log", answered)
            answered += 1
            if answered % 50 == 0:
                with suppress(Exception):  # one may be under way
                    await store.ask("BGREWRITEAOF")

    async with EmbeddedValkey(data / "store") as valkey, Store(valkey.url) as store:
        writing = asyncio.create_task(write(store))
        await until(lambda: answered >= 200)
        before = answered
        files = await asyncio.to_thread(lambda: list(copy_store(data, tmp_path / "spare", pause_s=0.01)))
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
    for path, name in files:
        (copied / name).parent.mkdir(parents=True, exist_ok=True)
        path.rename(copied / name)

    async with EmbeddedValkey(copied / "store") as valkey, Store(valkey.url) as store:
        found = [int(each) for each in await store.ask("LRANGE", "log", 0, -1)]
    assert found == list(range(len(found)))
    assert before <= len(found) <= answered + 1


def test_store_that_is_rewritten_all_the_time_is_not_copied(tmp_path: Path) -> None:
    data = filled(tmp_path, f"{AOF}/a")
    (data / AOF / MANIFEST).write_text("file a seq 1 type b\nfile gone seq 2 type i\n")

    with pytest.raises(StoreBusy, match="back it up again in a minute"):
        copy_store(data, tmp_path / "spare", pause_s=0)
