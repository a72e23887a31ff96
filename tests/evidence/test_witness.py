from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.checkpoints import sign_checkpoint
from server.evidence.cosignatures import cosigned_at
from server.evidence.errors import MalformedText
from server.evidence.merkle import EMPTY_HEAD, EMPTY_ROOT, Head, MerkleTree, leaf_hash
from server.evidence.notes import Note, NoteSigner, SignatureType, VerifierKey, parse_signature_lines
from server.evidence.strict_text import to_base64
from server.evidence.witness import (
    STATUS,
    Accepted,
    AddCheckpoint,
    Refusal,
    Refused,
    format_add_checkpoint,
    parse_add_checkpoint,
    review,
)
from tests.evidence.keys import LOG, OTHER_LOG, cosigner, private_key

TREE = MerkleTree(leaf_hash(b"line %d" % i) for i in range(20))
FORK = MerkleTree(leaf_hash(b"line %d" % i if i != 3 else b"another") for i in range(20))


def head(size: int, tree: MerkleTree = TREE) -> Head:
    return Head(size=size, root=tree.root(size))


def request(old: int, new: int, tree: MerkleTree = TREE, signer: NoteSigner = LOG) -> AddCheckpoint:
    proof = tree.consistency_proof(old, new) if old <= new else []
    return parse_add_checkpoint(format_add_checkpoint(old, proof, sign_checkpoint(head(new, tree), signer)))


def refused(reason: Refusal, known_size: int, *, is_fork: bool = False) -> Refused:
    return Refused(reason=reason, known_size=known_size, is_fork=is_fork)


@given(st.integers(0, 20), st.integers(0, 20))
def test_witness_accepts_every_larger_or_equal_head_of_one_history(one: int, other: int) -> None:
    old, new = sorted((one, other))
    asked = request(old, new)

    assert review(asked, head(old), LOG.key) == Accepted(head=head(new), text=asked.note.text)


def test_cosignature_on_what_was_accepted_counts_for_the_log() -> None:
    yi = cosigner("yi")
    asked = request(0, 7)
    verdict = review(asked, EMPTY_HEAD, LOG.key)
    assert isinstance(verdict, Accepted)

    answer = yi.cosign(verdict.text, 1_795_400_000).line

    assert cosigned_at(asked.note.with_signatures(parse_signature_lines(answer)), yi.key) == 1_795_400_000


def test_unknown_log_is_404() -> None:
    elsewhere = NoteSigner("jia.example/rooms/other", private_key("jia"))

    assert review(request(0, 7), EMPTY_HEAD, None) == refused(Refusal.UNKNOWN_LOG, 0)
    assert review(request(0, 7), EMPTY_HEAD, elsewhere.key) == refused(Refusal.UNKNOWN_LOG, 0)
    assert STATUS[Refusal.UNKNOWN_LOG] == 404


def test_checkpoint_without_a_good_signature_is_403() -> None:
    false_line = Note(text=request(0, 7).note.text, signatures=(LOG.key.signature(bytes(64)),))
    forged = parse_add_checkpoint(format_add_checkpoint(0, [], false_line))

    assert review(request(0, 7, signer=OTHER_LOG), EMPTY_HEAD, LOG.key) == refused(Refusal.NOT_SIGNED, 0)
    assert review(forged, EMPTY_HEAD, LOG.key) == refused(Refusal.NOT_SIGNED, 0)
    assert STATUS[Refusal.NOT_SIGNED] == 403


def test_fork_that_the_log_did_not_sign_proves_nothing() -> None:
    asked = request(7, 7, FORK, OTHER_LOG)

    assert review(asked, head(7), LOG.key) == refused(Refusal.NOT_SIGNED, 7)


def test_old_size_beyond_the_checkpoint_is_400() -> None:
    assert review(request(8, 7), head(8), LOG.key) == refused(Refusal.OLD_SIZE_BEYOND_CHECKPOINT, 8)
    assert STATUS[Refusal.OLD_SIZE_BEYOND_CHECKPOINT] == 400


def test_another_old_size_is_409_and_tells_the_known_one() -> None:
    assert review(request(0, 9), head(7), LOG.key) == refused(Refusal.OTHER_OLD_SIZE, 7)
    assert review(request(3, 5), head(7), LOG.key) == refused(Refusal.OTHER_OLD_SIZE, 7)  # a rollback
    assert STATUS[Refusal.OTHER_OLD_SIZE] == 409


def test_two_roots_of_one_size_are_a_fork() -> None:
    assert review(request(7, 7, FORK), head(7), LOG.key) == refused(Refusal.OTHER_ROOT, 7, is_fork=True)
    assert review(request(3, 7, FORK), head(7), LOG.key) == refused(Refusal.OTHER_OLD_SIZE, 7, is_fork=True)
    assert STATUS[Refusal.OTHER_ROOT] == 422


