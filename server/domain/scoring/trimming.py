"""Leaving out the highest and lowest before a mean (去掉最高、最低), by a table of how many there are."""

import enum
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Generic, NamedTuple, TypeVar

from msgspec import Meta, Struct

from server.domain.scoring.exact import RoundingMode, whole

Name = TypeVar("Name", bound=str)
Count = Annotated[int, Meta(ge=0)]


class DropCount(Struct, tag="count", tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A row of the table: so many are dropped at each end."""

    at_least: Count
    "The row holds from this many values up to the next row."
    highest: Count = 0
    lowest: Count = 0


class DropShare(Struct, tag="share", tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A row of the table: a share of all values is dropped at each end."""

    at_least: Count
    highest_percent: Decimal = Decimal(0)
    lowest_percent: Decimal = Decimal(0)
    mode: RoundingMode = RoundingMode.HALF_UP
    "How the share becomes a whole number of values."


class Equals(enum.Enum):
    """What happens where the cut would go through equal values."""

    DROP = "drop"
    "As many as the table says are dropped, and their equals stay."
    KEEP = "keep"
    "All of them stay: 末位报价相同的均保留."


class Trim(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How many are left out at each end; below the first row nobody is."""

    rows: tuple[DropCount | DropShare, ...] = ()
    "By rising `at_least`."
    equals: Equals = Equals.DROP


class Trimmed(NamedTuple, Generic[Name]):
    """Names by what became of them, each in the order of value, then name."""

    kept: tuple[Name, ...]
    lowest: tuple[Name, ...]
    highest: tuple[Name, ...]


def drop_counts(trim: Trim, count: int) -> tuple[int, int]:
    """How many of `count` values go: (lowest, highest)."""
    rows = [row for row in trim.rows if row.at_least <= count]
    if not rows:
        return 0, 0
    row = rows[-1]
    if isinstance(row, DropCount):
        return row.lowest, row.highest
    lowest, highest = Fraction(row.lowest_percent), Fraction(row.highest_percent)
    return whole(lowest * count / 100, row.mode), whole(highest * count / 100, row.mode)


def trimmed(values: Mapping[Name, Fraction], trim: Trim) -> Trimmed[Name]:
    """Who stays and who goes; among equals the name decides, so the order of the mapping does not matter."""
    order = sorted(values, key=lambda name: (values[name], name))
    lowest, highest = drop_counts(trim, len(order))
    low, kept, high = order[:lowest], order[lowest : len(order) - highest], order[len(order) - highest :]
    if trim.equals is Equals.KEEP:
        staying = {values[name] for name in kept}
        low = [name for name in low if values[name] not in staying]
        high = [name for name in high if values[name] not in staying]
    gone = {*low, *high}
    return Trimmed(tuple(name for name in order if name not in gone), tuple(low), tuple(high))
