"""Entry codes: eight digits, good for one person's entry, kept only as a keyed hash.

Eight digits are 27 bits: a dump of plain hashes would be tried through in seconds, so the hash is keyed with a secret
that lies outside the store. At the door guessing is slowed by counting wrong tries for each address and each door.
The store judges and counts in one step: parallel guesses come in turn, and the thirty people of a hall behind one
address do not lock each other out, even where they have to press again because the store is slow.

The answer to an entry may be lost on its way, between store and server or between server and page. So a code stays
with whoever used it first: the page sends a secret of its own with the code, and with both may ask again for a while.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from server.auth.operators import Operator
from server.auth.rejections import CodeUnknown, TooManyTries
from server.auth.tries import Door, TryLimits, buckets
from server.domain.ids import Alias, RoomId, VenueId

CODE_DIGITS = 8
DEFAULT_TTL_S = 12 * 3600
AGAIN_S = 600
"How long an entry may be repeated by whoever made it."

FRONT_DOOR = Door("front")
"Where codes are typed; the code itself says where it leads."


class SeatEntry(msgspec.Struct, frozen=True, kw_only=True, tag="seat", tag_field="kind"):
    """What a seat's code leads to."""

    room: RoomId
    alias: Alias
    venue: VenueId
    role: str
    moves: int = 0
    "How often the seat had been moved to another device when the code was issued; a later move ends the code."


Entry = SeatEntry | Operator


class CodeStore(Protocol):
    """Keeps codes and counts wrong ones, all of it with an end."""

    async def put(self, code_hash: str, payload: bytes, *, ttl_s: int) -> bool:
        """Keep a payload for `ttl_s` seconds; False, and nothing kept, if another code has this hash now."""
        ...

    async def take(
        self, code_hash: str, taker: str, *, again_s: int, bears: Mapping[str, int], window_s: int
    ) -> tuple[bool, bytes | None]:
        """Whether no bucket has had the wrong codes that it bears within `window_s` seconds, and the payload then.

        It is the first taker's, who may ask again for `again_s` seconds; any other gets None, which is counted.
        """
        ...

    async def revoke(self, code_hash: str) -> None:
        """Forget a code."""
        ...


class IssuedCode(msgspec.Struct, frozen=True, kw_only=True):
    """A new code: the digits go to the person and are kept nowhere, the hash serves to withdraw it."""

    digits: str
    code_hash: str

    @property
    def display(self) -> str:
        """The digits as people read them: `1234 5678`."""
        return f"{self.digits[:4]} {self.digits[4:]}"


class EntryCodes:
    """Issues, redeems and withdraws codes; every code lets one in, and all refusals look alike."""

    def __init__(
        self,
        key: bytes,
        store: CodeStore,
        *,
        limits: TryLimits | None = None,
        draw: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._key = key
        self._store = store
        self._limits = limits or TryLimits()
        self._draw = draw

    async def issue(self, entry: Entry, ttl_s: int = DEFAULT_TTL_S) -> IssuedCode:
        """A code that leads to this entry once, within `ttl_s` seconds."""
        while True:
            digits = f"{self._draw(10**CODE_DIGITS):0{CODE_DIGITS}}"
            code_hash = self._hash(digits)
            if await self._store.put(code_hash, msgspec.json.encode(entry), ttl_s=ttl_s):
                return IssuedCode(digits=digits, code_hash=code_hash)

    async def redeem(self, typed: str, *, address: str, secret: str | None = None) -> Entry:
        """What the code leads to; the code is used up, but for whoever sends the same secret with it.

        Args:
            typed: the code.
            address: the client's IP address.
            secret: of the page, never sent anywhere else; without one the entry cannot be repeated.

        Raises:
            CodeUnknown: wrong, used, expired or withdrawn.
            TooManyTries: this address, or all addresses together, had too many wrong codes.
        """
        is_open, payload = await self._store.take(
            self._hash(parse_code(typed)),
            self._taker(secret or secrets.token_hex()),
            again_s=AGAIN_S,
            bears=buckets(address, FRONT_DOOR, self._limits),
            window_s=self._limits.window_s,
        )
        if not is_open:
            raise TooManyTries(retry_after_s=self._limits.window_s)
        if payload is None:
            raise CodeUnknown
        entry: Entry = msgspec.json.decode(payload, type=Entry)
        return entry

    async def withdraw(self, code_hash: str) -> None:
        """Make a code that was handed out useless."""
        await self._store.revoke(code_hash)

    def _taker(self, secret: str) -> str:
        return hmac.digest(self._key, b"lianping-code-taker-v1\n" + secret.encode(), hashlib.sha256).hex()

    def _hash(self, digits: str) -> str:
        return hmac.digest(self._key, b"lianping-code-v1\n" + digits.encode(), hashlib.sha256).hex()


def parse_code(typed: str) -> str:
    """The eight digits in what a person typed or pasted: spaces, hyphens and full-width forms are understood.

    Raises:
        CodeUnknown: these are no eight digits.
    """
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", digits):
        raise CodeUnknown
    return digits
