import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.errors import OutOfTree
from server.evidence.merkle import (
    EMPTY_HEAD,
    EMPTY_ROOT,
    Head,
    MerkleTree,
    leaf_hash,
    node_hash,
    verify_consistency,
)

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
"The eight inputs of the certificate-transparency vectors. Source: transparency-dev/merkle, testonly/constants.go."
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"The root at each size, from the same place."
NODES = {
    "leaf 1": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "2-3": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "4-5": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "6-7": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "0-3": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4-7": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
}
"Hashes of complete subtrees, from the same place."
SIZE = 40
TREE = MerkleTree(leaf_hash(b"line %d" % i) for i in range(SIZE))


def head(size: int) -> Head:
    return Head(size=size, root=TREE.root(size))


def damaged(hashes: list[bytes], at: int) -> list[bytes]:
    return [*hashes[:at], bytes([hashes[at][0] ^ 1]) + hashes[at][1:], *hashes[at + 1 :]]


def known_tree() -> MerkleTree:
    return MerkleTree(leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES)


def named(*names: str) -> list[bytes]:
    return [bytes.fromhex(NODES[name]) for name in names]


def test_hashes_match_the_known_ones() -> None:
    # Source: transparency-dev/merkle, rfc6962/rfc6962_test.go
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_roots_match_the_known_ones() -> None:
    tree = known_tree()

    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    assert tree.head == Head(size=8, root=bytes.fromhex(ROOTS[8]))
    assert MerkleTree().head == EMPTY_HEAD


def test_consistency_proofs_match_the_known_ones() -> None:
    # Source: RFC 9162, 2.1.5, and transparency-dev/merkle, testonly/reference_test.go
    tree = known_tree()

    assert tree.consistency_proof(1, 1) == []
    assert tree.consistency_proof(1, 8) == named("leaf 1", "2-3", "4-7")
    assert tree.consistency_proof(6, 8) == named("4-5", "6-7", "0-3")
    assert tree.consistency_proof(4, 8) == named("4-7")
    assert tree.consistency_proof(0, 8) == []


def test_consistency_proof_verifies_for_every_pair_of_sizes() -> None:
    for new in range(SIZE + 1):
        for old in range(new + 1):
            proof = TREE.consistency_proof(old, new)

            assert verify_consistency(head(old), head(new), proof)
            assert not verify_consistency(head(old), head(new), [*proof, EMPTY_ROOT])
            assert not verify_consistency(Head(size=old, root=b"x" * 32), head(new), proof)
            assert old in (0, new) or not verify_consistency(head(new), head(old), proof)
            assert old == 0 or not verify_consistency(head(old), Head(size=new, root=b"x" * 32), proof)
            assert not proof or not verify_consistency(head(old), head(new), proof[:-1])
            assert not any(verify_consistency(head(old), head(new), damaged(proof, i)) for i in range(len(proof)))


def test_verify_refuses_hashes_of_another_length() -> None:
    proof = TREE.consistency_proof(3, 7)

    assert not verify_consistency(head(3), head(7), [proof[0] + b"\0", *proof[1:]])


def test_verify_consistency_refuses_another_cut_of_the_same_bytes() -> None:
    one, two = b"x" * 31, b"y" * 33
    old, new = Head(size=1, root=one), Head(size=2, root=node_hash(one, two))

    assert not verify_consistency(old, new, [two])


def test_verify_consistency_wants_a_proof() -> None:
    assert not verify_consistency(head(3), head(7), [])
    assert not verify_consistency(head(4), head(7), [])
    assert not verify_consistency(head(7), head(3), [])


def test_verify_consistency_knows_one_empty_tree() -> None:
    fake = Head(size=0, root=b"x" * 32)

    assert not verify_consistency(fake, head(3), [])
    assert not verify_consistency(EMPTY_HEAD, fake, [])
    assert not verify_consistency(Head(size=-1, root=EMPTY_ROOT), head(3), [EMPTY_ROOT])


def test_rewritten_line_is_consistent_with_no_older_head() -> None:
    rewritten = MerkleTree(leaf_hash(b"line %d" % i if i != 7 else b"forged") for i in range(SIZE))

    verdicts = [
        verify_consistency(head(old), rewritten.head, rewritten.consistency_proof(old, SIZE)) for old in range(1, SIZE)
    ]

    assert verdicts == [old <= 7 for old in range(1, SIZE)]


@given(st.integers(0, 70), st.integers(0, 20))
def test_extended_by_is_the_head_after_the_append(size: int, more: int) -> None:
    leaves = [leaf_hash(bytes([i])) for i in range(size + more)]
    tree = MerkleTree(leaves[:size])
    before = tree.head

    extended = tree.extended_by(leaves[size:])

    assert extended == MerkleTree(leaves).head
    assert tree.head == before


@given(st.integers(1, 2**20), st.integers(0, 200))
def test_root_does_not_depend_on_how_the_tree_grew(seed: int, size: int) -> None:
    leaves = [random.Random(seed + i).randbytes(32) for i in range(size)]
    tree = MerkleTree(leaves)
    half = size // 2

    assert tree.root(half) == MerkleTree(leaves[:half]).root()
    assert tree.size == size


@pytest.mark.parametrize("leaf", [b"", b"x" * 31, b"x" * 33])
def test_leaf_hash_of_another_length_is_a_bug(leaf: bytes) -> None:
    tree = MerkleTree()

    with pytest.raises(ValueError, match="32 bytes"):
        tree.append(leaf)
    with pytest.raises(ValueError, match="32 bytes"):
        tree.extended_by([leaf])
    assert tree.size == 0


def test_tree_refuses_what_lies_beyond_it() -> None:
    tree = known_tree()

    for ask in (
        lambda: tree.root(9),
        lambda: tree.root(-1),
        lambda: tree.consistency_proof(5, 4),
        lambda: tree.consistency_proof(5, 9),
        lambda: tree.consistency_proof(-1, 4),
    ):
        with pytest.raises(OutOfTree, match="tree of 8 leaves"):
            ask()
