"""The two encodings inside C2SP texts, read strictly: every value has exactly one spelling."""

import base64
import re

from server.evidence.errors import MalformedText

MAX_NUMBER = 2**63 - 1
"The largest tree size and time. Source: c2sp.org/tlog-cosignature, Format."

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def to_base64(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648, 4)."""
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """The bytes of a standard base64 text with padding.

    Raises:
        MalformedText: another alphabet, missing padding, or bits that a second spelling would need.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedText(what="base64", why="not the standard alphabet with padding") from error
    if to_base64(raw) != text:
        raise MalformedText(what="base64", why="not the only spelling of its bytes")
    return raw


def from_decimal(text: str) -> int:
    """A number from 0 to `MAX_NUMBER`, in ASCII digits without leading zeros.

    Raises:
        MalformedText: anything else.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_NUMBER:
        raise MalformedText(what="number", why="not a decimal from 0 to 2^63-1 without leading zeros")
    return int(text)
