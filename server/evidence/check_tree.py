"""Do the signed heads fit the lines, and did enough witnesses cosign them?"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from server.domain.events import RoomClosed
from server.domain.lines import Line
from server.evidence.check_lines import place, places
from server.evidence.checkpoints import Checkpoint, parse_checkpoint
from server.evidence.cosignatures import cosigned_at
from server.evidence.errors import BadNoteSignature, MalformedText
from server.evidence.merkle import MerkleTree, leaf_hash
from server.evidence.notes import Note, is_signed_by, parse_note
from server.evidence.package import CHECKPOINTS
from server.evidence.room_keys import RoomKeys
from server.evidence.verdict import Check, Finding, Outcome


class SignedHead(Struct, frozen=True):
    """A checkpoint of the package."""

    where: str
    note: Note
    checkpoint: Checkpoint

    @property
    def size(self) -> int:
        """How many lines it signs."""
        return self.checkpoint.size


def check_tree(
    raws: Sequence[bytes], lines: Sequence[Line], contents: Mapping[str, bytes], keys: RoomKeys
) -> tuple[Check, ...]:
    """Check every checkpoint of the package against the lines and the keys.

    Args:
        raws: all lines.
        lines: those that could be read, at least the first.
        contents: the package.
        keys: of log and witnesses.
    """
    heads, unreadable = _read_heads(contents)
    unsigned = {head.where: why for head in heads if (why := _unsigned(head, keys))}
    uncosigned = {head.where: why for head in heads if (why := _uncosigned(head, keys))}
    signed = [head for head in heads if head.where not in unsigned]
    tree = MerkleTree(leaf_hash(raw) for raw in raws)
    return (
        Check(code="checkpoints_readable", failure=Outcome.BROKEN, findings=tuple(unreadable)),
        Check(code="checkpoints_signed", failure=Outcome.BROKEN, findings=_findings(unsigned)),
        Check(code="tree_matches", failure=Outcome.BROKEN, findings=tuple(_contradictions(signed, tree))),
        Check(code="cosignatures", failure=Outcome.BROKEN, findings=_findings(uncosigned)),
        Check(code="complete", failure=Outcome.INCOMPLETE, findings=tuple(_missing(raws, lines, heads, keys))),
    )


def _findings(reasons: Mapping[str, str]) -> tuple[Finding, ...]:
    return tuple(Finding(reason=why, where=where) for where, why in reasons.items())


def _read_heads(contents: Mapping[str, bytes]) -> tuple[list[SignedHead], list[Finding]]:
    """The checkpoints, the smallest first."""
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
        if name != f"{CHECKPOINTS}{head.size}.txt":
            findings.append(Finding(reason=f"it speaks of size {head.size}", where=name))
        heads.append(head)
    return sorted(heads, key=lambda head: head.size), findings


def _unsigned(head: SignedHead, keys: RoomKeys) -> str | None:
    if head.checkpoint.origin != keys.log.name:
        return f"it speaks of another log, {head.checkpoint.origin}"
    try:
        return None if is_signed_by(head.note, keys.log) else "the room's log has not signed it"
    except BadNoteSignature as error:
        return str(error)


def _uncosigned(head: SignedHead, keys: RoomKeys) -> str | None:
    """A line that no key of the room made: nothing but the room's own keys belongs in its package."""
    known = {(key.name, key.key_id) for key in (keys.log, *keys.witnesses)}
    for each in head.note.signatures:
        if (each.name, each.key_id) not in known:
            return f"a line by {each.name}, who is no witness of this room"
    try:
        for witness in keys.witnesses:
            cosigned_at(head.note, witness)
    except BadNoteSignature as error:
        return str(error)
    return None


def _contradictions(heads: Sequence[SignedHead], tree: MerkleTree) -> Iterator[Finding]:
    """Heads that the lines do not fit.

    The greatest head that fits proves every line before it; the next one bounds the change, and all after that one
    only repeat it.
    """
    fits = [_fits(head, tree) for head in heads]
    proved = max((head.size for head, fit in zip(heads, fits, strict=True) if fit), default=0)
    misfits = [head for head, fit in zip(heads, fits, strict=True) if not fit]
    for head in misfits:
        if head.size > proved:
            yield _change(head, proved, tree.size)
            return
        yield Finding(reason=f"the log signed another head of {proved} lines, which they fit", where=head.where)


def _fits(head: SignedHead, tree: MerkleTree) -> bool:
    return head.size <= tree.size and tree.root(head.size) == head.checkpoint.root


def _change(head: SignedHead, proved: int, size: int) -> Finding:
    begin = f"the first {proved} lines are as they were signed" if proved else "no lines are proved"
    if proved == size:
        reason = f"{begin}, and nothing is left of those up to {head.size} that {head.where} signs"
        return Finding(reason=reason, where=place(size))
    missing = f" ({head.size - size} are missing)" if head.size > size else ""
    reason = f"{begin}; those up to {head.size} do not give the root in {head.where}: changed, inserted or cut{missing}"
    return Finding(reason=reason, where=places(proved, min(head.size, size)))


def _missing(
    raws: Sequence[bytes], lines: Sequence[Line], heads: Sequence[SignedHead], keys: RoomKeys
) -> Iterator[Finding]:
    """What keeps a record from being complete: its close, and a quorum over exactly all of it."""
    if len(lines) == len(raws) and not isinstance(lines[-1].event, RoomClosed):
        yield Finding(reason="the record ends here, and the room is not closed", where=place(len(lines) - 1))
    if not keys.witnesses:
        yield Finding(reason="the room has no witness: its heads are the host's word alone", where=place(0))
        return
    witnessed = max((head.size for head in heads if _has_quorum(head, keys)), default=0)
    if witnessed < len(raws):
        reason = f"no quorum of witnesses cosigned these {len(raws) - witnessed} lines"
        yield Finding(reason=reason, where=places(witnessed, len(raws)))


def _has_quorum(head: SignedHead, keys: RoomKeys) -> bool:
    if _unsigned(head, keys):
        return False
    try:
        return sum(cosigned_at(head.note, witness) is not None for witness in keys.witnesses) >= keys.quorum
    except BadNoteSignature:
        return False
