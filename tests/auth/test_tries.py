import pytest

from server.auth.rejections import TooManyTries
from server.auth.tries import Door, Tries, TryLimits
from tests.support.code_store import MemoryCodeStore

HOME, HALL = "192.0.2.7", Door("r1")


async def test_tries_are_borne_up_to_the_limit() -> None:
    tries = Tries(MemoryCodeStore(), TryLimits(per_address=2))

    for _ in range(2):
        await tries.count(HOME, HALL)
    with pytest.raises(TooManyTries) as refused:
        await tries.count(HOME, HALL)

    assert refused.value.facts == {"retry_after_s": 600}
    await tries.count("192.0.2.8", HALL)


async def test_each_kind_of_secret_has_its_own_count() -> None:
    store = MemoryCodeStore()
    await Tries(store, kind="pass-").count(HOME, HALL)

    await Tries(store).count(HOME, HALL)

    assert set(store.counts) == {"pass-address:192.0.2.7", "pass-door:r1", "address:192.0.2.7", "door:r1"}


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        ("fe80::1%eth0", "address:fe80::/64"),
    ],
)
async def test_tries_are_counted_by_the_network_that_one_client_owns(address: str, bucket: str) -> None:
    store = MemoryCodeStore()

    await Tries(store).count(address, HALL)

    assert store.counts == {bucket: (1, 600), "door:r1": (1, 600)}
