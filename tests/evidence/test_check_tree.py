"""Heads against lines and keys: what is contradicted, where, and what is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from server.domain.events import RoomOpened
from server.evidence.check_lines import read_lines
from server.evidence.check_tree import check_tree
from server.evidence.checkpoints import sign_checkpoint
from server.evidence.merkle import Head, MerkleTree, leaf_hash
from server.evidence.notes import NoteSigner
from server.evidence.room_keys import keys_of
from server.evidence.verdict import Outcome
from tests.evidence.keys import LOG, ORIGIN, OTHER_LOG, cosigner, private_key
from tests.evidence.signed_room import (
    WITNESSES,
    found_by,
    rewritten,
    short_sitting,
    signed_head,
    signed_opening,
    sitting,
)

ROOM = sitting()
RAWS = ROOM.world.raw
SIZES = ROOM.sizes
END = len(RAWS)
TREE = MerkleTree(map(leaf_hash, RAWS))
HEADS = {f"checkpoints/{size}.txt": signed_head(TREE, size).encode() for size in SIZES}
LAST = f"checkpoints/{END}.txt"
OTHER_ROOM = MerkleTree(map(leaf_hash, short_sitting().world.raw))


def opened(**changes: Any) -> RoomOpened:
    opening = signed_opening(**changes)[0]
    assert isinstance(opening, RoomOpened)
    return opening


def found(
    raws: Sequence[bytes] = RAWS, heads: Mapping[str, bytes] = HEADS, **changes: Any
) -> dict[str, list[tuple[str, str]]]:
    lines = read_lines(b"".join(raw + b"\n" for raw in raws)).lines
    return found_by(check_tree(raws, lines, {"README.txt": b"", **heads}, keys_of(opened(**changes))))


def salted(number: int) -> list[bytes]:
    """The record with another salt in one line."""
    return rewritten(RAWS, number, lambda line: line.update(salt="AAECAwQFBgcICQoLDA0ODw=="))


def test_heads_that_fit_give_no_finding() -> None:
    checks = check_tree(RAWS, ROOM.world.lines, HEADS, keys_of(opened()))

    assert [(check.code, check.failure, check.ok) for check in checks] == [
        ("checkpoints_readable", Outcome.BROKEN, True),
        ("checkpoints_signed", Outcome.BROKEN, True),
        ("tree_matches", Outcome.BROKEN, True),
        ("cosignatures", Outcome.BROKEN, True),
        ("complete", Outcome.INCOMPLETE, True),
    ]


# -- where the lines contradict their heads


@pytest.mark.parametrize("place", range(len(SIZES)))
def test_changed_line_is_bounded_by_the_last_head_that_fits_and_the_next(place: int) -> None:
    before, after = (0, *SIZES)[place], SIZES[place]

    for number in (before, after - 1):
        ((where, reason),) = found(salted(number))["tree_matches"]

        assert where == f"lines.jsonl:{before + 1}-{after}"
        assert f"those up to {after} do not give the root in checkpoints/{after}.txt" in reason


def test_only_the_tree_finds_a_change_that_breaks_no_rule() -> None:
    assert list(found(salted(SIZES[0]))) == ["tree_matches"]


def test_change_between_two_neighbouring_heads_is_one_line() -> None:
    heads = {f"checkpoints/{size}.txt": signed_head(TREE, size).encode() for size in (41, 42, END)}

    ((where, _),) = found(salted(41), heads)["tree_matches"]

    assert where == "lines.jsonl:42"


def test_change_after_the_last_head_is_beyond_what_a_tree_proves() -> None:
    heads = {name: note for name, note in HEADS.items() if name != LAST}

    assert found(salted(END - 1), heads) == {
        "complete": [
            (f"lines.jsonl:{SIZES[-2] + 1}-{END}", f"no quorum of witnesses cosigned these {END - SIZES[-2]} lines")
        ]
    }


def test_line_cut_in_the_middle_is_bounded_like_a_changed_one() -> None:
    cut = [*RAWS[: SIZES[0] + 3], *RAWS[SIZES[0] + 4 :]]

    ((where, _),) = found(cut)["tree_matches"]

    assert where == f"lines.jsonl:{SIZES[0] + 1}-{SIZES[1]}"


@pytest.mark.parametrize("lost", [1, 5])
def test_lines_cut_off_behind_the_last_head_that_fits_are_missing(lost: int) -> None:
    ((where, reason),) = found(RAWS[: END - lost])["tree_matches"]

    assert where == f"lines.jsonl:{SIZES[-2] + 1}-{END - lost}"
    assert reason.endswith(f"changed, inserted or cut ({lost} are missing)")


def test_lines_cut_off_at_a_head_leave_it_proved() -> None:
    ((where, reason),) = found(RAWS[: SIZES[-2]])["tree_matches"]

    assert where == f"lines.jsonl:{SIZES[-2] + 1}"
    assert reason == (
        f"the first {SIZES[-2]} lines are as they were signed, and nothing is left of those up to {END} "
        f"that {LAST} signs"
    )


def test_second_head_of_the_log_for_lines_that_are_proved_is_the_one_at_fault() -> None:
    name = f"checkpoints/{SIZES[2]}.txt"
    other = sign_checkpoint(Head(size=SIZES[2], root=bytes(32)), LOG).to_bytes()

    assert found(heads={**HEADS, name: other}) == {
        "tree_matches": [(name, f"the log signed another head of {END} lines, which they fit")]
    }


def test_head_of_nothing_fits_every_record() -> None:
    assert found(heads={**HEADS, "checkpoints/0.txt": signed_head(TREE, 0).encode()}) == {}


# -- notes and signatures


@pytest.mark.parametrize("note", [b"", b"rubbish", b"\xff\xfe", b"a\n\nb\n", HEADS[LAST].replace(b"\n", b"\r\n")])
def test_checkpoint_that_is_none_is_named(note: bytes) -> None:
    heads = {**HEADS, "checkpoints/1.txt": note}

    assert [where for where, _ in found(heads=heads)["checkpoints_readable"]] == ["checkpoints/1.txt"]
    assert list(found(heads=heads)) == ["checkpoints_readable"]


@pytest.mark.parametrize(
    "name", ["checkpoints/045.txt", "checkpoints/44.txt", "checkpoints/deep/45.txt", "checkpoints/"]
)
def test_checkpoint_under_another_name_is_found(name: str) -> None:
    assert found(heads={**HEADS, name: HEADS["checkpoints/45.txt"]}) == {
        "checkpoints_readable": [(name, "it speaks of size 45")]
    }


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (
            NoteSigner("jia.example/rooms/1", private_key("jia")),
            "it speaks of another log, jia.example/rooms/1",
        ),
        (OTHER_LOG, "the room's log has not signed it"),
    ],
)
def test_checkpoint_of_another_log_is_found_and_believed_in_nothing(log: NoteSigner, reason: str) -> None:
    other = signed_head(OTHER_ROOM, 9, log=log).encode()

    assert found(heads={**HEADS, "checkpoints/9.txt": other}) == {
        "checkpoints_signed": [("checkpoints/9.txt", reason)],
        "cosignatures": [("checkpoints/9.txt", f"a line by {log.key.name}, who is no witness of this room")],
    }


def test_signature_that_the_log_did_not_make_is_found() -> None:
    note = sign_checkpoint(Head(size=END, root=TREE.root()), LOG)
    forged = note.with_signatures([LOG.key.signature(bytes(64))]).to_bytes()

    assert found(heads={**HEADS, LAST: forged}) == {
        "checkpoints_signed": [(LAST, f"The signature of {ORIGIN} does not verify.")],
        "complete": [
            (f"lines.jsonl:{SIZES[-2] + 1}-{END}", f"no quorum of witnesses cosigned these {END - SIZES[-2]} lines")
        ],
    }


def test_cosignature_that_the_witness_did_not_make_is_found_and_counts_for_nothing() -> None:
    honest, forger = WITNESSES
    note = sign_checkpoint(Head(size=END, root=TREE.root()), LOG)
    cosigned = note.with_signatures([honest.cosign(note.text, 1), forger.key.signature(b"\1" * 72)]).to_bytes()

    assert found(heads={**HEADS, LAST: cosigned}) == {
        "cosignatures": [(LAST, "The signature of bing.example/witness does not verify.")],
        "complete": [
            (f"lines.jsonl:{SIZES[-2] + 1}-{END}", f"no quorum of witnesses cosigned these {END - SIZES[-2]} lines")
        ],
    }


def test_signature_of_a_stranger_is_found() -> None:
    heads = {LAST: signed_head(TREE, END, witnesses=[*WITNESSES, cosigner("ding")]).encode()}

    assert found(heads=heads) == {
        "cosignatures": [(LAST, "a line by ding.example/witness, who is no witness of this room")]
    }


# -- what is missing


@pytest.mark.parametrize("heads", [{}, {LAST: signed_head(TREE, END, witnesses=WITNESSES[:1]).encode()}])
def test_record_without_a_quorum_is_incomplete(heads: dict[str, bytes]) -> None:
    assert found(heads=heads) == {
        "complete": [(f"lines.jsonl:1-{END}", f"no quorum of witnesses cosigned these {END} lines")]
    }


def test_quorum_of_one_is_reached_by_one() -> None:
    heads = {LAST: signed_head(TREE, END, witnesses=WITNESSES[1:]).encode()}

    assert found(heads=heads, quorum=1) == {}


def test_room_without_witnesses_is_never_complete() -> None:
    reason = "the room has no witness: its heads are the host's word alone"

    heads = {LAST: signed_head(TREE, END, witnesses=()).encode()}

    assert found(heads=heads, witnesses=(), quorum=0) == {"complete": [("lines.jsonl:1", reason)]}


def test_record_that_ends_before_the_close_is_incomplete() -> None:
    size = SIZES[3]
    heads = {name: HEADS[name] for name in list(HEADS)[:4]}

    assert found(RAWS[:size], heads) == {
        "complete": [(f"lines.jsonl:{size}", "the record ends here, and the room is not closed")]
    }
