"""The registry of rooms: which there are, and the wrapped key of each."""

import msgspec

from server.domain.ids import Millis, RoomId
from server.store.connection import Store, as_dict
from server.store.encryption import MasterKey, RoomCipher
from server.store.errors import RoomExists, RoomUnknown, SealBroken

REGISTRY = "rooms"


class RoomRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A room, as an operator lists it."""

    room: RoomId
    created_at: Millis
    title: str


class _StoredRoom(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    created_at: Millis
    wrapped_key: bytes
    title: bytes
    "Sealed with the room's key."


class Rooms:
    """The rooms of this store and their ciphers."""

    def __init__(self, store: Store, master_key: MasterKey) -> None:
        self._store = store
        self._master_key = master_key
        self._ciphers: dict[RoomId, RoomCipher] = {}

    async def add(self, room: RoomId, title: str, created_at: Millis) -> RoomCipher:
        """Registers a room with a fresh key; its log is opened after that.

        Raises:
            RoomExists: the id is taken, perhaps by an earlier try that was not answered: take another id.
            StoreUnavailable: no answer.
            StoreUnwritable: the store cannot write.
        """
        cipher, wrapped_key = self._master_key.new_room_key(room)
        stored = _StoredRoom(created_at=created_at, wrapped_key=wrapped_key, title=cipher.seal(title.encode(), "title"))
        if not await self._store.ask("HSETNX", REGISTRY, room, msgspec.msgpack.encode(stored)):
            raise RoomExists(room=room)
        self._ciphers[room] = cipher
        return cipher

    async def forget(self, room: RoomId) -> None:
        """Takes a room out whose log was never opened; with its key goes whatever was sealed for it.

        Raises:
            StoreUnavailable: no answer; an empty room may stay in the list.
            StoreUnwritable: the store cannot write.
        """
        self._ciphers.pop(room, None)
        await self._store.ask("HDEL", REGISTRY, room)

    async def list_rooms(self) -> list[RoomRecord]:
        """Every room, the oldest first.

        Raises:
            SealBroken: a record was changed, or the master key is another one.
            StoreUnavailable: no answer.
        """
        registry = as_dict(await self._store.ask("HGETALL", REGISTRY))
        records = [self._record(RoomId(room.decode()), stored) for room, stored in registry.items()]
        return sorted(records, key=lambda record: (record.created_at, record.room))

    async def cipher_of(self, room: RoomId) -> RoomCipher:
        """The cipher of this room.

        Raises:
            RoomUnknown: the registry does not know the room.
            SealBroken: its key was wrapped by another master key.
            StoreUnavailable: no answer.
        """
        if room not in self._ciphers:
            stored = await self._store.ask("HGET", REGISTRY, room)
            if stored is None:
                raise RoomUnknown(room=room)
            self._record(room, stored)
        return self._ciphers[room]

    def known_cipher(self, room: RoomId) -> RoomCipher | None:
        """The cipher of a room whose log has been read or opened here; no store is asked."""
        return self._ciphers.get(room)

    def _record(self, room: RoomId, encoded: bytes) -> RoomRecord:
        try:
            stored = msgspec.msgpack.decode(encoded, type=_StoredRoom)
        except msgspec.MsgspecError as error:
            raise SealBroken(room, (REGISTRY,)) from error
        cipher = self._ciphers.get(room) or self._master_key.room_cipher(room, stored.wrapped_key)
        title = cipher.open(stored.title, "title").decode()
        self._ciphers[room] = cipher
        return RoomRecord(room=room, created_at=stored.created_at, title=title)
