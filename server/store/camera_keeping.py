"""What the server keeps for each room camera outside the record, sealed with the room's key."""

from server.domain.ids import Alias, RoomId
from server.store.connection import Store
from server.store.encryption import RoomCiphers


class CameraKeeping:
    """One small value for each camera of each room."""

    def __init__(self, store: Store, ciphers: RoomCiphers) -> None:
        self._store = store
        self._ciphers = ciphers

    async def put(self, room: RoomId, camera: Alias, kept: bytes, *, ttl_s: int) -> None:
        """Keep a value for `ttl_s` seconds, in place of the one before.

        Raises:
            StoreUnavailable: no answer.
            StoreUnwritable: not stored.
        """
        cipher = await self._ciphers.cipher_of(room)
        await self._store.ask("SET", _key(room, camera), cipher.seal(kept, "camera", camera), "EX", ttl_s)

    async def get(self, room: RoomId, camera: Alias) -> bytes | None:
        """The value; none where there is none.

        Raises:
            StoreUnavailable: no answer.
            SealBroken: it cannot be opened.
        """
        sealed = await self._store.ask("GET", _key(room, camera))
        if sealed is None:
            return None
        return (await self._ciphers.cipher_of(room)).open(sealed, "camera", camera)

    async def remove(self, room: RoomId, camera: Alias) -> None:
        """Keep it no more.

        Raises:
            StoreUnavailable: no answer.
            StoreUnwritable: it is still there.
        """
        await self._store.ask("DEL", _key(room, camera))


def _key(room: RoomId, camera: Alias) -> str:
    return f"room:{{{room}}}:camera:{camera}"
