import asyncio

import pytest

from server.domain.ids import RoomId
from server.evidence.merkle import Head
from server.store.connection import Store
from server.store.errors import StoreSilent
from server.store.signed_heads import SignedHeads, StoredCheckpoint
from tests.support.cutting_proxy import Cut, CuttingProxy

ROOM = RoomId("r1")
FIVE = Head(size=5, root=b"a" * 32)
OTHER_FIVE = Head(size=5, root=b"b" * 32)
SEVEN = Head(size=7, root=b"c" * 32)


@pytest.fixture
def heads(store: Store) -> SignedHeads:
    return SignedHeads(store)


async def test_may_sign_a_head_and_later_a_greater_one(heads: SignedHeads) -> None:
    assert await heads.latest(ROOM) is None

    assert await heads.may_sign(ROOM, FIVE)
    assert await heads.may_sign(ROOM, SEVEN)

    assert await heads.latest(ROOM) == SEVEN


async def test_may_sign_the_same_head_again_after_a_crash(heads: SignedHeads) -> None:
    await heads.may_sign(ROOM, FIVE)

    assert await heads.may_sign(ROOM, FIVE)


async def test_may_sign_no_second_head_of_a_size(heads: SignedHeads) -> None:
    await heads.may_sign(ROOM, FIVE)

    assert not await heads.may_sign(ROOM, OTHER_FIVE)

    assert await heads.latest(ROOM) == FIVE


@pytest.mark.parametrize("smaller", [FIVE, OTHER_FIVE])
async def test_may_sign_nothing_smaller_than_before(heads: SignedHeads, smaller: Head) -> None:
    await heads.may_sign(ROOM, FIVE)
    await heads.may_sign(ROOM, Head(size=10, root=SEVEN.root))

    assert not await heads.may_sign(ROOM, smaller)

    assert await heads.latest(ROOM) == Head(size=10, root=SEVEN.root)


async def test_may_sign_lets_one_of_many_through(heads: SignedHeads) -> None:
    wanted = [Head(size=5, root=bytes([n]) * 32) for n in range(8)]

    answers = await asyncio.gather(*(heads.may_sign(ROOM, head) for head in wanted))

    assert sum(answers) == 1
    assert await heads.latest(ROOM) == wanted[answers.index(True)]


async def test_may_sign_compares_sizes_as_numbers(heads: SignedHeads) -> None:
    await heads.may_sign(ROOM, Head(size=9, root=FIVE.root))

    assert await heads.may_sign(ROOM, Head(size=10, root=SEVEN.root))


@pytest.mark.parametrize(("cut", "stored"), [(Cut.BEFORE, None), (Cut.AFTER, FIVE)])
async def test_may_sign_unanswered_signs_nothing_and_may_be_asked_again(
    heads: SignedHeads, cut_store: Store, proxy: CuttingProxy, cut: Cut, stored: Head | None
) -> None:
    proxy.cut(cut)

    with pytest.raises(StoreSilent):
        await SignedHeads(cut_store).may_sign(ROOM, FIVE)
    assert await heads.latest(ROOM) == stored

    assert await SignedHeads(cut_store).may_sign(ROOM, FIVE)


async def test_rooms_are_signed_apart(heads: SignedHeads) -> None:
    await heads.may_sign(ROOM, FIVE)

    assert await heads.may_sign(RoomId("r2"), OTHER_FIVE)


async def test_checkpoints_come_by_size_with_their_latest_note(heads: SignedHeads) -> None:
    for size, note in [(10, "ten"), (9, "nine"), (10, "ten, cosigned 见证")]:
        await heads.save_checkpoint(ROOM, size, note)

    assert await heads.checkpoints(ROOM) == [
        StoredCheckpoint(size=9, note="nine"),
        StoredCheckpoint(size=10, note="ten, cosigned 见证"),
    ]
    assert await heads.checkpoints(RoomId("r2")) == []


async def test_witness_state_is_set_by_who_knew_it(heads: SignedHeads) -> None:
    assert await heads.witness_state(ROOM, "w1") is None
    assert await heads.set_witness_state(ROOM, "w1", None, b"5")
    assert await heads.set_witness_state(ROOM, "w1", b"5", b"7")

    assert not await heads.set_witness_state(ROOM, "w1", b"5", b"6")
    assert not await heads.set_witness_state(ROOM, "w1", None, b"6")
    assert not await heads.set_witness_state(ROOM, "w2", b"5", b"6")

    assert (await heads.witness_state(ROOM, "w1"), await heads.witness_state(ROOM, "w2")) == (b"7", None)


async def test_witness_state_unanswered_may_be_set_again(
    heads: SignedHeads, cut_store: Store, proxy: CuttingProxy
) -> None:
    await heads.set_witness_state(ROOM, "w1", None, b"5")
    proxy.cut(Cut.AFTER)
    with pytest.raises(StoreSilent):
        await SignedHeads(cut_store).set_witness_state(ROOM, "w1", b"5", b"7")

    assert await SignedHeads(cut_store).set_witness_state(ROOM, "w1", b"5", b"7")

    assert await heads.witness_state(ROOM, "w1") == b"7"
