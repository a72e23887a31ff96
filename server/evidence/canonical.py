"""RFC 8785 (JCS): the one spelling of a JSON value. Lines of the log and signed commands are written in it.

A line is judged by its bytes and is never written a second time. Whatever parsing would lose (a duplicate key, white
space, the order of keys, a number's digits beyond a double) shows as a difference from the canonical bytes.
"""

import json
from typing import Any, cast

import rfc8785

from server.evidence.errors import NotCanonical


def canonical(value: object) -> bytes:
    """The RFC 8785 bytes of a value made of None, bool, int, float, str, list, tuple and dict.

    Raises:
        NotCanonical: another type, a key that is no text, an integer beyond 2^53, NaN or infinity, a lone surrogate, or
            nesting deeper than the interpreter's stack.
    """
    try:
        return rfc8785.dumps(cast("Any", value))
    except (ValueError, RecursionError) as error:
        raise NotCanonical(why=str(error)) from error


def is_canonical(line: bytes) -> bool:
    """Whether these bytes are one JSON value in its RFC 8785 form, without a line feed; never raises."""
    try:
        # Every number is a double, as for a browser: RFC 8785, 3.2.2.3.
        value = json.loads(line.decode(), parse_int=float)
        return canonical(value) == line
    except (ValueError, RecursionError, NotCanonical):
        return False
