import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.domain.errors import EvidenceBroken
from server.domain.ids import Millis, RoomId
from server.evidence.checkpoints import parse_checkpoint
from server.evidence.cosignatures import Cosigner, cosigned_at
from server.evidence.merkle import Head, MerkleTree, leaf_hash
from server.evidence.notes import NoteSigner, is_signed_by, parse_note
from server.session.checkpointer import Checkpointer
from server.store.connection import Store
from server.store.errors import StoreUnavailable
from server.store.signed_heads import SignedHeads, StoredCheckpoint

ROOM = RoomId("r-1")
NOW = Millis(1_774_400_000_000)
LOG = NoteSigner(f"lianping/rooms/{ROOM}", Ed25519PrivateKey.from_private_bytes(bytes(32)))
WITNESS = Cosigner("lianping/witness", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def tree_of(size: int, kind: str = "line") -> MerkleTree:
    return MerkleTree(leaf_hash(f"{kind} {number}".encode()) for number in range(size))


@pytest_asyncio.fixture
async def heads(store: Store) -> SignedHeads:
    return SignedHeads(store)


@pytest_asyncio.fixture
async def checkpointer(heads: SignedHeads) -> Checkpointer:
    return Checkpointer(ROOM, heads, log=LOG, witness=WITNESS, clock=lambda: NOW)


async def test_sign_gives_a_signed_and_cosigned_note_over_the_head_and_keeps_it(
    checkpointer: Checkpointer, heads: SignedHeads
) -> None:
    tree = tree_of(3)

    text = await checkpointer.sign(tree)

    assert text is not None
    note = parse_note(text.encode())
    assert parse_checkpoint(note).head == tree.head
    assert is_signed_by(note, LOG.key)
    assert cosigned_at(note, WITNESS.key) == NOW // 1000
    assert await heads.checkpoints(ROOM) == [StoredCheckpoint(size=3, note=text)]
    assert await heads.latest(ROOM) == tree.head


async def test_sign_follows_a_growing_tree_and_signs_a_head_again(checkpointer: Checkpointer) -> None:
    notes = [await checkpointer.sign(tree_of(size)) for size in (1, 4, 4, 9)]

    assert [parse_checkpoint(parse_note((note or "").encode())).size for note in notes] == [1, 4, 4, 9]


async def test_sign_never_signs_another_head_of_a_size(checkpointer: Checkpointer, heads: SignedHeads) -> None:
    first = await checkpointer.sign(tree_of(3))

    with pytest.raises(EvidenceBroken, match="a head that contradicts size 3 was signed before"):
        await checkpointer.sign(tree_of(3, "other"))

    assert await heads.checkpoints(ROOM) == [StoredCheckpoint(size=3, note=first or "")]


async def test_sign_leaves_a_head_alone_where_another_server_signed_a_later_one(
    checkpointer: Checkpointer, heads: SignedHeads
) -> None:
    await checkpointer.sign(tree_of(5))

    assert await checkpointer.sign(tree_of(3)) is None
    assert [each.size for each in await heads.checkpoints(ROOM)] == [5]


async def test_sign_leaves_a_head_alone_where_the_witness_knows_a_later_one(
    checkpointer: Checkpointer, heads: SignedHeads
) -> None:
    await heads.set_witness_state(ROOM, WITNESS.key.name, None, msgspec.msgpack.encode(tree_of(5).head))

    assert await checkpointer.sign(tree_of(3)) is None
    assert await heads.checkpoints(ROOM) == []


async def test_sign_stops_where_the_witness_knows_another_history(
    checkpointer: Checkpointer, heads: SignedHeads
) -> None:
    fork = msgspec.msgpack.encode(Head(size=2, root=bytes(32)))
    await heads.set_witness_state(ROOM, WITNESS.key.name, None, fork)

    with pytest.raises(EvidenceBroken, match="the witness refuses the head: bad_proof"):
        await checkpointer.sign(tree_of(3))

    assert await heads.checkpoints(ROOM) == []


async def test_servers_that_sign_at_the_same_time_come_to_the_same_head(heads: SignedHeads) -> None:
    servers = [Checkpointer(ROOM, heads, log=LOG, witness=WITNESS, clock=lambda: NOW) for _ in range(6)]

    await asyncio.gather(*(each.sign(tree_of(size)) for size, each in enumerate(servers, start=1)))

    assert await heads.latest(ROOM) == tree_of(6).head
    assert (await heads.checkpoints(ROOM))[-1].size == 6


@pytest_asyncio.fixture
async def unreachable() -> AsyncIterator[SignedHeads]:
    async with Store("unix:///nowhere/valkey.sock") as store:
        yield SignedHeads(store)


async def test_sign_without_a_store_signs_nothing(unreachable: SignedHeads) -> None:
    checkpointer = Checkpointer(ROOM, unreachable, log=LOG, witness=WITNESS, clock=lambda: NOW)

    with pytest.raises(StoreUnavailable):
        await checkpointer.sign(tree_of(3))
