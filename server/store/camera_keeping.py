"""What the server keeps for each room camera outside the record, sealed with the room's key."""

from typing import Literal

from server.domain.ids import Alias, RoomId
from server.store.connection import Store
from server.store.encryption import RoomCiphers

Kept = Literal["camera", "camera-source"]
"What is kept: a pass for an encoder, or where the server pulls the picture from."


class CameraKeeping:
    """One small value of a kind for each camera of each room."""

    def __init__(self, store: Store, ciphers: RoomCiphers, kept: Kept) -> None:
        self._store = store
        self._ciphers = ciphers
        self._kept = kept

    async def put(self, room: RoomId, camera: Alias, kept: bytes, *, ttl_s: int) -> None:
        """Keep a value for `ttl_s` seconds, in place of the one before.

        Raises:
            StoreUnavailable: no answer.
            StoreUnwritable: not stored.
        """
        cipher = await self._ciphers.cipher_of(room)
        await self._store.ask("SET", self._key(room, camera), cipher.seal(kept, self._kept, camera), "EX", ttl_s)

    async def get(self, room: RoomId, camera: Alias) -> bytes | None:
        """The value; none where there is none.

        Raises:
            StoreUnavailable: no answer.
            SealBroken: it cannot be opened.
        """
        sealed = await self._store.ask("GET", self._key(room, camera))
        if sealed is None:
            return None
        return (await self._ciphers.cipher_of(room)).open(sealed, self._kept, camera)

    async def remove(self, room: RoomId, camera: Alias) -> None:
        """Keep it no more.

        Raises:
            StoreUnavailable: no answer.
            StoreUnwritable: it is still there.
        """
        await self._store.ask("DEL", self._key(room, camera))

    def _key(self, room: RoomId, camera: Alias) -> str:
        return f"room:{{{room}}}:{self._kept}:{camera}"
