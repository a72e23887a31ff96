"""Parts of a file as a refusal may show them: short, on one line, and with nothing that cannot be seen."""

import unicodedata
from typing import Final

SHOWN_LENGTH: Final = 60
"Characters."

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_invisible(character: str) -> bool:
    """Whether nothing, or only a sign that the text is broken, would stand on the page for this character.

    Unassigned ones pass: rare characters of names may be newer than this Python's tables.
    """
    return character == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(character) in _INVISIBLE


def shown_character(character: str) -> str:
    """Its number, such as `U+200B`."""
    return f"U+{ord(character):04X}"


def shown_text(text: str, limit: int = SHOWN_LENGTH) -> str:
    """The beginning of a text, with the numbers of invisible characters in their place."""
    start = text if len(text) <= limit else text[:limit] + "…"
    return "".join(shown_character(one) if is_invisible(one) else one for one in start)
