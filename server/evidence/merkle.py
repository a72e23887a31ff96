"""The Merkle tree of RFC 6962 and RFC 9162 over SHA-256.

A tree of leaf *hashes*: whoever may not read a line holds its hash and computes the same root. `MerkleTree` keeps the
hash of every complete subtree, by height: an append computes one hash on average, a root log2(n), a proof at most
log2(n)^2. Two bytes keep the layers apart: 0x00 before a line, 0x01 before two child hashes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import reduce

import msgspec

from server.evidence.errors import OutOfTree

HASH_BYTES = 32

EMPTY_ROOT = hashlib.sha256(b"").digest()
"The root of the tree without leaves. Source: RFC 9162, 2.1.1."


class Head(msgspec.Struct, kw_only=True, frozen=True):
    """How many leaves a tree has, and the root over them: enough to fix every line."""

    size: int
    "Leaves."
    root: bytes
    "32 bytes."


EMPTY_HEAD = Head(size=0, root=EMPTY_ROOT)


def leaf_hash(line: bytes) -> bytes:
    """The 32 bytes that stand for a line in the tree; the line comes without its line feed."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32 bytes over two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A growing list of leaf hashes with its roots and proofs at every size it has passed."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]  # [height][i] covers the leaves [i << height, (i + 1) << height)
        for leaf in leaf_hashes:
            self.append(leaf)

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return len(self._levels[0])

    @property
    def head(self) -> Head:
        """Size and root of the whole tree."""
        return Head(size=self.size, root=self.root())

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash of 32 bytes (see `leaf_hash`)."""
        _demand_hash(leaf)
        level, subtree = 0, leaf
        self._levels[0].append(subtree)
        while len(self._levels[level]) % 2 == 0:
            subtree = node_hash(*self._levels[level][-2:])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(subtree)

    def extended_by(self, leaf_hashes: Iterable[bytes]) -> Head:
        """The head after appending these leaves, which are not appended; log2(n) hashes beside the new leaves."""
        size, peaks = self.size, self._peaks(0, self.size)
        for leaf in leaf_hashes:
            _demand_hash(leaf)
            size += 1
            for _ in range(_trailing_zeros(size)):
                leaf = node_hash(peaks.pop(), leaf)
            peaks.append(leaf)
        return Head(size=size, root=_folded(peaks))

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, or over all.

        Raises:
            OutOfTree: the tree is not that large.
        """
        if size is None:
            size = self.size
        self._demand(0 <= size <= self.size, f"root at size {size}")
        return _folded(self._peaks(0, size))

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """The hashes that show the tree at `new` to begin with the tree at `old`. Source: RFC 9162, 2.1.4.1.

        Empty when `old` is 0 or `new`.

        Raises:
            OutOfTree: not 0 <= old <= new <= the tree's size.
        """
        self._demand(0 <= old <= new <= self.size, f"sizes {old} and {new}")
        if old == 0:
            return []
        start, end, proof = 0, new, []
        while end != old:
            middle = start + _split(end - start)
            if old <= middle:
                proof.append(self._subtree(middle, end))
                end = middle
            else:
                proof.append(self._subtree(start, middle))
                start = middle
        if start > 0:  # the verifier has the old root only if the old tree is this very subtree
            proof.append(self._subtree(start, end))
        return proof[::-1]

    def _subtree(self, start: int, end: int) -> bytes:
        return _folded(self._peaks(start, end))

    def _peaks(self, start: int, end: int) -> list[bytes]:
        """The complete subtrees over [start, end), widest first; `start` is a multiple of the widest."""
        peaks = []
        while start < end:
            height = (end - start).bit_length() - 1
            peaks.append(self._levels[height][start >> height])
            start += 1 << height
        return peaks

    def _demand(self, is_inside: bool, asked: str) -> None:
        if not is_inside:
            raise OutOfTree(size=self.size, asked=asked)


def verify_consistency(old: Head, new: Head, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the tree of `new` to begin with all of `old`. Source: RFC 9162, 2.1.4.2.

    Every tree begins with the empty one, without a proof. Source: c2sp.org/tlog-witness, add-checkpoint.
    """
    if old.size == 0:
        return old.root == EMPTY_ROOT and not proof and (new.size > 0 or new.root == EMPTY_ROOT)
    if old.size == new.size:
        return old.root == new.root and not proof
    if not 0 < old.size < new.size or not proof or any(len(each) != HASH_BYTES for each in proof):
        return False
    is_complete = old.size & (old.size - 1) == 0  # then the old root is itself a node of the new tree
    return _leads_to_both([old.root, *proof] if is_complete else proof, old, new)


def _leads_to_both(path: Sequence[bytes], old: Head, new: Head) -> bool:
    shift = _trailing_zeros(old.size)  # up to the widest complete subtree at the end of the old tree
    node, last = (old.size - 1) >> shift, (new.size - 1) >> shift
    old_root = new_root = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        shift = 1
        if node & 1 or node == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            shift += _trailing_zeros(node)  # past levels where the node has no sibling
        else:
            new_root = node_hash(new_root, sibling)
        node, last = node >> shift, last >> shift
    return last == 0 and old_root == old.root and new_root == new.root


def _split(width: int) -> int:
    """The largest power of two below `width`, where RFC 9162 divides a tree."""
    return 1 << (width - 1).bit_length() - 1


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def _folded(peaks: Sequence[bytes]) -> bytes:
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks)) if peaks else EMPTY_ROOT


def _demand_hash(leaf: bytes) -> None:
    if len(leaf) != HASH_BYTES:
        raise ValueError(f"a leaf hash has {HASH_BYTES} bytes, not {len(leaf)}")
