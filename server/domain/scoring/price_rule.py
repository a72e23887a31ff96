"""How prices are evaluated: adjustments, who is valid, what the benchmark is made of, and the formula."""

import enum
from decimal import Decimal

from msgspec import Struct

from server.domain.scoring.exact import TWO_PLACES, Rounding, RoundingMode
from server.domain.scoring.trimming import Count, Trim


class _Part(Struct, tag_field="kind", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What all parts of a price rule share."""


class PerUnit(_Part, tag="per_unit", frozen=True):
    """So much for each unit by which a fact differs from what is required, such as months of time."""

    fact: str
    required: Decimal
    below_gain: Decimal = Decimal(0)
    "Taken off the price for each unit below."
    above_loss: Decimal = Decimal(0)
    "Added to the price for each unit above."


class Amount(_Part, tag="amount", frozen=True):
    """A fact that is itself an amount of money, added to the price; negative ones lower it."""

    fact: str


class PercentCut(_Part, tag="percent_cut", frozen=True):
    """A share of the price taken off where a fact reaches a limit, such as the part done by small firms.

    Source: 财库〔2020〕46号, Art. 9; its percentages: 财库〔2022〕19号.
    """

    fact: str
    at_least: Decimal
    percent: Decimal


Adjustment = PerUnit | Amount | PercentCut


class StillScored(_Part, tag="scored", frozen=True):
    """A bid left out of the benchmark is scored by the formula all the same."""


class FixedPoints(_Part, tag="fixed", frozen=True):
    """A bid left out of the benchmark gets these points."""

    points: Decimal


class Excluded(_Part, tag="excluded", frozen=True):
    """A bid left out of the benchmark is out of the evaluation."""


LeftOut = StillScored | FixedPoints | Excluded


class PercentRange(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """From and to, both included, in percent of something; an absent end is open."""

    min_percent: Decimal | None = None
    max_percent: Decimal | None = None


class TrimFilter(_Part, tag="trim", frozen=True):
    """Leaves out the highest and lowest prices."""

    trim: Trim
    then: LeftOut = StillScored()


class NeighbourFilter(_Part, tag="neighbour", frozen=True):
    """Leaves out the highest (lowest) price if it lies too far above (below) the next one, in percent of the next."""

    percent: Decimal
    inclusive: bool
    "Whether a distance of exactly `percent` is too far."
    at_least: Count = 3
    "With fewer prices nobody is left out."
    then: LeftOut = StillScored()


class Centre(enum.Enum):
    """What a band lies around."""

    REFERENCE = "reference"
    MEAN = "mean"
    "The mean of the prices that the filters before this one have kept."


class BandFilter(_Part, tag="band", frozen=True):
    """Leaves out prices outside a band, both ends included."""

    of: Centre
    range: PercentRange
    then: LeftOut = StillScored()


Filter = TrimFilter | NeighbourFilter | BandFilter


class Statistic(enum.Enum):
    """What is made of the prices that the filters keep."""

    LOWEST = "lowest"
    MEAN = "mean"


class Counted(enum.Enum):
    """Whose prices go into the benchmark; one that breaks the ceiling or the valid range never does."""

    REMAINING = "remaining"
    "Bids still in the evaluation: the benchmark changes when one falls out later."
    FIRST_REMAINING = "first_remaining"
    "Bids that were in when prices were first scored: 基准价一经确定不再调整."
    OPENED = "opened"
    "Every opened bid, those that failed a gate too."


class Benchmark(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The benchmark price (评标基准价): (reference x its weight + statistic x the rest) x coefficient, rounded."""

    statistic: Statistic
    counted: Counted = Counted.REMAINING
    filters: tuple[Filter, ...] = ()
    "In this order, each on what the one before has kept."
    reference_weight: Decimal = Decimal(0)
    "0 to 1; at 1 the prices do not count."
    coefficients: tuple[Decimal, ...] = (Decimal(1),)
    "One: fixed. Several: one of them is drawn at the opening."
    rounding: Rounding | None = None


class Slope(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What one side of the benchmark costs."""

    per_step: Decimal
    "Points lost a step; negative where the side earns points."
    max_loss: Decimal | None = None


class Ratio(_Part, tag="ratio", frozen=True):
    """Full points x benchmark / price; with the lowest price as benchmark the 低价优先法 of 87号令, Art. 55."""


class Deviation(_Part, tag="deviation", frozen=True):
    """Points fall with the deviation from the benchmark, in percent of the benchmark."""

    at_benchmark: Decimal
    above: Slope
    below: Slope
    deviation_rounding: Rounding | None = None
    "Rounds the percentage before anything is made of it."
    step_percent: Decimal = Decimal(1)
    whole_steps: RoundingMode | None = None
    "None: fractions of a step count as such. `up`: 不足1%按1%计; `down`: 不足1%不计."


class Interpolated(_Part, tag="interpolated", frozen=True):
    """A straight line between the lowest and the highest price that the benchmark is made of."""

    best_points: Decimal
    worst_points: Decimal


Formula = Ratio | Deviation | Interpolated


class PriceRule(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Everything about prices. Ceiling and valid range look at the bid price, all else at the evaluated price."""

    reference: Decimal | None = None
    "Reference or control price, if the scheme uses one."
    ceiling: Decimal | None = None
    "A bid above it is out (最高投标限价)."
    valid: PercentRange | None = None
    "A bid outside, in percent of the reference, is out."
    adjustments: tuple[Adjustment, ...] = ()
    "Evaluated price = bid price with all of these; the contract stays at the bid price."
    benchmark: Benchmark | None = None
    formula: Formula | None = None
    "None where prices earn no points."
    rounding: Rounding = TWO_PLACES
    "Rounds the points."
