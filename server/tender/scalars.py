"""What a single value means, by the type of the field it stands in, or why it means nothing there.

The field decides, never the look of the value: in a text field `no` and `2025-01-01` are texts, and a price is taken
over digit by digit. Only what YAML 1.2 reads as nothing or as a truth value is no text unless it stands in quotes.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from msgspec.inspect import IntType, StrType

from server.domain.commands import TEXT_LIMIT
from server.domain.scoring.exact import parsed
from server.tender.messages import Facts
from server.tender.shown import is_invisible, shown_character, shown_text
from server.tender.yaml_tree import Items, Node, Scalar

PLACES: Final = 6
"Decimals of a number, at most. Source: `server.domain.scoring.exact.parsed`."
_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH: Final = {"true": True, "false": False}
_TRUTH_WORDS: Final = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_MOST: Final = 999_999_999


class Fault(NamedTuple):
    """Why a node does not fit its field."""

    code: str
    facts: Facts


def is_nothing(node: Node) -> bool:
    """Whether a key has no value."""
    return isinstance(node, Scalar) and node.plain and node.text in _NOTHING


def is_blank(node: Node) -> bool:
    """Whether there is no text: nothing at all, or quotes around spaces."""
    return is_nothing(node) or (isinstance(node, Scalar) and not node.text.strip())


def read_text(node: Node, kind: StrType, extra: Mapping[str, object]) -> str | Fault:
    """A text without the spaces around it; `extra` may allow lines or name the code for a wrong form."""
    if not isinstance(node, Scalar) or (node.plain and node.text in _TRUTH_WORDS):
        return Fault("not_text", {"found": shown_node(node)})
    text = node.text.strip()
    if is_blank(node):
        return Fault("text_empty", {})
    limit = TEXT_LIMIT if kind.max_length is None else kind.max_length
    if len(text) > limit:
        return Fault("text_too_long", {"count": len(text), "limit": limit})
    for character in text:
        if is_invisible(character) and not (character == "\n" and extra.get("lines")):
            return Fault("character_forbidden", {"character": shown_character(character)})
    if kind.pattern is not None and not re.fullmatch(kind.pattern, text):
        return Fault(str(extra["code"]), {"found": shown_text(text)})
    return text


def read_decimal(node: Node) -> str | Fault:
    """The text of a plain decimal, as it was written."""
    if not isinstance(node, Scalar) or parsed(node.text, places=PLACES) is None:
        return Fault("not_decimal", {"found": shown_node(node)})
    return node.text


def read_whole(node: Node, kind: IntType) -> int | Fault:
    """A whole number from 0, within the limits of its type."""
    if not isinstance(node, Scalar) or not node.plain or not _WHOLE.fullmatch(node.text):
        return Fault("not_whole_number", {"found": shown_node(node)})
    number = int(node.text)
    least, most = kind.ge or 0, _MOST if kind.le is None else kind.le
    if not least <= number <= most:
        return Fault("number_out_of_range", {"found": number, "least": least, "most": most})
    return number


def read_truth(node: Node) -> bool | Fault:
    """`true` or `false`, and no other spelling."""
    truth = _TRUTH.get(node.text) if isinstance(node, Scalar) and node.plain else None
    return Fault("not_true_or_false", {"found": shown_node(node)}) if truth is None else truth


def read_choice(node: Node, choices: Sequence[str]) -> str | Fault:
    """One of a few words."""
    if isinstance(node, Scalar) and node.text in choices:
        return node.text
    found = node.text if isinstance(node, Scalar) else ""
    return Fault("unknown_choice", {"found": shown_node(node), "expected": nearest(found, choices)})


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, else all of them."""
    return next(iter(get_close_matches(word.lower(), known, n=1)), None) or " / ".join(known)


def shown_node(node: Node) -> str:
    """A node as a refusal shows it."""
    if isinstance(node, Scalar):
        return shown_text(node.text)
    return "[…]" if isinstance(node, Items) else "{…}"
