"""Do the signed heads fit the lines, and did enough witnesses cosign them?"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from server.domain.events import RoomClosed, RoomOpened
from server.domain.lines import Line
from server.evidence.checkpoints import Checkpoint, parse_checkpoint
from server.evidence.cosignatures import cosigned_at
from server.evidence.errors import BadNoteSignature, MalformedText
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.notes import Note, SignatureType, VerifierKey, is_signed_by, parse_note, parse_verifier_key
from server.evidence.package import CHECKPOINTS
from server.evidence.verdict import Check, Finding, Outcome


class Keys(Struct, frozen=True):
    """Who signs the heads of a room."""

    log: VerifierKey
    witnesses: tuple[VerifierKey, ...]
    quorum: int


class SignedHead(Struct, frozen=True):
    """A checkpoint of the package."""

    where: str
    note: Note
    checkpoint: Checkpoint


def keys_of(opening: RoomOpened) -> Keys:
    """The keys that the first event names.

    Raises:
        MalformedText: one of them is none.
    """
    log = parse_verifier_key(opening.log_key, SignatureType.ED25519)
    witnesses = tuple(parse_verifier_key(vkey, SignatureType.COSIGNATURE_V1) for vkey in opening.witnesses)
    return Keys(log, witnesses, opening.quorum)


def check_tree(
    raws: Sequence[bytes], lines: Sequence[Line], contents: Mapping[str, bytes], keys: Keys
) -> tuple[Check, ...]:
    """Check every checkpoint of the package against the lines and the keys."""
    heads, unreadable = _read_heads(contents)
    tree = MerkleTree(leaf_hash(raw) for raw in raws)
    unsigned = [Finding(reason=why, where=head.where) for head in heads if (why := _unsigned(head, keys))]
    contradicting = [Finding(reason=why, where=head.where) for head in heads if (why := _contradicts(head, tree))]
    uncosigned = [Finding(reason=why, where=head.where) for head in heads if (why := _forged_cosignature(head, keys))]
    return (
        Check(code="checkpoints_readable", failure=Outcome.BROKEN, findings=tuple(unreadable)),
        Check(code="checkpoints_signed", failure=Outcome.BROKEN, findings=tuple(unsigned)),
        Check(code="tree_matches", failure=Outcome.BROKEN, findings=tuple(contradicting)),
        Check(code="cosignatures", failure=Outcome.BROKEN, findings=tuple(uncosigned)),
        Check(code="complete", failure=Outcome.INCOMPLETE, findings=tuple(_missing(lines, heads, keys))),
    )


def _read_heads(contents: Mapping[str, bytes]) -> tuple[list[SignedHead], list[Finding]]:
    heads, findings = [], []
    for name, data in contents.items():
        if not name.startswith(CHECKPOINTS):
            continue
        try:
            note = parse_note(data)
            head = SignedHead(name, note, parse_checkpoint(note))
        except MalformedText as error:
            findings.append(Finding(reason=str(error), where=name))
            continue
        if name != f"{CHECKPOINTS}{head.checkpoint.size}.txt":
            findings.append(Finding(reason=f"it speaks of size {head.checkpoint.size}", where=name))
        heads.append(head)
    return sorted(heads, key=lambda head: head.checkpoint.size), findings


def _unsigned(head: SignedHead, keys: Keys) -> str | None:
    if head.checkpoint.origin != keys.log.name:
        return f"it speaks of another log, {head.checkpoint.origin}"
    try:
        return None if is_signed_by(head.note, keys.log) else "the room's log has not signed it"
    except BadNoteSignature as error:
        return str(error)


def _contradicts(head: SignedHead, tree: MerkleTree) -> str | None:
    size = head.checkpoint.size
    if size > tree.size:
        return f"it signs {size} lines, the record has {tree.size}: lines are missing"
    if tree.root(size) != head.checkpoint.root:
        return f"the first {size} lines do not give its root: a line was changed, inserted or cut"
    return None


def _forged_cosignature(head: SignedHead, keys: Keys) -> str | None:
    try:
        for witness in keys.witnesses:
            cosigned_at(head.note, witness)
    except BadNoteSignature as error:
        return str(error)
    return None


def _missing(lines: Sequence[Line], heads: Sequence[SignedHead], keys: Keys) -> list[Finding]:
    """What keeps a record from being complete: its close, and a quorum over exactly all of it."""
    findings = []
    if not lines or not isinstance(lines[-1].event, RoomClosed):
        findings.append(Finding(reason="the room is not closed", where="lines.jsonl"))
    witnessed = [head.checkpoint.size for head in heads if _cosigners(head, keys) >= keys.quorum]
    if not witnessed:
        findings.append(Finding(reason="no head was cosigned by a quorum of witnesses", where=CHECKPOINTS))
    elif witnessed[-1] < len(lines):
        reason = f"the {len(lines) - witnessed[-1]} lines after {witnessed[-1]} were not cosigned by a quorum"
        findings.append(Finding(reason=reason, where=CHECKPOINTS))
    return findings


def _cosigners(head: SignedHead, keys: Keys) -> int:
    """How many witnesses cosigned a head; one with a forged cosignature counts for nothing."""
    if _forged_cosignature(head, keys):
        return 0
    return sum(cosigned_at(head.note, witness) is not None for witness in keys.witnesses)
