import msgspec
import pytest

from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey
from server.store.promise import WANTED, check, judge

INFO = {"redis_version": "7.2.4", "role": "master", "connected_slaves": "0", "aof_last_write_status": "ok"}
SETTINGS: dict[str, str | None] = {**WANTED}
KEPT = "An answered write survives the death of the process and a power cut, not the loss of the disk."
BROKEN = "An answered write may be lost in a power cut."


async def test_check_reads_the_facts_from_the_server(store: Store) -> None:
    promise = await check(store)

    facts = msgspec.structs.asdict(promise)
    assert int(facts.pop("version").split(".")[0]) >= 7
    assert facts == {"role": "master", "replicas": 0, "settings": SETTINGS, "last_write_ok": True, "faults": ()}
    assert (promise.is_kept, promise.sentences) == (True, (KEPT,))


async def test_check_names_every_setting_that_breaks_the_promise(own_valkey: EmbeddedValkey) -> None:
    async with Store(own_valkey.url) as store:
        await store.ask("CONFIG", "SET", "appendfsync", "everysec", "maxmemory-policy", "allkeys-lru")

        promise = await check(store)

    assert not promise.is_kept
    assert promise.sentences == (
        BROKEN,
        "appendfsync is everysec; it must be always.",
        "maxmemory-policy is allkeys-lru; it must be noeviction.",
    )


async def test_check_trusts_no_server_that_hides_its_settings(own_valkey: EmbeddedValkey) -> None:
    async with Store(own_valkey.url) as store:
        await store.ask("ACL", "SETUSER", "default", "-config")

        promise = await check(store)

    assert promise.faults == tuple(f"{name} is not shown by the server; it must be {WANTED[name]}." for name in WANTED)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"redis_version": "6.2.14"}, "The server's version is 6.2.14; it must be 7 or newer."),
        ({"redis_version": ""}, "The server's version is unknown; it must be 7 or newer."),
        ({"role": "slave"}, "The server's role is slave: it takes no writes."),
        ({"aof_last_write_status": "err"}, "The last write to the append-only file failed; is the disk full?"),
    ],
)
def test_judge_names_the_fact(said: dict[str, str], fault: str) -> None:
    promise = judge(INFO | said, SETTINGS)

    assert promise.sentences == (BROKEN, fault)


def test_judge_says_that_no_answer_waits_for_replicas() -> None:
    promise = judge(INFO | {"connected_slaves": "2"}, SETTINGS)

    assert promise.is_kept
    assert promise.sentences == (KEPT, "Replicas connected: 2. They copy, but no answer waits for them.")
