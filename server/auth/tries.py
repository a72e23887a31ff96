"""Counts wrong tries of each address and at each door, in the store, so that a restart forgets none."""

import ipaddress
from typing import NewType, Protocol

import msgspec

from server.auth.rejections import TooManyTries

Door = NewType("Door", str)
"Where something is tried, for counting only."


class TryStore(Protocol):
    """Counts, with an end."""

    async def count_attempt(self, bucket: str, *, window_s: int) -> int:
        """How many were counted in this bucket, this one included, since the first one opened its window."""
        ...


class TryLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How many wrong tries are borne within one window."""

    per_address: int = 10
    per_door: int = 100
    window_s: int = 600


class Tries:
    """Wrong ones, of one kind of secret.

    Args:
        store: where they are counted.
        limits: how many are borne.
        kind: keeps the counts apart from those of other secrets.
    """

    def __init__(self, store: TryStore, limits: TryLimits | None = None, *, kind: str = "") -> None:
        self._store = store
        self._kind = kind
        self._limits = limits or TryLimits()

    async def count(self, address: str, door: Door) -> None:
        """Count a wrong one; `address` is the client's IP address.

        Raises:
            TooManyTries: this address or this door has had too many.
        """
        limits = self._limits
        for bucket, limit in buckets(address, door, limits, self._kind).items():
            if await self._store.count_attempt(bucket, window_s=limits.window_s) > limit:
                raise TooManyTries(retry_after_s=limits.window_s)


def buckets(address: str, door: Door, limits: TryLimits, kind: str = "") -> dict[str, int]:
    """Where the tries of one secret are counted, and how many are borne there."""
    return {f"{kind}address:{_network(address)}": limits.per_address, f"{kind}door:{door}": limits.per_door}


def _network(address: str) -> str:
    """The address whose tries are counted together: an IPv6 client owns its whole /64.

    Source: RFC 6177, 2.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.IPv6Network((int(ip) >> 64 << 64, 64)))
    return str(ip)
