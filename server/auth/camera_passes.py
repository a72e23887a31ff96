"""Passes of room cameras: what an encoder shows when it sends (WHIP). Shown once to the operator, kept as a hash.

A pass is 32 random bytes, so its plain hash tells nothing; it opens one camera of one room, as often as the encoder
comes back, until it ends or another one is issued. It lets nothing be seen.
Source: RFC 9725, 4.7 (bearer tokens of WHIP); RFC 6750, 2.1.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from server.auth.rejections import CameraPassExpired, CameraPassUnknown
from server.domain.ids import Alias, Millis, RoomId

LIFETIME_S: Final = 24 * 3600
"A sitting and the rehearsal on the day before."
SECRET_BYTES: Final = 32
_FORM: Final = re.compile(r"([A-Z]{1,2}[1-9][0-9]{0,2})\.([A-Za-z0-9_-]{43})")


class IssuedPass(msgspec.Struct, frozen=True, kw_only=True):
    """A new pass: the text goes to the operator and is kept nowhere."""

    text: str
    ends_at: Millis


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    sha256: bytes
    ends_at: Millis


class PassStore(Protocol):
    """Keeps something small for each camera."""

    async def put(self, room: RoomId, camera: Alias, kept: bytes, *, ttl_s: int) -> None:
        """Keep it in place of what was kept before."""
        ...

    async def get(self, room: RoomId, camera: Alias) -> bytes | None:
        """What is kept."""
        ...

    async def remove(self, room: RoomId, camera: Alias) -> None:
        """Keep nothing."""
        ...


class CameraPasses:
    """Issues, checks and withdraws them; a camera has one at a time."""

    def __init__(self, store: PassStore, draw: Callable[[int], str] = secrets.token_urlsafe) -> None:
        self._store = store
        self._draw = draw

    async def issue(self, room: RoomId, camera: Alias, now: Millis) -> IssuedPass:
        """A new pass; the one before it is good no more."""
        text = f"{camera}.{self._draw(SECRET_BYTES)}"
        ends_at = Millis(now + 1000 * LIFETIME_S)
        kept = msgspec.msgpack.encode(_Kept(sha256=_hash(text), ends_at=ends_at))
        await self._store.put(room, camera, kept, ttl_s=2 * LIFETIME_S)  # one that has ended is told from a wrong one
        return IssuedPass(text=text, ends_at=ends_at)

    async def camera_of(self, room: RoomId, text: str, now: Millis) -> Alias:
        """The camera that a pass opens.

        Raises:
            CameraPassUnknown: none of this room: wrong, replaced or withdrawn.
            CameraPassExpired: it was good until lately.
        """
        form = _FORM.fullmatch(text)
        if form is None:
            raise CameraPassUnknown
        camera = Alias(form[1])
        stored = await self._store.get(room, camera)
        kept = msgspec.msgpack.decode(stored, type=_Kept) if stored is not None else None
        if kept is None or not hmac.compare_digest(kept.sha256, _hash(text)):
            raise CameraPassUnknown
        if now >= kept.ends_at:
            raise CameraPassExpired
        return camera

    async def withdraw(self, room: RoomId, camera: Alias) -> None:
        """The camera's pass is good no more."""
        await self._store.remove(room, camera)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
