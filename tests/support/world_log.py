"""What the small world writes, as the store and a live room hold it."""

from itertools import accumulate

from server.evidence.merkle import Head, MerkleTree, leaf_hash
from server.session.feed import StoredLine
from server.store.room_log import Entry
from tests.support.room_world import World


def log_of(world: World) -> list[Entry]:
    """The entries of the world's log."""
    sizes = list(accumulate(len(entry) for entry in world.entries))
    tree = MerkleTree(leaf_hash(raw) for raw in world.raw)
    return [
        Entry(head=Head(size=size, root=tree.root(size)), lines=tuple(world.raw[size - len(entry) : size]))
        for size, entry in zip(sizes, world.entries, strict=True)
    ]


def stored(world: World, start: int = 0) -> list[StoredLine]:
    """The world's lines from a place on."""
    return [StoredLine(line, world.raw[line.seq]) for line in world.lines[start:]]
