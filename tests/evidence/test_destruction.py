"""The note that a room's recordings were destroyed, beside the record of a room that is closed."""

import pytest
from msgspec.structs import replace

from server.domain.events import RoomOpened
from server.domain.ids import Digest, Millis, RoomId
from server.domain.recordings import Destruction
from server.evidence.check_recordings import PieceKey
from server.evidence.destruction import DESTRUCTION, check_destruction, read_destruction, sign_destruction
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.notes import Note, NoteSigner
from server.evidence.package import CHECKPOINTS, read_package, with_digests
from server.evidence.verdict import JudgedReports, Outcome, Verdict
from server.evidence.verify import verify
from server.verify_desk import judge_certificate
from tests.evidence.keys import LOG, OTHER_LOG
from tests.evidence.signed_room import found, found_by, sitting

WORLD = sitting().world
RAWS, LINES = WORLD.raw, WORLD.lines
OPENING = LINES[0].event
assert isinstance(OPENING, RoomOpened)
YEAR_MS = 366 * 86_400_000
LATE = Millis(LINES[-1].head.at + (OPENING.policy.retention_years + 1) * YEAR_MS)
TREE = MerkleTree(leaf_hash(raw) for raw in RAWS)
STATED = Destruction(
    room=OPENING.room,
    lines=TREE.size,
    root=Digest(TREE.root().hex()),
    at=LATE,
    by="档案室 王芳",
    reason="保存期限届满",
    pieces=9000,
    size=2_000_000_000,
)
NOTE = sign_destruction(STATED, LOG)


def judged(note: bytes, raws: list[bytes] = RAWS) -> tuple[Destruction | None, dict[str, list[tuple[str, str]]]]:
    """What a note states if it holds, and the findings."""
    assert isinstance(OPENING, RoomOpened)
    destruction, checks = check_destruction(note, raws, LINES[: len(raws)], OPENING, LOG.key)
    return destruction, found_by(checks)


def test_note_says_what_was_destroyed_and_is_signed_by_the_rooms_log() -> None:
    assert read_destruction(NOTE)[1] == STATED
    assert judged(NOTE) == (STATED, {})
    assert NOTE.decode().startswith("lianping-recordings-destroyed-v1\n{")


def resigned(text: str, signer: NoteSigner = LOG) -> bytes:
    return Note(text=text, signatures=(signer.sign(text),)).to_bytes()


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (sign_destruction(STATED, OTHER_LOG), "the room's log has not signed it"),
        (sign_destruction(replace(STATED, room=RoomId("r-2")), LOG), "it speaks of another room, r-2"),
        (sign_destruction(replace(STATED, lines=3), LOG), "it speaks of another record than this one"),
        (sign_destruction(replace(STATED, root=Digest("0" * 64)), LOG), "it speaks of another record than this one"),
        (NOTE.replace("王芳".encode(), "王方".encode()), f"The signature of {LOG.key.name} does not verify."),
        (b"no note", "Malformed note: no empty line between text and signatures."),
        (resigned("another text\n"), "Malformed note of a destruction: not two lines, of which the first names it."),
        (resigned("lianping-recordings-destroyed-v1\n{ }\n"), "Malformed note of a destruction: Object missing"),
        (
            resigned(read_destruction(NOTE)[0].text.replace('","', '", "', 1)),
            "Malformed note of a destruction: the statement is not in its canonical form.",
        ),
    ],
)
def test_note_that_does_not_hold_is_told_and_excuses_nothing(note: bytes, reason: str) -> None:
    destruction, findings = judged(note)

    assert destruction is None
    [(where, told)] = findings["recordings_destruction"]
    assert (where, told.startswith(reason)) == (DESTRUCTION, True)


def test_note_beside_a_record_that_was_cut_does_not_hold() -> None:
    destruction, findings = judged(NOTE, RAWS[:-1])

    assert destruction is None
    assert [reason for _, reason in findings["recordings_destruction"]] == [
        "the record does not end with the room's close",
        "it speaks of another record than this one",
    ]


def test_destruction_before_the_end_of_the_keeping_time_is_told() -> None:
    early = replace(STATED, at=LINES[-1].head.at, reason="法院裁定")

    assert judged(sign_destruction(early, LOG)) == (
        early,
        {
            "recordings_kept_long_enough": [
                (DESTRUCTION, "the recordings were destroyed before their keeping time had ended")
            ]
        },
    )


def test_any_changed_byte_of_a_note_is_noticed() -> None:
    for place in range(0, len(NOTE), 7):
        changed = NOTE[:place] + bytes([NOTE[place] ^ 1]) + NOTE[place + 1 :]

        assert judged(changed)[0] is None, place


def verdict(
    files: dict[str, bytes], recordings: dict[PieceKey, Digest] | None = None, note: bytes | None = None
) -> Verdict:
    package = with_digests({**read_package(sitting().package()), **files})
    return verify(package, judge_certificate, lambda *_: JudgedReports(), recordings=recordings, note=note)


def test_package_with_the_note_is_sound_and_tells_it() -> None:
    told = verdict({DESTRUCTION: NOTE}, {})

    assert (told.outcome, told.destruction, found(told)) == (Outcome.SOUND, STATED, {})


def test_package_of_before_is_told_by_the_note_that_lies_with_the_recordings() -> None:
    told = verdict({}, {}, NOTE)

    assert (told.outcome, told.destruction) == (Outcome.SOUND, STATED)


def test_package_with_a_note_that_does_not_hold_is_broken() -> None:
    told = verdict({DESTRUCTION: sign_destruction(STATED, OTHER_LOG)})

    assert (told.outcome, told.destruction) == (Outcome.BROKEN, None)


def test_note_is_no_checkpoint_of_the_log() -> None:
    told = verdict({f"{CHECKPOINTS}{TREE.size}.txt": NOTE})

    assert told.outcome is Outcome.BROKEN
    assert "checkpoints_readable" in found(told)
