"""Entry codes, the count of attempts at them, and what has been revoked."""

from server.store.connection import Store
from server.store.encryption import MasterKey

_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""

_TAKE = """
if redis.call('TYPE', KEYS[1]).ok == 'string' then
  local sealed = redis.call('GET', KEYS[1])
  local left_s = math.min(redis.call('TTL', KEYS[1]), tonumber(ARGV[2]))
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'taker', ARGV[1], 'sealed', sealed)
  redis.call('EXPIRE', KEYS[1], left_s)
  return sealed
end
return redis.call('HGET', KEYS[1], 'taker') == ARGV[1] and redis.call('HGET', KEYS[1], 'sealed')
"""
"From unused to taken; whoever took it may ask again."

_FORGIVE = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECR', KEYS[1]) end
"""


class AccessCodes:
    """Codes that let one person in. Only hashes are stored, and what a code opens is sealed."""

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

    async def take(self, code_hash: str, taker: str, *, again_s: int) -> bytes | None:
        """What the code opens; `None` if it is unknown, taken by another, revoked or too old.

        Raises:
            StoreUnavailable: no answer; the same taker may ask again for `again_s` seconds.
            SealBroken: the stored value was changed, or the master key is another one.
        """
        sealed = await self._store.run(_TAKE, _code(code_hash), taker, again_s)
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
