"""A store of entry codes in memory, with a clock that the test moves by hand."""

from collections.abc import Mapping

from server.store.errors import StoreSilent


class MemoryCodeStore:
    """Keeps codes, counts tries and remembers revocations, each until its end."""

    def __init__(self) -> None:
        self.now_s = 0
        self.codes: dict[str, tuple[bytes, int]] = {}
        "Payload and end by code hash."
        self.takers: dict[str, str] = {}
        "Of the codes that were used."
        self.is_silent = False
        "Whether no code is answered any more."
        self.counts: dict[str, tuple[int, int]] = {}
        "Count and end of the window by bucket."
        self.revoked: dict[str, int] = {}
        "End by token id."

    async def put(self, code_hash: str, payload: bytes, *, ttl_s: int) -> bool:
        if self._live_code(code_hash) is not None:
            return False
        self.codes[code_hash] = (payload, self.now_s + ttl_s)
        return True

    async def take(
        self, code_hash: str, taker: str, *, again_s: int, bears: Mapping[str, int], window_s: int
    ) -> tuple[bool, bytes | None]:
        if self.is_silent:
            raise StoreSilent
        if any((self._window(bucket) or (0, 0))[0] >= limit for bucket, limit in bears.items()):
            return False, None
        payload = self._live_code(code_hash)
        if payload is None or self.takers.setdefault(code_hash, taker) != taker:
            for bucket in bears:
                await self.count_attempt(bucket, window_s=window_s)
            return True, None
        end = self.codes[code_hash][1]
        self.codes[code_hash] = (payload, min(end, self.now_s + again_s))
        return True, payload

    async def revoke(self, code_hash: str) -> None:
        self.codes.pop(code_hash, None)

    async def count_attempt(self, bucket: str, *, window_s: int) -> int:
        count, end = self._window(bucket) or (0, self.now_s + window_s)
        self.counts[bucket] = (count + 1, end)
        return count + 1

    async def revoke_token(self, token_id: str, *, ttl_s: int) -> None:
        self.revoked[token_id] = self.now_s + ttl_s

    async def is_revoked(self, token_id: str) -> bool:
        return self.now_s < self.revoked.get(token_id, 0)

    def _live_code(self, code_hash: str) -> bytes | None:
        payload, end = self.codes.get(code_hash, (None, 0))
        return payload if self.now_s < end else None

    def _window(self, bucket: str) -> tuple[int, int] | None:
        count, end = self.counts.get(bucket, (0, 0))
        return (count, end) if self.now_s < end else None
