"""Signs a room's head and has it cosigned by the witness of this process.

Order is the design: the head is stored before the log's signature leaves, the witness's state before the cosignature.
A crash in between signs the same head again, never another of its size. Several servers may sign the heads of one
room: one whose lines are still on their way finds that a later head was signed, and waits for them.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from server.domain.errors import EvidenceBroken
from server.domain.ids import Millis, RoomId
from server.evidence.checkpoints import sign_checkpoint
from server.evidence.cosignatures import Cosigner
from server.evidence.merkle import EMPTY_HEAD, Head, MerkleTree
from server.evidence.notes import Note, NoteSigner
from server.evidence.witness import Accepted, format_add_checkpoint, parse_add_checkpoint, review
from server.store.errors import StoreUnavailable
from server.store.signed_heads import SignedHeads

WITNESS_TRIES: Final = 8
"How often the witness is asked again when other servers ask it at the same time."


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

    async def sign(self, tree: MerkleTree) -> str | None:
        """The note over the tree as it is now, cosigned and kept; none where a later head was signed.

        Raises:
            EvidenceBroken: another head of this size was signed before.
            StoreUnavailable, StoreUnwritable: not kept; try again.
        """
        head = tree.head
        if not await self._heads.may_sign(self._room, head):
            latest = await self._heads.latest(self._room)
            if latest is not None and latest.size > head.size:
                return None
            raise EvidenceBroken(f"Room {self._room}: a head that contradicts size {head.size} was signed before.")
        cosigned = await self._cosign(sign_checkpoint(head, self._log), head, tree)
        if cosigned is None:
            return None
        text = cosigned.to_bytes().decode()
        await self._heads.save_checkpoint(self._room, head.size, text)
        return text

    async def _cosign(self, note: Note, head: Head, tree: MerkleTree) -> Note | None:
        """The note with the cosignature of the process's own witness, which judges it like any other witness."""
        name = self._witness.key.name
        for _ in range(WITNESS_TRIES):
            stored = await self._heads.witness_state(self._room, name)
            known = msgspec.msgpack.decode(stored, type=Head) if stored else EMPTY_HEAD
            if known.size > head.size:
                return None
            proof = tree.consistency_proof(known.size, head.size)
            request = parse_add_checkpoint(format_add_checkpoint(known.size, proof, note))
            verdict = review(request, known, self._log.key)
            if not isinstance(verdict, Accepted):
                raise EvidenceBroken(f"Room {self._room}: the witness refuses the head: {verdict.reason.value}.")
            state = msgspec.msgpack.encode(verdict.head)
            if verdict.head == known or await self._heads.set_witness_state(self._room, name, stored, state):
                return note.with_signatures([self._witness.cosign(verdict.text, self._clock() // 1000)])
        raise StoreUnavailable
