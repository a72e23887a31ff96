"""Entry codes, the count of attempts at them, and what has been revoked."""

from collections.abc import Mapping

from server.store.connection import Store
from server.store.encryption import MasterKey

_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""

_TAKE = """
for i = 2, #KEYS do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i + 2]) then return 'closed' end
end
if redis.call('TYPE', KEYS[1]).ok == 'string' then
  local sealed = redis.call('GET', KEYS[1])
  local left_s = math.min(redis.call('TTL', KEYS[1]), tonumber(ARGV[2]))
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'taker', ARGV[1], 'sealed', sealed)
  redis.call('EXPIRE', KEYS[1], left_s)
  return {sealed}
end
if redis.call('HGET', KEYS[1], 'taker') == ARGV[1] then
  return {redis.call('HGET', KEYS[1], 'sealed')}
end
for i = 2, #KEYS do
  if redis.call('INCR', KEYS[i]) == 1 then redis.call('EXPIRE', KEYS[i], ARGV[3]) end
end
return 'wrong'
"""
"Judged and counted in one step: what is right costs no try, even where the answer is lost, and guesses come in turn."


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

    async def take(
        self, code_hash: str, taker: str, *, again_s: int, bears: Mapping[str, int], window_s: int
    ) -> tuple[bool, bytes | None]:
        """Whether the door is open, and what the code opens; `None` if it is unknown, taken by another, or too old.

        Args:
            code_hash: of the code.
            taker: who asks; the first one may ask again for `again_s` seconds.
            again_s: see `taker`.
            bears: how many wrong codes each of these buckets bears; the door is closed where one has had them.
            window_s: how long wrong codes are counted, from the first on.

        Raises:
            StoreUnavailable: no answer; the same taker may ask again.
            SealBroken: the stored value was changed, or the master key is another one.
        """
        keys = [_code(code_hash), *(f"attempts:{bucket}" for bucket in bears)]
        answer = await self._store.ask("EVAL", _TAKE, len(keys), *keys, taker, again_s, window_s, *bears.values())
        if isinstance(answer, list):
            return True, self._cipher.open(answer[0], "code", code_hash)
        return answer != b"closed", None

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
