"""Signs a room's head and has it cosigned by the witness of this process.

Order is the design: the head is stored before the log's signature leaves, the witness's state before the cosignature.
A crash in between signs the same head again, never another of its size.
"""

from collections.abc import Callable

import msgspec

from server.domain.errors import EvidenceBroken
from server.domain.ids import Millis, RoomId
from server.evidence.checkpoints import sign_checkpoint
from server.evidence.cosignatures import Cosigner
from server.evidence.merkle import EMPTY_HEAD, Head, MerkleTree
from server.evidence.notes import Note, NoteSigner
from server.evidence.witness import Accepted, format_add_checkpoint, parse_add_checkpoint, review
from server.store.signed_heads import SignedHeads


class Checkpointer:
    """Makes the checkpoints of one room."""

    def __init__(
        self, room: RoomId, heads: SignedHeads, *, log: NoteSigner, witness: Cosigner, clock: Callable[[], Millis]
    ) -> None:
        self._room = room
        self._heads = heads
        self._log = log
        self._witness = witness
        self._clock = clock

    async def sign(self, tree: MerkleTree) -> str:
        """The note over the tree as it is now, cosigned and kept.

        Raises:
            EvidenceBroken: another head of this size, or a greater one, was signed before.
            StoreUnavailable: not kept; try again.
        """
        head = tree.head
        if not await self._heads.may_sign(self._room, head):
            raise EvidenceBroken(f"Room {self._room}: a head that contradicts size {head.size} was signed before.")
        note = sign_checkpoint(head, self._log)
        cosigned = await self._cosign(note, head, tree)
        text = cosigned.to_bytes().decode()
        await self._heads.save_checkpoint(self._room, head.size, text)
        return text

    async def _cosign(self, note: Note, head: Head, tree: MerkleTree) -> Note:
        """The note with the cosignature of the process's own witness, which judges it like any other witness."""
        stored = await self._heads.witness_state(self._room, self._witness.key.name)
        known = msgspec.msgpack.decode(stored, type=Head) if stored else EMPTY_HEAD
        if known.size > head.size:
            raise EvidenceBroken(f"Room {self._room}: the witness cosigned size {known.size}, the log has {head.size}.")
        proof = tree.consistency_proof(known.size, head.size)
        request = parse_add_checkpoint(format_add_checkpoint(known.size, proof, note))
        verdict = review(request, known, self._log.key)
        if not isinstance(verdict, Accepted):
            raise EvidenceBroken(f"Room {self._room}: the witness refuses the head: {verdict.reason.value}.")
        state = msgspec.msgpack.encode(verdict.head)
        name = self._witness.key.name
        if verdict.head != known and not await self._heads.set_witness_state(self._room, name, stored, state):
            raise EvidenceBroken(f"Room {self._room}: the witness was asked by another server at the same time.")
        return note.with_signatures([self._witness.cosign(verdict.text, self._clock() // 1000)])