def test_empty_tree_has_one_root() -> None:
    note = sign_checkpoint(Head(size=0, root=b"x" * 32), LOG)
    asked = parse_add_checkpoint(format_add_checkpoint(0, [], note))

    assert review(asked, EMPTY_HEAD, LOG.key) == refused(Refusal.OTHER_ROOT, 0, is_fork=True)


def test_rewritten_history_is_422() -> None:
    assert review(request(7, 12, FORK), head(7), LOG.key) == refused(Refusal.BAD_PROOF, 7)
    assert STATUS[Refusal.BAD_PROOF] == 422


@pytest.mark.parametrize(("old", "new"), [(0, 7), (7, 7)])
def test_proof_where_none_is_due_is_422(old: int, new: int) -> None:
    note = sign_checkpoint(head(new), LOG)
    asked = parse_add_checkpoint(format_add_checkpoint(old, [EMPTY_ROOT], note))

    assert review(asked, head(old), LOG.key) == refused(Refusal.BAD_PROOF, old)


def test_request_survives_the_trip() -> None:
    note = sign_checkpoint(head(9), LOG)
    proof = TREE.consistency_proof(5, 9)

    asked = parse_add_checkpoint(format_add_checkpoint(5, proof, note))

    assert (asked.old_size, list(asked.proof), asked.note) == (5, proof, note)
    assert (asked.checkpoint.origin, asked.checkpoint.head) == (LOG.key.name, head(9))


NOTE = sign_checkpoint(head(7), LOG).to_bytes()
HASH = to_base64(EMPTY_ROOT).encode()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "an empty line"),
        (b"old 0\n", "an empty line"),
        (b"\n\n" + NOTE, "not the old size"),
        (b"old 0\n" + NOTE, "not the old size|base64"),
        (b"new 0\n\n" + NOTE, "not the old size"),
        (b"old 00\n\n" + NOTE, "leading zeros"),
        (b"old  0\n\n" + NOTE, "leading zeros"),
        (b"old -1\n\n" + NOTE, "leading zeros"),
        (b"old 1\r\n\n" + NOTE, "leading zeros"),
        ("old ٣\n\n".encode() + NOTE, "ASCII"),
        (b"old 1\n" + HASH[:-1] + b"\n\n" + NOTE, "base64"),
        (b"old 1\n" + HASH[:-4] + b"\n\n" + NOTE, "32 bytes"),
        (b"old 1\n" + (HASH + b"\n") * 64 + b"\n" + NOTE, "63 proof lines"),
        (b"old 0\n\n" + NOTE.partition(b"\n\n")[0], "note"),
        (b"old 0\n\nonly\n\n" + NOTE.partition(b"\n\n")[2], "three lines"),
    ],
)
def test_parse_add_checkpoint_refuses(body: bytes, why: str) -> None:
    with pytest.raises(MalformedText, match=why):
        parse_add_checkpoint(body)


def test_parse_add_checkpoint_accepts_the_longest_proof() -> None:
    assert len(parse_add_checkpoint(b"old 1\n" + (HASH + b"\n") * 63 + b"\n" + NOTE).proof) == 63


SIGSUM = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SIGSUM_KEY = VerifierKey(
    name=SIGSUM,
    signature_type=SignatureType.ED25519,
    public_key=bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"),
)
ONE = f"""{SIGSUM}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— {SIGSUM} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
"""
THREE = f"""{SIGSUM}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— {SIGSUM} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
"""
FIVE = f"""{SIGSUM}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— {SIGSUM} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
"""
L1, L2, L3, L4 = (to_base64(bytes([0x2A, i]) + bytes(30)) for i in (1, 2, 3, 4))
N01 = "wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE="
N23 = "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI="


def body(old: int, proof: Iterable[str], note: str) -> bytes:
    return "".join([f"old {old}\n", *(f"{line}\n" for line in proof), "\n", note]).encode()


@pytest.mark.parametrize(
    ("request_body", "known_size", "status"),
    [
        (body(0, [], ONE), 0, 200),
        (body(1, [L1, L2], THREE.replace("6go=", "6gw=")), 1, 403),
        (body(1, [], THREE), 1, 422),
        (body(1, [L1, to_base64(b"\x2a\x02" + bytes(29) + b"\x10")], THREE), 1, 422),
        (body(1, [L1, L2], THREE), 1, 200),
        (body(1, [L1, N23, L4], FIVE), 3, 409),
        (body(3, [L2, L3, N01, L4], FIVE), 3, 200),
        (body(0, [], FIVE), 5, 409),
    ],
)
def test_witness_answers_as_litewitness_does(request_body: bytes, known_size: int, status: int) -> None:
    """Source: github.com/FiloSottile/torchwood, cmd/litewitness/testdata/litewitness.txt."""
    leaves = MerkleTree(bytes([0x2A, i]) + bytes(30) for i in range(5))

    verdict = review(parse_add_checkpoint(request_body), head(known_size, leaves), SIGSUM_KEY)

    assert (200 if isinstance(verdict, Accepted) else STATUS[verdict.reason]) == status
