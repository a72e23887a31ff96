"""Operators: those who create rooms and open the console. They enter with a one-time code, as everyone does.

An account is one small file, made by `lianping operator add`. Its token names no room and has an audience of its own,
so it opens no seat, and a seat's token opens no console.
"""

import secrets
from pathlib import Path
from typing import NewType

import msgspec

from server.auth.private_files import create_private_folder, read_private_file, replace_private_file
from server.auth.rejections import TokenRevoked
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
from server.domain.ids import Millis, VenueId

AUDIENCE = "lianping-operator"

OperatorId = NewType("OperatorId", str)


class Operator(msgspec.Struct, frozen=True, kw_only=True, tag="operator", tag_field="kind", rename={"id": "sub"}):
    """One account: the file, the payload of an entry code and the claims of a token alike."""

    id: OperatorId
    name: str
    "As shown in the console."
    venue: VenueId


def new_operator_id() -> OperatorId:
    """An id for a new account, such as `op-5f0c1a9e`."""
    return OperatorId(f"op-{secrets.token_hex(4)}")


def add_operator(folder: Path, operator: Operator) -> None:
    """Keep an account; one with the same id is replaced."""
    create_private_folder(folder, {})
    replace_private_file(_account(folder, operator.id), msgspec.json.encode(operator))


def list_operators(folder: Path) -> list[Operator]:
    """Every account, by id."""
    return [msgspec.json.decode(read_private_file(path), type=Operator) for path in sorted(folder.glob("op-*.json"))]


def find_operator(folder: Path, operator: OperatorId) -> Operator | None:
    """The account with this id, unless it is closed."""
    path = _account(folder, operator)
    return msgspec.json.decode(read_private_file(path), type=Operator) if path.exists() else None


def remove_operator(folder: Path, operator: OperatorId) -> None:
    """Close an account: its tokens are good for nothing any more."""
    _account(folder, operator).unlink(missing_ok=True)


def _account(folder: Path, operator: OperatorId) -> Path:
    return folder / f"{operator}.json"


class OperatorTokens:
    """Issues, checks, refreshes and revokes the tokens of operators; those of a closed account end with it."""

    def __init__(self, keys: TokenKeys, revocations: Revocations, accounts: Path) -> None:
        self._keys = keys
        self._revocations = revocations
        self._accounts = accounts

    def issue(self, operator: Operator, device: DeviceId, now: Millis) -> str:
        """A token for an operator who has just entered with a code on this device."""
        return sign_token(SignedToken(stamp=stamp(AUDIENCE, device, now), holder=operator), self._keys)

    async def verify(self, token: str, now: Millis) -> SignedToken[Operator]:
        """The operator, as the account stands now, and the device that a good token stands for.

        Raises:
            TokenMalformed: no token of our form.
            TokenForeign: another audience, key or algorithm; a seat's token is one.
            TokenExpired: older than 15 minutes.
            TokenRevoked: the device was shut out or the account is closed.
        """
        return await self._read(token, now, grace_s=0)

    async def refresh(self, token: str, now: Millis) -> str:
        """A new token for the same operator and device; raises as `verify`."""
        old = await self._read(token, now, grace_s=REFRESH_GRACE_S)
        return self.issue(old.holder, old.stamp.device, now)

    async def revoke(self, device: DeviceId) -> None:
        """Shut a device out: none of its tokens is good or can be refreshed from now on."""
        await self._revocations.revoke_token(device, ttl_s=REVOCATION_S)

    async def _read(self, token: str, now: Millis, *, grace_s: int) -> SignedToken[Operator]:
        found = read_token(token, Operator, audience=AUDIENCE, keys=self._keys)
        refuse_expired(found.stamp, now, grace_s=grace_s)
        operator = find_operator(self._accounts, found.holder.id)
        if operator is None or await self._revocations.is_revoked(found.stamp.device):
            raise TokenRevoked
        return SignedToken(stamp=found.stamp, holder=operator)
