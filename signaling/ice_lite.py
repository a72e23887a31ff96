"""The passive side of ICE: answers connectivity checks, never makes one. Pure.

The page is controlling (a lite agent always is controlled), so a role conflict cannot arise. A restart is a new user
name and password for the same DTLS connection; the old pair stays valid until the new one is nominated, so that the
stream does not break. A check that cannot be authenticated gets no answer at all.

Source: RFC 8445, 2.5, 7.3 and 9; RFC 8489, 9.1 (short-term credentials).
"""

import msgspec

from signaling.datagram_batches import Address, host_and_port
from signaling.stun_binding import Request, success

MOST_REMEMBERED = 1024
"Checks that have come: of a seat that checks one path every 2.5 s, those of 40 minutes."


class Credentials(msgspec.Struct, frozen=True):
    """One ICE user name fragment and its password."""

    name: str
    password: str


class Check(msgspec.Struct, frozen=True):
    """An authentic connectivity check."""

    response: bytes
    is_nominating: bool
    "The page has chosen this path."
    is_repeated: bool = False
    "It has come from elsewhere before. Nothing in a check says where from: somebody may have seen it, and sends it on."


class IceLite:
    """One connection's credentials."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._before: Credentials | None = None
        self._came: dict[bytes, Address] = {}  # transactions, oldest first, and from where

    @property
    def names(self) -> list[str]:
        """The user name fragments that are answered now."""
        return [pair.name for pair in (self.credentials, self._before) if pair is not None]

    def restart(self, credentials: Credentials) -> None:
        """Take new credentials; those before them live on until the page has moved over."""
        self._before = self.credentials
        self.credentials = credentials

    def check(self, request: Request, sender: Address) -> Check | None:
        """The verdict on a request with one of our names, or None if it is not authentic."""
        pair = self.credentials if request.called == self.credentials.name else self._before
        if pair is None or pair.name != request.called:
            return None
        password = pair.password.encode()
        if not request.is_by(password):
            return None
        if request.is_nominating and pair is self.credentials:
            self._before = None
        response = success(request, host_and_port(sender), password)
        return Check(response, request.is_nominating, self._is_repeated(request.transaction, sender))

    def _is_repeated(self, transaction: bytes, sender: Address) -> bool:
        if transaction in self._came:
            return self._came[transaction] != sender
        self._came[transaction] = sender
        if len(self._came) > MOST_REMEMBERED:
            del self._came[next(iter(self._came))]
        return False
