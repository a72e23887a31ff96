"""Entry codes, the count of attempts at them, and what has been revoked."""

from server.store.connection import Store
from server.store.encryption import MasterKey

_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""

_FORGIVE = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECR', KEYS[1]) end
"""


class AccessCodes:
    """Codes that let a person in once. Only hashes are stored, and what a code opens is sealed."""

    def __init__(self, store: Store, master_key: MasterKey) -> None:
        self._store = store
        self._cipher = master_key.cipher

    async def put(self, code_hash: str, payload: bytes, *, ttl_s: int) -> bool:
        """Stores a code for `ttl_s` seconds; false if this code is in use: draw another.

        Raises:
            StoreUnavailable: no answer: draw another.
            StoreUnwritable: not stored.
        """
        sealed = self._cipher.seal(payload, "code", code_hash)
        return await self._store.ask("SET", _code(code_hash), sealed, "EX", ttl_s, "NX") is not None

    async def take(self, code_hash: str) -> bytes | None:
        """What the code opens, once; `None` if it is unknown, used, revoked or too old.

        Raises:
            StoreUnavailable: no answer; the code may be used up, so the person may need a new one.
            SealBroken: the stored value was changed, or the master key is another one.
        """
        sealed = await self._store.ask("GETDEL", _code(code_hash))
        return None if sealed is None else self._cipher.open(sealed, "code", code_hash)

    async def revoke(self, code_hash: str) -> None:
        """Makes a code unusable, whether it exists or not.

        Raises:
            StoreUnavailable: no answer.
        """
        await self._store.ask("DEL", _code(code_hash))

    async def count_attempt(self, bucket: str, *, window_s: int) -> int:
        """How many attempts this bucket has seen, with this one, since its window of `window_s` seconds opened.

        Raises:
            StoreUnavailable: no answer: let nobody in.
        """
        return int(await self._store.run(_COUNT, f"attempts:{bucket}", window_s))

    async def forgive_attempt(self, bucket: str) -> None:
        """Takes one attempt back, if its window is still open.

        Raises:
            StoreUnavailable: no answer.
        """
        await self._store.run(_FORGIVE, f"attempts:{bucket}")


class Revocations:
    """Tokens and devices that are no longer let in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def revoke_token(self, jti: str, *, ttl_s: int) -> None:
        """Refuses a token for the `ttl_s` seconds it would still live.

        Raises:
            StoreUnavailable: no answer.
            StoreUnwritable: not revoked.
        """
        await self._store.ask("SET", f"revoked:{jti}", b"", "EX", ttl_s)

    async def is_revoked(self, jti: str) -> bool:
        """Whether this token was revoked.

        Raises:
            StoreUnavailable: no answer: let nobody in.
        """
        return bool(await self._store.ask("EXISTS", f"revoked:{jti}"))


def _code(code_hash: str) -> str:
    return f"code:{code_hash}"
