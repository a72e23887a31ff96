"""The tokens of seats: one room, one alias, one device, 15 minutes at a time, revocable at once."""

import msgspec

from server.auth.rejections import TokenForeign, TokenRevoked
from server.auth.signed_tokens import (
    REFRESH_GRACE_S,
    REVOCATION_S,
    DeviceId,
    Revocations,
    SignedToken,
    TokenKeys,
    read_token,
    refuse_expired,
    sign_token,
    stamp,
)
from server.domain.ids import Alias, Millis, RoomId

AUDIENCE = "lianping"


class Seat(msgspec.Struct, frozen=True, kw_only=True, rename={"alias": "sub"}):
    """Who may enter with a seat's token, and where."""

    room: RoomId
    alias: Alias
    moves: int
    "How often the seat had been moved to another device when the code was redeemed; a later move ends the token."


class SeatTokens:
    """Issues, checks, refreshes and revokes the tokens of seats; a token never opens another room than its own."""

    def __init__(self, keys: TokenKeys, revocations: Revocations) -> None:
        self._keys = keys
        self._revocations = revocations

    def issue(self, seat: Seat, device: DeviceId, now: Millis) -> str:
        """A token for a seat that has just entered with a code on this device."""
        return sign_token(SignedToken(stamp=stamp(AUDIENCE, device, now), holder=seat), self._keys)

    async def verify(self, token: str, *, room: RoomId, now: Millis) -> SignedToken[Seat]:
        """The seat and device that a good token stands for.

        Raises:
            TokenMalformed: no token of our form.
            TokenForeign: another room, audience, key or algorithm.
            TokenExpired: older than 15 minutes.
            TokenRevoked: the device was shut out.
        """
        return await self._read(token, room, now, grace_s=0)

    async def refresh(self, token: str, *, room: RoomId, now: Millis) -> str:
        """A new token for the same seat and device, from one that is good or ended within the grace.

        Raises:
            TokenMalformed, TokenForeign, TokenExpired, TokenRevoked: as `verify`.
        """
        old = await self._read(token, room, now, grace_s=REFRESH_GRACE_S)
        return self.issue(old.holder, old.stamp.device, now)

    async def revoke(self, device: DeviceId) -> None:
        """Shut a device out: none of its tokens is good or can be refreshed from now on."""
        await self._revocations.revoke_token(device, ttl_s=REVOCATION_S)

    async def _read(self, token: str, room: RoomId, now: Millis, *, grace_s: int) -> SignedToken[Seat]:
        found = read_token(token, Seat, audience=AUDIENCE, keys=self._keys)
        if found.holder.room != room:
            raise TokenForeign(detail="another room")
        refuse_expired(found.stamp, now, grace_s=grace_s)
        if await self._revocations.is_revoked(found.stamp.device):
            raise TokenRevoked
        return found
