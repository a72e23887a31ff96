"""What a witness answers to `add-checkpoint`: the decision alone; the caller stores and signs.

The caller reads what it stored of the log, calls `review`, stores the new head only if the stored one is still the same
(one transaction), and cosigns after that. A refusal that is a fork is the proof of it: keep the request's bytes.
Source: https://c2sp.org/tlog-witness, add-checkpoint
"""

from enum import StrEnum
from types import MappingProxyType

import msgspec

from server.evidence.checkpoints import Checkpoint, parse_checkpoint
from server.evidence.errors import BadNoteSignature, MalformedText
from server.evidence.merkle import HASH_BYTES, Head, verify_consistency
from server.evidence.notes import Note, VerifierKey, is_signed_by, parse_note
from server.evidence.strict_text import from_base64, from_decimal, to_base64

MAX_PROOF_LINES = 63


class AddCheckpoint(msgspec.Struct, kw_only=True, frozen=True):
    """A log's request for a cosignature, well-formed but not yet believed."""

    old_size: int
    "The size that the log thinks the witness cosigned last."
    proof: tuple[bytes, ...]
    "Consistency proof from `old_size` to the checkpoint."
    note: Note
    checkpoint: Checkpoint
    "What the note says."


class Refusal(StrEnum):
    """Why a witness does not cosign."""

    UNKNOWN_LOG = "unknown_log"
    NOT_SIGNED = "not_signed"
    OLD_SIZE_BEYOND_CHECKPOINT = "old_size_beyond_checkpoint"
    OTHER_OLD_SIZE = "other_old_size"
    OTHER_ROOT = "other_root"
    BAD_PROOF = "bad_proof"


STATUS = MappingProxyType(
    {
        Refusal.UNKNOWN_LOG: 404,
        Refusal.NOT_SIGNED: 403,
        Refusal.OLD_SIZE_BEYOND_CHECKPOINT: 400,
        Refusal.OTHER_OLD_SIZE: 409,
        Refusal.OTHER_ROOT: 422,
        Refusal.BAD_PROOF: 422,
    }
)
"The HTTP status of each refusal; a request that cannot be parsed is 400."


class Accepted(msgspec.Struct, kw_only=True, frozen=True):
    """Store `head`, then cosign `text`."""

    head: Head
    text: str


class Refused(msgspec.Struct, kw_only=True, frozen=True):
    """Answer `STATUS[reason]`; nothing is stored as the log's head."""

    reason: Refusal
    known_size: int
    "The size cosigned last: with a line feed, the body of a 409 answer (`text/x.tlog.size`)."
    is_fork: bool
    "The log signed another root for the size that the witness cosigned last: proof of two histories."


def review(request: AddCheckpoint, known: Head, log: VerifierKey | None) -> Accepted | Refused:
    """Whether a witness may cosign.

    Args:
        request: what the log sent.
        known: the head of this origin that the witness cosigned last; `EMPTY_HEAD` if none.
        log: the key trusted for the request's origin; None if there is none.
    """
    if log is None or log.name != request.checkpoint.origin:
        return Refused(reason=Refusal.UNKNOWN_LOG, known_size=known.size, is_fork=False)
    if not _is_signed(request.note, log):
        return Refused(reason=Refusal.NOT_SIGNED, known_size=known.size, is_fork=False)
    head = request.checkpoint.head
    reason = _objection(request, known, head)
    if reason is None:
        return Accepted(head=head, text=request.note.text)
    is_fork = head.size == known.size and head.root != known.root
    return Refused(reason=reason, known_size=known.size, is_fork=is_fork)


def _is_signed(note: Note, log: VerifierKey) -> bool:
    try:
        return is_signed_by(note, log)
    except BadNoteSignature:
        return False


def _objection(request: AddCheckpoint, known: Head, head: Head) -> Refusal | None:
    """The first check that fails, in the order of the standard."""
    if request.old_size > head.size:
        return Refusal.OLD_SIZE_BEYOND_CHECKPOINT
    if request.old_size != known.size:
        return Refusal.OTHER_OLD_SIZE
    if head.size == known.size and head.root != known.root:
        return Refusal.OTHER_ROOT
    if not verify_consistency(known, head, request.proof):
        return Refusal.BAD_PROOF
    return None


def format_add_checkpoint(old_size: int, proof: list[bytes], note: Note) -> bytes:
    """The body that a log posts to a witness."""
    lines = [f"old {old_size}", *(to_base64(each) for each in proof)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note.to_bytes()


def parse_add_checkpoint(data: bytes) -> AddCheckpoint:
    """The request in a body; status 400 if this raises.

    Raises:
        MalformedText: the body is not an old size, a proof, an empty line and a checkpoint.
    """
    head, empty_line, note_bytes = data.partition(b"\n\n")
    if not empty_line or not head.isascii():
        raise _malformed("no ASCII lines and an empty line before the checkpoint")
    old, *proof_lines = head.decode().split("\n")
    if not old.startswith("old "):
        raise _malformed("the first line is not the old size")
    if len(proof_lines) > MAX_PROOF_LINES:
        raise _malformed(f"more than {MAX_PROOF_LINES} proof lines")
    proof = tuple(from_base64(line) for line in proof_lines)
    if any(len(each) != HASH_BYTES for each in proof):
        raise _malformed(f"a hash in the proof has not {HASH_BYTES} bytes")
    note = parse_note(note_bytes)
    old_size = from_decimal(old.removeprefix("old "))
    return AddCheckpoint(old_size=old_size, proof=proof, note=note, checkpoint=parse_checkpoint(note))


def _malformed(why: str) -> MalformedText:
    return MalformedText(what="add-checkpoint request", why=why)
