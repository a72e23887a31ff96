import asyncio

import pytest

from server.store.access_codes import AccessCodes, Revocations
from server.store.connection import Store
from server.store.encryption import MasterKey
from server.store.errors import SealBroken, StoreSilent
from tests.support.cutting_proxy import Cut, CuttingProxy

SEAT = "room r1, seat E3, 王某".encode()


@pytest.fixture
def codes(store: Store, master_key: MasterKey) -> AccessCodes:
    return AccessCodes(store, master_key)


async def take(codes: AccessCodes, code_hash: str, taker: str, again_s: int = 60) -> bytes | None:
    """What the code opens, at a door that bears everything."""
    is_open, payload = await codes.take(code_hash, taker, again_s=again_s, bears={}, window_s=600)
    assert is_open
    return payload


@pytest.fixture
def revocations(store: Store) -> Revocations:
    return Revocations(store)


async def test_take_opens_a_code_to_its_first_taker_only(codes: AccessCodes) -> None:
    assert await codes.put("hash", SEAT, ttl_s=60)

    takers = ["mine", "hers", "mine", ""]

    assert [await take(codes, "hash", each) for each in takers] == [SEAT, None, SEAT, None]
    assert await take(codes, "unknown", "mine") is None


@pytest.mark.parametrize(("ttl_s", "again_s", "left_s"), [(600, 60, 60), (60, 600, 60)])
async def test_take_again_has_an_end_and_lets_no_code_live_longer(
    codes: AccessCodes, store: Store, ttl_s: int, again_s: int, left_s: int
) -> None:
    await codes.put("hash", SEAT, ttl_s=ttl_s)

    await take(codes, "hash", "mine", again_s)

    assert left_s - 10 <= await store.ask("TTL", "code:hash") <= left_s


async def test_a_taken_code_is_not_given_out_again_and_can_be_revoked(codes: AccessCodes) -> None:
    await codes.put("hash", SEAT, ttl_s=60)
    await take(codes, "hash", "mine")

    assert not await codes.put("hash", b"another seat", ttl_s=60)
    await codes.revoke("hash")

    assert await take(codes, "hash", "mine") is None


async def test_take_by_many_at_once_lets_one_in(codes: AccessCodes) -> None:
    await codes.put("hash", SEAT, ttl_s=60)

    taken = await asyncio.gather(*(take(codes, "hash", f"taker {n}") for n in range(8)))

    assert sorted(taken, key=bool) == [None] * 7 + [SEAT]


async def test_put_never_replaces_a_code_in_use(codes: AccessCodes) -> None:
    await codes.put("hash", SEAT, ttl_s=60)

    assert not await codes.put("hash", b"another seat", ttl_s=60)

    assert await take(codes, "hash", "mine") == SEAT


async def test_put_stores_the_payload_sealed_and_for_its_time_only(codes: AccessCodes, store: Store) -> None:
    await codes.put("hash", SEAT, ttl_s=60)

    assert SEAT not in await store.ask("GET", "code:hash")
    assert 0 < await store.ask("TTL", "code:hash") <= 60


async def test_take_notices_a_payload_moved_to_another_code(codes: AccessCodes, store: Store) -> None:
    await codes.put("hash", SEAT, ttl_s=60)
    await store.ask("RENAME", "code:hash", "code:mine")

    with pytest.raises(SealBroken):
        await take(codes, "mine", "mine")


async def test_revoke_makes_a_code_unusable(codes: AccessCodes) -> None:
    await codes.put("hash", SEAT, ttl_s=60)

    await codes.revoke("hash")
    await codes.revoke("unknown")

    assert await take(codes, "hash", "mine") is None


@pytest.mark.parametrize(("cut", "takers"), [(Cut.BEFORE, ["hers", "mine"]), (Cut.AFTER, ["mine", "hers"])])
async def test_take_unanswered_lets_one_in_who_may_ask_again(
    codes: AccessCodes, cut_store: Store, master_key: MasterKey, proxy: CuttingProxy, cut: Cut, takers: list[str]
) -> None:
    await codes.put("hash", SEAT, ttl_s=60)
    proxy.cut(cut, b"EVAL")

    with pytest.raises(StoreSilent):
        await take(AccessCodes(cut_store, master_key), "hash", "mine")

    assert [await take(codes, "hash", each) for each in takers] == [SEAT, None]


async def test_count_attempt_counts_a_bucket_within_its_window(codes: AccessCodes, store: Store) -> None:
    counts = [await codes.count_attempt("10.0.0.7", window_s=60) for _ in range(3)]
    other = await codes.count_attempt("10.0.0.8", window_s=60)

    assert (counts, other) == ([1, 2, 3], 1)
    assert 0 < await store.ask("TTL", "attempts:10.0.0.7") <= 60


async def test_count_attempt_starts_a_new_window_when_the_old_one_is_over(codes: AccessCodes, store: Store) -> None:
    await codes.count_attempt("10.0.0.7", window_s=60)
    await store.ask("PEXPIREAT", "attempts:10.0.0.7", 1)

    assert await codes.count_attempt("10.0.0.7", window_s=60) == 1


async def test_count_attempt_never_prolongs_a_window(codes: AccessCodes, store: Store) -> None:
    await codes.count_attempt("10.0.0.7", window_s=60)

    await codes.count_attempt("10.0.0.7", window_s=6000)

    assert await store.ask("TTL", "attempts:10.0.0.7") <= 60


async def test_wrong_codes_close_a_door_in_turn_and_right_ones_cost_nothing(codes: AccessCodes, store: Store) -> None:
    bears = {"address:10.0.0.7": 3, "door:front": 100}
    for number in range(30):
        await codes.put(f"right {number}", SEAT, ttl_s=60)

    async def take(code_hash: str) -> tuple[bool, bytes | None]:
        return await codes.take(code_hash, "mine", again_s=60, bears=bears, window_s=600)

    right = await asyncio.gather(*(take(f"right {number}") for number in range(30)))
    wrong = await asyncio.gather(*(take(f"wrong {number}") for number in range(8)))

    assert right == [(True, SEAT)] * 30
    assert sorted(wrong, reverse=True) == [(True, None)] * 3 + [(False, None)] * 5
    assert await take("right 0") == (False, None)
    assert 0 < await store.ask("TTL", "attempts:address:10.0.0.7") <= 600
    assert await store.ask("GET", "attempts:door:front") == b"3"


async def test_revoke_token_refuses_it_as_long_as_it_would_live(revocations: Revocations, store: Store) -> None:
    await revocations.revoke_token("token-1", ttl_s=900)

    assert [await revocations.is_revoked("token-1"), await revocations.is_revoked("token-2")] == [True, False]
    assert 0 < await store.ask("TTL", "revoked:token-1") <= 900
