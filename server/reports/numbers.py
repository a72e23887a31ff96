"""Decimal texts as print shows them."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NONE: Final = "—"
"Stands where a cell has no number."


def plain(number: Decimal) -> str:
    """The shortest way to write a decimal: `0.50` is `0.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(text: str, places: int) -> str:
    """Rounded half up where there are more places than that; for reading only."""
    number = Decimal(text)
    if _places(text) <= places:
        return text
    return plain(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def aligned(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts of one column with as many decimals as the longest of them; what is no number stays."""
    places = max((_places(text) for text in texts if is_number(text)), default=0)
    return tuple(f"{Decimal(text):.{places}f}" if is_number(text) else text for text in texts)


def is_number(text: str) -> bool:
    """Whether a text is a plain decimal."""
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()


def _places(text: str) -> int:
    return len(text.partition(".")[2])
