"""The passive side of ICE: answers connectivity checks, never makes one. Pure.

The page is controlling (a lite agent always is controlled), so a role conflict cannot arise. A restart is a new user
name and password for the same DTLS connection; the old pair stays valid until the new one is nominated, so that the
stream does not break. A check that cannot be authenticated gets no answer at all.

Source: RFC 8445, 2.5, 7.3 and 9; RFC 8489, 9.1 (short-term credentials).
"""

import struct

import msgspec
from aioice import stun

from signaling.datagram_batches import Address, host_and_port

MOST_REMEMBERED = 1024
"Checks that have come: of a seat that checks one path every 2.5 s, those of 40 minutes."

_REQUEST = 0x0001
_USERNAME = 0x0006
_HEADER = struct.Struct("!HHI")
_ATTRIBUTE = struct.Struct("!HH")
_HEADER_BYTES = 20


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
    "It has come before. Nothing in a check says where it comes from: somebody may have seen it, and sends it on."


def called_name(datagram: bytes) -> str | None:
    """Whose user name fragment a binding request calls, read without a look at anything else in it.

    A flood of requests that call nobody must cost little: they end here.
    """
    if len(datagram) < _HEADER_BYTES:
        return None
    if _HEADER.unpack_from(datagram) != (_REQUEST, len(datagram) - _HEADER_BYTES, stun.COOKIE):
        return None
    at = _HEADER_BYTES
    while at + 4 <= len(datagram):
        kind, length = _ATTRIBUTE.unpack_from(datagram, at)
        if kind == _USERNAME:
            name, colon, _ = datagram[at + 4 : at + 4 + length].partition(b":")
            return name.decode("ascii", "replace") if colon else None
        at += 4 + length + -length % 4
    return None


def read_request(datagram: bytes) -> stun.Message | None:
    """The binding request in a datagram, or None."""
    try:
        message = stun.parse_message(datagram)
    except (ValueError, IndexError, struct.error):  # the last two for attributes of a wrong size
        return None
    is_request = message.message_class == stun.Class.REQUEST and message.message_method == stun.Method.BINDING
    return message if is_request and ":" in message.attributes.get("USERNAME", "") else None


def name_of_receiver(request: stun.Message) -> str:
    """Whose user name fragment the request calls."""
    return str(request.attributes["USERNAME"]).partition(":")[0]


class IceLite:
    """One connection's credentials."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._before: Credentials | None = None
        self._came: dict[bytes, None] = {}  # transactions, oldest first

    @property
    def names(self) -> list[str]:
        """The user name fragments that are answered now."""
        return [pair.name for pair in (self.credentials, self._before) if pair is not None]

    def restart(self, credentials: Credentials) -> None:
        """Take new credentials; those before them live on until the page has moved over."""
        self._before = self.credentials
        self.credentials = credentials

    def check(self, request: stun.Message, sender: Address) -> Check | None:
        """The verdict on a request with one of our names, or None if it is not authentic."""
        name = name_of_receiver(request)
        pair = self.credentials if name == self.credentials.name else self._before
        if pair is None or pair.name != name or not request.check_message_integrity(pair.password.encode()):
            return None
        response = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
            attributes={"XOR-MAPPED-ADDRESS": host_and_port(sender)},
        )
        response.add_message_integrity(pair.password.encode())
        is_nominating = "USE-CANDIDATE" in request.attributes
        if is_nominating and pair is self.credentials:
            self._before = None
        return Check(bytes(response), is_nominating, self._has_come(request.transaction_id))

    def _has_come(self, transaction: bytes) -> bool:
        if transaction in self._came:
            return True
        self._came[transaction] = None
        if len(self._came) > MOST_REMEMBERED:
            del self._came[next(iter(self._came))]
        return False
