"""EBML in bytes: elements written whole and read back. Source: RFC 8794."""

import struct
from collections.abc import Iterator

import msgspec


class BadEbml(ValueError):
    """The bytes are no EBML, or end too early."""


class Element(msgspec.Struct, frozen=True):
    """One element in a buffer."""

    identifier: int
    "With its length marker, as the standard prints it."
    start: int
    "Offset of the content."
    end: int


def element(identifier: int, *content: bytes) -> bytes:
    """An element around its content."""
    body = b"".join(content)
    return head(identifier, len(body)) + body


def head(identifier: int, size: int) -> bytes:
    """What stands before that many bytes of content, which come later."""
    return _identifier(identifier) + _size(size)


def whole(identifier: int, value: int) -> bytes:
    """An unsigned integer."""
    return element(identifier, value.to_bytes(max(1, (value.bit_length() + 7) // 8)))


def fixed(identifier: int, value: int) -> bytes:
    """An unsigned integer of eight bytes, as long for every value."""
    return element(identifier, value.to_bytes(8))


def signed(identifier: int, value: int) -> bytes:
    """A signed integer of eight bytes, such as a date."""
    return element(identifier, value.to_bytes(8, signed=True))


def real(identifier: int, value: float) -> bytes:
    """A float of eight bytes."""
    return element(identifier, struct.pack("!d", value))


def text(identifier: int, value: str) -> bytes:
    """A UTF-8 string."""
    return element(identifier, value.encode())


def _identifier(identifier: int) -> bytes:
    return identifier.to_bytes((identifier.bit_length() + 7) // 8)


def _size(size: int) -> bytes:
    """The shortest size; all ones is reserved for an unknown one."""
    length = next(length for length in range(1, 9) if size < (1 << 7 * length) - 1)
    return (size | 1 << 7 * length).to_bytes(length)


def elements(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """The elements of one level, in order.

    Raises:
        BadEbml: one of them does not end where it should.
    """
    at, end = start, len(data) if end is None else end
    while at < end:
        identifier, at = _number(data, at, end, longest=4)
        size, content = _number(data, at, end, longest=8)
        size &= (1 << 7 * (content - at)) - 1
        if size > end - content:
            raise BadEbml(f"an element of {size} bytes ends outside")
        at = content + size
        yield Element(identifier, content, at)


def _number(data: bytes, at: int, end: int, *, longest: int) -> tuple[int, int]:
    """A number with its length marker, and where it ends."""
    length = 9 - data[at].bit_length() if at < end else 9
    if length > longest or at + length > end:
        raise BadEbml(f"no number at {at}")
    return int.from_bytes(data[at : at + length]), at + length
