import asyncio
import os
import signal
import stat
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey, find_program
from server.store.errors import FolderInUse, ValkeyFailed, ValkeyMissing
from server.store.promise import check
from tests.support.patience import until
from tests.support.valkey import kill, until_back

SERVER_THAT_IS_KILLED = """
import asyncio, sys
from pathlib import Path
from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey

async def main():
    async with EmbeddedValkey(Path(sys.argv[1])) as valkey, Store(valkey.url) as store:
        await store.ask("SET", "acknowledged", "yes")
        sys.stdout.write(f"{valkey.pid}\\n")
        sys.stdout.flush()
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_embedded_valkey_keeps_the_promise(valkey: EmbeddedValkey, store: Store) -> None:
    promise = await check(store)

    assert promise.faults == ()


async def test_embedded_valkey_is_open_to_its_owner_only(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "data") as valkey:
        modes = [
            stat.S_IMODE(path.stat().st_mode) for path in (valkey.socket, tmp_path / "data", tmp_path / "data/lock")
        ]

    assert modes == [0o600, 0o700, 0o600]


async def test_embedded_valkey_finds_its_data_again(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path) as valkey, Store(valkey.url) as store:
        await store.ask("SET", "a", "b")

    async with EmbeddedValkey(tmp_path) as valkey, Store(valkey.url) as store:
        assert await store.ask("GET", "a") == b"b"


async def test_embedded_valkey_stops_with_its_server(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path) as valkey:
        pid = valkey.pid

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_embedded_valkey_is_killed_when_it_hangs_at_the_end(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path, stop_wait_s=0.1) as valkey:
        os.kill(valkey.pid, signal.SIGSTOP)

    with pytest.raises(ProcessLookupError):
        os.kill(valkey.pid, 0)


async def test_embedded_valkey_refuses_a_folder_in_use(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path):
        with pytest.raises(FolderInUse, match=f"{tmp_path} is in use by process {os.getpid()}"):
            await EmbeddedValkey(tmp_path, lock_wait_s=0).__aenter__()


async def test_embedded_valkey_waits_for_a_server_that_is_just_ending(tmp_path: Path) -> None:
    second = EmbeddedValkey(tmp_path, lock_wait_s=10)
    async with EmbeddedValkey(tmp_path) as first, Store(first.url) as store:
        await store.ask("SET", "a", "b")
        starting = asyncio.create_task(second.__aenter__())
        await store.ask("PING")

    await starting
    async with Store(second.url) as store:
        answer = await store.ask("GET", "a")
    await second.__aexit__(None, None, None)

    assert answer == b"b"


async def test_embedded_valkey_starts_again_when_it_dies(own_valkey: EmbeddedValkey) -> None:
    first = own_valkey.pid
    async with Store(own_valkey.url) as store:
        await store.ask("SET", "a", "b")

    kill(own_valkey)
    await until_back(own_valkey)

    async with Store(own_valkey.url) as store:
        assert await store.ask("GET", "a") == b"b"
    assert own_valkey.pid != first


async def test_embedded_valkey_dies_with_a_killed_server_and_loses_nothing(tmp_path: Path) -> None:
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER_THAT_IS_KILLED, tmp_path, stdout=PIPE)
    assert server.stdout is not None
    left_over = int(await server.stdout.readline())

    server.kill()
    await server.communicate()

    async with EmbeddedValkey(tmp_path) as valkey, Store(valkey.url) as store:
        assert await store.ask("GET", "acknowledged") == b"yes"
    assert not _runs(left_over)


async def test_embedded_valkey_takes_long_and_foreign_paths(tmp_path: Path) -> None:
    folder = tmp_path / ("评标 室?#%" * 12)

    async with EmbeddedValkey(folder) as valkey, Store(valkey.url) as store:
        await store.ask("SET", "a", "b")
        assert len(os.fsencode(valkey.socket)) <= 100

    assert not valkey.socket.parent.exists()
    assert list((folder / "appendonlydir").glob("*.manifest")) != []


async def test_embedded_valkey_takes_odd_characters_in_the_socket(tmp_path: Path) -> None:
    async with EmbeddedValkey(tmp_path / "评标 ?#%") as valkey, Store(valkey.url) as store:
        assert await store.ask("PING") == b"PONG"
    assert valkey.socket.parent == tmp_path / "评标 ?#%"


async def test_embedded_valkey_shows_why_it_did_not_start(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("a file where the folder belongs")

    with pytest.raises(ValkeyFailed, match="appendonlydir"):
        await EmbeddedValkey(tmp_path).__aenter__()

    (tmp_path / "appendonlydir").unlink()
    async with EmbeddedValkey(tmp_path, lock_wait_s=0) as valkey:
        assert valkey.socket.exists()


async def test_embedded_valkey_that_does_not_answer_in_time_has_failed(tmp_path: Path) -> None:
    with pytest.raises(ValkeyFailed, match="did not start"):
        await EmbeddedValkey(tmp_path, start_wait_s=0).__aenter__()


async def test_embedded_valkey_goes_on_trying_when_it_cannot_start_again(own_valkey: EmbeddedValkey) -> None:
    folder = own_valkey.socket.parent
    (folder / "appendonlydir").rename(folder / "away")
    (folder / "appendonlydir").write_text("a file where the folder belongs")

    kill(own_valkey)
    async with asyncio.timeout(10):
        while b"appendonlydir" not in (folder / "valkey.log").read_bytes():  # noqa: ASYNC110  # a process writes it
            await asyncio.sleep(0.01)
    (folder / "appendonlydir").unlink()
    (folder / "away").rename(folder / "appendonlydir")

    await until_back(own_valkey)


async def test_embedded_valkey_goes_on_trying_when_no_process_can_be_made(
    own_valkey: EmbeddedValkey, capsys: pytest.CaptureFixture[str]
) -> None:
    log = own_valkey.socket.parent / "valkey.log"
    log.unlink()
    log.mkdir()

    kill(own_valkey)
    await until(lambda: "valkey_not_restarted" in capsys.readouterr().out)
    log.rmdir()

    await until_back(own_valkey)


def test_find_program_looks_on_the_path_without_the_package(tmp_path: Path) -> None:
    program = tmp_path / "redis-server"
    program.touch(mode=0o700)

    assert find_program("no-such-package", str(tmp_path)) == str(program)


def test_find_program_says_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValkeyMissing):
        find_program("no-such-package", str(tmp_path))


def _runs(pid: int) -> bool:
    """Whether a process runs; one that ended and was not reaped has no program any more."""
    return Path(f"/proc/{pid}/exe").exists()
