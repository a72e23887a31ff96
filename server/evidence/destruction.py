"""The note that a room's recordings were destroyed: when, by whom and why, signed by the room's own log.

A closed record takes no further line, so the note stands beside it, bound to its last head:

    lianping-recordings-destroyed-v1
    <the statement as RFC 8785 JSON, in one line>

    — <the log's name> <signature>

It is a C2SP signed note by the key that signs the room's heads. Its first line is no log's name, so that it can never
be taken for a checkpoint. Decision 0017.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from server.domain.events import RoomClosed, RoomOpened
from server.domain.lines import Line
from server.domain.recordings import Destruction
from server.evidence.canonical import canonical
from server.evidence.errors import BadNoteSignature, MalformedText
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.notes import Note, NoteSigner, VerifierKey, is_signed_by, parse_note
from server.evidence.retention import kept_until
from server.evidence.verdict import Check, Finding, Outcome

DESTRUCTION: Final = "recordings-destroyed.txt"
"The note's name in a package."

_FIRST_LINE: Final = "lianping-recordings-destroyed-v1"


def sign_destruction(destruction: Destruction, signer: NoteSigner) -> bytes:
    """The note, as it is kept and handed out."""
    text = f"{_FIRST_LINE}\n{canonical(msgspec.to_builtins(destruction)).decode()}\n"
    return Note(text=text, signatures=(signer.sign(text),)).to_bytes()


def read_destruction(data: bytes) -> tuple[Note, Destruction]:
    """A note and what it states; who signed it is not judged here.

    Raises:
        MalformedText: it is no such note.
    """
    note = parse_note(data)
    match note.text.split("\n"):
        case [first, statement, ""] if first == _FIRST_LINE:
            pass
        case _:
            raise _malformed("not two lines, of which the first names it")
    try:
        destruction = msgspec.json.decode(statement, type=Destruction)
    except msgspec.DecodeError as error:
        raise _malformed(str(error)) from error
    if canonical(msgspec.to_builtins(destruction)).decode() != statement:
        raise _malformed("the statement is not in its canonical form")
    return note, destruction


def check_destruction(
    data: bytes, raws: Sequence[bytes], lines: Sequence[Line], opening: RoomOpened, log: VerifierKey
) -> tuple[Destruction | None, tuple[Check, ...]]:
    """What a note is worth beside a record: what it states if it holds, and the checks.

    Args:
        data: the note.
        raws: all lines.
        lines: those that could be read, at least the first.
        opening: the first line's event.
        log: the key of the room's log.
    """
    try:
        note, destruction = read_destruction(data)
        flaws = list(_flaws(note, destruction, raws, lines, opening, log))
    except (MalformedText, BadNoteSignature) as error:
        return None, (_check("recordings_destruction", Outcome.BROKEN, [str(error)]),)
    stated = _check("recordings_destruction", Outcome.BROKEN, flaws)
    if flaws:
        return None, (stated,)
    until = kept_until(lines[-1].head.at, opening.policy.retention_years, opening.time_zone)
    early = ["the recordings were destroyed before their keeping time had ended"] if destruction.at < until else []
    return destruction, (stated, _check("recordings_kept_long_enough", Outcome.INCOMPLETE, early))


def _flaws(
    note: Note,
    destruction: Destruction,
    raws: Sequence[bytes],
    lines: Sequence[Line],
    opening: RoomOpened,
    log: VerifierKey,
) -> Iterator[str]:
    if not is_signed_by(note, log):
        yield "the room's log has not signed it"
    if destruction.room != opening.room:
        yield f"it speaks of another room, {destruction.room}"
    if not isinstance(lines[-1].event, RoomClosed) or len(lines) != len(raws):
        yield "the record does not end with the room's close"
    tree = MerkleTree(leaf_hash(raw) for raw in raws)
    if (destruction.lines, destruction.root) != (tree.size, tree.root().hex()):
        yield "it speaks of another record than this one"


def _check(code: str, failure: Outcome, flaws: Sequence[str]) -> Check:
    findings = tuple(Finding(reason=flaw, where=DESTRUCTION) for flaw in flaws)
    return Check(code=code, failure=failure, findings=findings)


def _malformed(why: str) -> MalformedText:
    return MalformedText(what="note of a destruction", why=why)
