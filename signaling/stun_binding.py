"""STUN binding requests, read from bytes, and the answer to one. Pure.

Every seat checks its path every few seconds for as long as it sits there, and a flood of requests must cost little: so
only what an ICE-lite agent needs is read, and nothing of it is believed before its integrity has been looked at.

Source: RFC 8489, 5 (header), 9.1 (short-term credentials), 14 (attributes); RFC 8445, 7.1 (USE-CANDIDATE).
"""

import hmac
import socket
import struct
import zlib

import msgspec

_REQUEST, _SUCCESS = 0x0001, 0x0101
_COOKIE = 0x2112A442
_USERNAME, _INTEGRITY, _MAPPED_ADDRESS, _USE_CANDIDATE, _FINGERPRINT = 0x0006, 0x0008, 0x0020, 0x0025, 0x8028
_IPV4, _IPV6 = 1, 2
_MARK = 0x5354554E
"With which a fingerprint is told from any other checksum."

_HEADER = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")
_MAPPED = struct.Struct("!xBH")
_INTEGRITY_BYTES, _FINGERPRINT_BYTES = 24, 8
"Of these attributes, with their headers."


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A binding request as it came; of its sender nothing is known yet."""

    called: str
    "The user name fragment of its receiver."
    transaction: bytes
    is_nominating: bool
    signed: bytes
    "What its integrity is about."
    integrity: bytes

    def is_by(self, password: bytes) -> bool:
        """Whether its sender knows this."""
        return hmac.compare_digest(hmac.digest(password, self.signed, "sha1"), self.integrity)


def read_request(datagram: bytes) -> Request | None:
    """The binding request in a datagram, or None where there is none that could be authentic."""
    if len(datagram) < _HEADER.size:
        return None
    kind, length, cookie, transaction = _HEADER.unpack_from(datagram)
    if (kind, length, cookie) != (_REQUEST, len(datagram) - _HEADER.size, _COOKIE):
        return None
    name, is_nominating, at = b"", False, _HEADER.size
    while at + _ATTRIBUTE.size <= len(datagram):
        attribute, size = _ATTRIBUTE.unpack_from(datagram, at)
        value = datagram[at + _ATTRIBUTE.size : at + _ATTRIBUTE.size + size]
        if attribute == _USERNAME:
            name = value
        elif attribute == _USE_CANDIDATE:
            is_nominating = True
        elif attribute == _INTEGRITY:
            called, colon, _ = name.partition(b":")
            if not colon or not _ends_well(datagram, at + _INTEGRITY_BYTES):
                return None
            head = _HEADER.pack(kind, at + _INTEGRITY_BYTES - _HEADER.size, cookie, transaction)
            return Request(
                called=called.decode("ascii", "replace"),
                transaction=transaction,
                is_nominating=is_nominating,
                signed=head + datagram[_HEADER.size : at],
                integrity=value,
            )
        at += _ATTRIBUTE.size + size + -size % 4
    return None


def _ends_well(datagram: bytes, at: int) -> bool:
    """Whether nothing, or a fingerprint that is right, follows its integrity."""
    return len(datagram) == at or datagram[at:] == _fingerprint(datagram[:at])


def success(request: Request, sender: tuple[str, int], password: bytes) -> bytes:
    """The answer: where the request came from, as (host, port), with integrity and fingerprint."""
    attributes = _mapped_address(request.transaction, *sender)
    signed = _header(request, len(attributes) + _INTEGRITY_BYTES) + attributes
    attributes += _ATTRIBUTE.pack(_INTEGRITY, _INTEGRITY_BYTES - _ATTRIBUTE.size)
    attributes += hmac.digest(password, signed, "sha1")
    answer = _header(request, len(attributes) + _FINGERPRINT_BYTES) + attributes
    return answer + _fingerprint(answer)


def _header(request: Request, length: int) -> bytes:
    return _HEADER.pack(_SUCCESS, length, _COOKIE, request.transaction)


def _mapped_address(transaction: bytes, host: str, port: int) -> bytes:
    kind, family = (_IPV6, socket.AF_INET6) if ":" in host else (_IPV4, socket.AF_INET)
    address = socket.inet_pton(family, host)
    mask = _COOKIE.to_bytes(4) + transaction
    hidden = bytes(octet ^ other for octet, other in zip(address, mask, strict=False))
    value = _MAPPED.pack(kind, port ^ _COOKIE >> 16) + hidden
    return _ATTRIBUTE.pack(_MAPPED_ADDRESS, len(value)) + value


def _fingerprint(before: bytes) -> bytes:
    """Of a message whose length counts it already."""
    return _ATTRIBUTE.pack(_FINGERPRINT, _FINGERPRINT_BYTES - _ATTRIBUTE.size) + (
        (zlib.crc32(before) ^ _MARK).to_bytes(4)
    )
