"""What was signed of a room: the guard against a second head of a size, checkpoints, and the state of witnesses.

A head is stored before its signature leaves. If the server dies in between, the same head may be signed again,
but never another of that size, nor any of a smaller one: whoever holds two signatures could prove that we showed
two versions, and so can nobody.
"""

import msgspec

from server.domain.ids import RoomId
from server.evidence.merkle import Head
from server.store.connection import Store, as_dict
from server.store.room_log import log_key

_MAY_SIGN = """
local size, root = unpack(redis.call('HMGET', KEYS[1], 'size', 'root'))
if size == ARGV[1] then return root == ARGV[2] and 1 or 0 end
if size and tonumber(size) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'size', ARGV[1], 'root', ARGV[2])
return 1
"""
_COMPARE_AND_SET = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known == ARGV[3] or (not known and #ARGV == 2) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  return 1
end
return known == ARGV[2] and 1 or 0
"""


class StoredCheckpoint(msgspec.Struct, kw_only=True, frozen=True):
    """A signed note over the log at one size, with the cosignatures that have come so far."""

    size: int
    note: str


class SignedHeads:
    """Heads and checkpoints of the rooms' logs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def may_sign(self, room: RoomId, head: Head) -> bool:
        """Stores a head and says whether it may be signed: not if another root or a greater size was stored.

        Raises:
            StoreUnavailable: no answer: sign nothing, ask again.
            StoreUnwritable: not stored: sign nothing.
        """
        return bool(await self._store.run(_MAY_SIGN, self._key(room, "signed"), head.size, head.root.hex()))

    async def latest(self, room: RoomId) -> Head | None:
        """The greatest head that was, or may have been, signed: a log that does not hold it is broken.

        Raises:
            StoreUnavailable: no answer.
        """
        size, root = await self._store.ask("HMGET", self._key(room, "signed"), "size", "root")
        return None if size is None else Head(size=int(size), root=bytes.fromhex(root.decode()))

    async def save_checkpoint(self, room: RoomId, size: int, note: str) -> None:
        """Keeps a note, in place of the one of this size with fewer cosignatures.

        Raises:
            StoreUnavailable: no answer.
            StoreUnwritable: not stored.
        """
        await self._store.ask("HSET", self._key(room, "checkpoints"), size, note)

    async def checkpoints(self, room: RoomId) -> list[StoredCheckpoint]:
        """Every note, by rising size.

        Raises:
            StoreUnavailable: no answer.
        """
        notes = as_dict(await self._store.ask("HGETALL", self._key(room, "checkpoints")))
        return [StoredCheckpoint(size=int(size), note=notes[size].decode()) for size in sorted(notes, key=int)]

    async def witness_state(self, room: RoomId, witness: str) -> bytes | None:
        """What a witness of ours last knew of the room; `None` if it never saw it.

        Raises:
            StoreUnavailable: no answer.
        """
        state: bytes | None = await self._store.ask("HGET", self._key(room, "witnesses"), witness)
        return state

    async def set_witness_state(self, room: RoomId, witness: str, known: bytes | None, state: bytes) -> bool:
        """Stores what a witness knows now, if it knew `known` until now; otherwise false: read and check again.

        Raises:
            StoreUnavailable: no answer: cosign nothing, ask again.
            StoreUnwritable: not stored: cosign nothing.
        """
        arguments = (state,) if known is None else (state, known)
        return bool(await self._store.run(_COMPARE_AND_SET, self._key(room, "witnesses"), witness, *arguments))

    def _key(self, room: RoomId, kind: str) -> str:
        return f"{log_key(room)}:{kind}"
