"""Exact arithmetic: fractions inside, plain decimal text outside, and no rounding that a scheme did not name."""

import enum
import re
from fractions import Fraction
from typing import Annotated

from msgspec import Meta, Struct

SHOWN_PLACES = 10
"Decimals of a number that never ends, such as 1/3, when it is shown; the calculation goes on with the exact number."

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.([0-9]{1,6}))?")
_HALF = Fraction(1, 2)


class RoundingMode(enum.Enum):
    """What happens to the part that is cut off; modes look at the magnitude, so -1.415 goes where 1.415 goes."""

    HALF_UP = "half_up"
    "四舍五入"
    HALF_EVEN = "half_even"
    "四舍六入五成双. Source: GB/T 8170-2008, 3.2."
    DOWN = "down"
    "Cut off: 不足部分不计."
    UP = "up"
    "A fraction counts as one more: 不足部分按一计."


class Rounding(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One rounding: to how many decimals, and how."""

    places: Annotated[int, Meta(ge=0, le=6)]
    mode: RoundingMode = RoundingMode.HALF_UP


TWO_PLACES = Rounding(places=2)


def parsed(text: str, *, places: int) -> Fraction | None:
    """The number a plain decimal names, or None where the text is anything else.

    Plain means ASCII digits, one point, no more than `places` (at most 6) decimals, no exponent, no sign
    but the minus of a number below zero, no leading zeros, blanks or separators.
    """
    found = _PLAIN.fullmatch(text)
    if found is None or len(found[1] or "") > places:
        return None
    number = Fraction(text)
    return None if number == 0 and text.startswith("-") else number


def whole(number: Fraction, mode: RoundingMode) -> int:
    """The integer that a number rounds to."""
    magnitude = abs(number)
    floor = magnitude.numerator // magnitude.denominator
    rest = magnitude - floor
    goes_up = {
        RoundingMode.HALF_UP: rest >= _HALF,
        RoundingMode.HALF_EVEN: rest > _HALF or (rest == _HALF and floor % 2 == 1),
        RoundingMode.DOWN: False,
        RoundingMode.UP: rest > 0,
    }[mode]
    return (floor + goes_up) * (-1 if number < 0 else 1)


def rounded(number: Fraction, rounding: Rounding) -> Fraction:
    """The number at so many decimals."""
    scale: int = 10**rounding.places
    return Fraction(whole(number * scale, rounding.mode), scale)


def shown(number: Fraction) -> str:
    """The number as the shortest plain decimal; one that never ends is shown at `SHOWN_PLACES`, half up."""
    places = _ending_places(number.denominator)
    if places is None:
        places = SHOWN_PLACES
    scale: int = 10**places
    digits = whole(number * scale, RoundingMode.HALF_UP)
    text = f"{abs(digits):0{places + 1}d}"
    sign = "-" if digits < 0 else ""
    if places == 0:
        return sign + text
    return sign + f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")


def _ending_places(denominator: int) -> int | None:
    """How many decimals a fraction with this denominator has; None if they never end."""
    most = 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        most = max(most, count)
    return most if denominator == 1 else None
