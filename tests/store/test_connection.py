import asyncio
from pathlib import Path

import pytest

from server.store.connection import Store, as_dict
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import StoreSilent, StoreUnavailable, StoreUnwritable
from tests.support.cutting_proxy import Cut, CuttingProxy
from tests.support.valkey import kill, paused, until, until_back


async def test_ask_gives_the_servers_plain_answer(store: Store) -> None:
    await store.ask("RPUSH", "list", "a", b"b", 3)

    answers = [
        await store.ask("LRANGE", "list", 0, -1),
        await store.ask("GET", "none"),
        await store.ask("LLEN", "list"),
    ]

    assert answers == [[b"a", b"b", b"3"], None, 3]


async def test_run_hands_key_and_arguments_to_the_script(store: Store) -> None:
    answer = await store.run("return {KEYS[1], ARGV[1], ARGV[2]}", "key", b"\x00\xff", 7)

    assert answer == [b"key", b"\x00\xff", b"7"]


def test_as_dict_pairs_names_and_values() -> None:
    assert as_dict([b"a", b"1", b"b", b"2"]) == {b"a": b"1", b"b": b"2"}


async def test_ask_tells_a_refused_connection_from_a_lost_one(tmp_path: Path) -> None:
    async with Store(f"unix://{tmp_path}/nobody.sock") as store:
        with pytest.raises(StoreUnavailable) as refused:
            await store.ask("PING")

    assert type(refused.value) is StoreUnavailable


@pytest.mark.parametrize(("cut", "seen"), [(Cut.BEFORE, None), (Cut.AFTER, b"1")])
async def test_ask_sends_once_when_the_connection_is_lost(
    cut_store: Store, store: Store, proxy: CuttingProxy, cut: Cut, seen: bytes | None
) -> None:
    proxy.cut(cut, b"INCR")

    with pytest.raises(StoreSilent):
        await cut_store.ask("INCR", "count")

    assert await store.ask("GET", "count") == seen


async def test_answer_that_is_rubbish_is_none(tmp_path: Path) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            writer.write(b"?!\r\n")
        writer.close()

    path = tmp_path / "babble.sock"
    async with await asyncio.start_unix_server(babble, path), Store(f"unix://{path}") as store:
        with pytest.raises(StoreUnavailable):
            await store.ask("PING")


async def test_ask_connects_again_after_a_cut(cut_store: Store, proxy: CuttingProxy) -> None:
    proxy.cut(Cut.BEFORE, b"PING")
    with pytest.raises(StoreSilent):
        await cut_store.ask("PING")

    assert await cut_store.ask("PING") == b"PONG"


async def test_ask_reports_the_error_that_the_server_answers(store: Store) -> None:
    await store.ask("SET", "text", "a")

    with pytest.raises(StoreUnwritable, match="The store cannot write: WRONGTYPE"):
        await store.ask("RPUSH", "text", "b")


async def test_ask_reports_misconf_when_the_disk_is_refused(own_valkey: EmbeddedValkey) -> None:
    (own_valkey.socket.parent / "dump.rdb" / "in the way").mkdir(parents=True)
    async with Store(own_valkey.url) as store:
        await store.ask("CONFIG", "SET", "save", "3600 1000000")
        await store.ask("BGSAVE")
        await until(store, "persistence", b"rdb_last_bgsave_status:err")

        with pytest.raises(StoreUnwritable, match="MISCONF"):
            await store.ask("SET", "a", "b")
        assert await store.ask("GET", "a") is None


async def test_ask_gives_up_on_a_server_that_hangs(own_valkey: EmbeddedValkey) -> None:
    async with Store(own_valkey.url, timeout_s=1.0) as store:
        await store.ask("PING")

        with paused(own_valkey), pytest.raises(StoreSilent):
            await store.ask("PING")

        assert await store.ask("ECHO", "next") == b"next"


async def test_a_cancelled_request_leaves_its_answer_to_nobody(store: Store) -> None:
    blocked = asyncio.create_task(store.ask("BLPOP", "queue", 0))
    await until(store, "clients", b"blocked_clients:1")

    blocked.cancel()
    await asyncio.gather(blocked, return_exceptions=True)

    assert await asyncio.gather(*(store.ask("ECHO", n) for n in range(8))) == [b"%d" % n for n in range(8)]


async def test_cancelling_a_task_that_asks_is_never_lost(valkey: EmbeddedValkey) -> None:
    async def ask_often(store: Store) -> None:
        for _ in range(1000):
            await store.ask("PING")

    async with Store(valkey.url, connections=1) as store:
        for steps in range(100):
            asking = asyncio.create_task(ask_often(store))
            for _ in range(steps):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

            assert asking.cancelled()


async def test_more_requests_than_connections_wait_their_turn(valkey: EmbeddedValkey) -> None:
    async with Store(valkey.url, connections=2) as store:
        answers = await asyncio.gather(*(store.ask("INCR", "count") for _ in range(20)))

    assert sorted(answers) == list(range(1, 21))


async def test_store_comes_back_with_a_server_that_was_killed(own_valkey: EmbeddedValkey) -> None:
    async with Store(own_valkey.url) as store:
        await store.ask("SET", "a", "b")
        kill(own_valkey)

        await until_back(own_valkey)

        assert await store.ask("GET", "a") == b"b"
