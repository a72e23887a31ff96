"""The calculation trace: every step a person needs to do the sum again, in order, in no language."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Literal, TypeVar

from msgspec import Struct

from server.domain.ids import BidAlias, CriterionId
from server.domain.scoring.exact import Rounding, RoundingMode, rounded, shown

Name = TypeVar("Name", bound=str)

StepCode = Literal[
    # members
    "highest_dropped",
    "lowest_dropped",
    "widest_member_dropped",
    "mean",
    "sum",
    "weighted",
    "gate_passed",
    "gate_failed",
    # offers
    "percent_cut",
    "per_unit",
    "evaluated_price",
    "above_ceiling",
    "percent_of_reference",
    # benchmark
    "highest_gap_accepted",
    "highest_gap_too_far",
    "lowest_gap_accepted",
    "lowest_gap_too_far",
    "outside_band",
    "mean_price",
    "lowest_price",
    "reference_price",
    "reference_part",
    "bids_part",
    "benchmark_blended",
    "coefficient_applied",
    "benchmark",
    # points of prices
    "ratio_points",
    "interpolated_points",
    "deviation_percent",
    "whole_steps_half_up",
    "whole_steps_half_even",
    "whole_steps_down",
    "whole_steps_up",
    "loss",
    "loss_limited",
    "deviation_points",
    "fixed_points",
    "cut_to_range",
    "price_points",
    # ranking
    "compared_points",
    "compared_prices",
    "compared_evaluated_prices",
    "compared_distances",
    "compared_lots",
    # anywhere
    "rounded_half_up",
    "rounded_half_even",
    "rounded_down",
    "rounded_up",
]
"What a step does; the client has a sentence for each. Never renamed: they stand in the log."

_ROUNDED: dict[RoundingMode, StepCode] = {
    RoundingMode.HALF_UP: "rounded_half_up",
    RoundingMode.HALF_EVEN: "rounded_half_even",
    RoundingMode.DOWN: "rounded_down",
    RoundingMode.UP: "rounded_up",
}


class Step(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step of a calculation."""

    code: StepCode
    bid: BidAlias | None = None
    node: CriterionId | None = None
    "The criterion or group it is about."
    who: str | None = None
    "The member that a step singles out."
    operands: dict[str, str] = {}
    "Decimal texts by role (`price`), by member or by bid; the code says which."
    result: str
    "Decimal text; of a number that never ends ten decimals, while the calculation goes on with the exact one."


class Trace:
    """Collects steps; `about` gives a view of the same list that fills in bid and node."""

    def __init__(
        self, steps: list[Step] | None = None, *, bid: BidAlias | None = None, node: CriterionId | None = None
    ) -> None:
        self._steps: list[Step] = [] if steps is None else steps
        self._bid = bid
        self._node = node

    def about(self, *, bid: BidAlias | None = None, node: CriterionId | None = None) -> "Trace":
        """The same trace, for steps about this bid and this node."""
        return Trace(self._steps, bid=bid or self._bid, node=node or self._node)

    def step(
        self,
        code: StepCode,
        result: Fraction,
        operands: Mapping[Name, Fraction] | None = None,
        *,
        who: str | None = None,
    ) -> Fraction:
        """Notes a step and gives its result back."""
        texts = {str(name): shown(value) for name, value in (operands or {}).items()}
        self._steps.append(
            Step(code=code, bid=self._bid, node=self._node, who=who, operands=texts, result=shown(result))
        )
        return result

    def round(self, number: Fraction, rounding: Rounding | None) -> Fraction:
        """The rounded number; a step is noted only where the rounding changes something."""
        if rounding is None:
            return number
        result = rounded(number, rounding)
        if result != number:
            self.step(_ROUNDED[rounding.mode], result, {"value": number, "places": Fraction(rounding.places)})
        return result

    def steps(self) -> tuple[Step, ...]:
        """All steps noted so far, by every view."""
        return tuple(self._steps)


def mean(numbers: Collection[Fraction]) -> Fraction:
    """The arithmetic mean of at least one number."""
    return sum(numbers, Fraction(0)) / len(numbers)
