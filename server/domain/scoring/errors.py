"""What stops a calculation or a sheet; each tells the person what to mend."""

import enum
from collections.abc import Sequence

from server.domain.errors import Rejection


class DrawKind(enum.Enum):
    """What a scheme leaves to a draw."""

    COEFFICIENT = "coefficient"
    "The benchmark's coefficient K, drawn at the opening."
    WIDEST_MEMBER = "widest_member"
    "Which of several members with equally wide scores is left out."
    TIE = "tie"
    "The order of bids that stay equal through all other steps."


class PointsUnknown(Rejection):
    """A sheet names a bid, or a criterion of one, that it does not cover; `criterion` is None for a whole bid."""

    code = "points_unknown"
    sentence = "The sheet has no place for bid {bid}, criterion {criterion}."


class PointsMissing(Rejection):
    """A cell of the sheet is empty."""

    code = "points_missing"
    sentence = "Points are missing for criterion {criterion} of bid {bid}."


class PointsMalformed(Rejection):
    """The text is no plain decimal of at most two decimals."""

    code = "points_malformed"
    sentence = "{points!r} for criterion {criterion} of bid {bid} is no number such as 13.5."


class PointsOutOfRange(Rejection):
    """More than the criterion's maximum or less than its minimum.

    Source: 87号令, Art. 64 (2).
    """

    code = "points_out_of_range"
    sentence = "{points} for criterion {criterion} of bid {bid} is not between {min_points} and {max_points}."


class PointsOffUnit(Rejection):
    """No multiple of the criterion's unit."""

    code = "points_off_unit"
    sentence = "{points} for criterion {criterion} of bid {bid} is no multiple of {unit}."


class SheetsMissing(Rejection):
    """There are criteria for members to score and no member's sheet."""

    code = "sheets_missing"
    sentence = "No member's sheet counts below {node}."


class OfferMissing(Rejection):
    """A bid that takes part in the price evaluation has no price."""

    code = "offer_missing"
    sentence = "Bid {bid} has no price."


class PriceMalformed(Rejection):
    """The text is no plain decimal above zero."""

    code = "price_malformed"
    sentence = "{price!r} of bid {bid} is no price such as 13656.00."


class FactMissing(Rejection):
    """A price adjustment needs a fact of the bid that is absent or no number."""

    code = "fact_missing"
    sentence = "Bid {bid} needs the number {fact} for its evaluated price."


class EvaluatedPriceNotPositive(Rejection):
    """The adjustments take more than the whole price."""

    code = "evaluated_price_not_positive"
    sentence = "The evaluated price of bid {bid} is {evaluated}."


class BenchmarkUndefined(Rejection):
    """No price is left to make the benchmark of, or it rounds to zero; the committee has to decide."""

    code = "benchmark_undefined"
    sentence = "The scheme gives no benchmark above zero for these bids."


class DrawNeeded(Rejection):
    """The calculation cannot go on before this draw is made and recorded; then call again with it."""

    code = "draw_needed"
    sentence = "A draw of {draw} among {among} is needed first."

    def __init__(self, kind: DrawKind, among: Sequence[str]) -> None:
        self.kind = kind
        self.among = tuple(among)
        super().__init__(draw=kind.value, among=", ".join(among))


class DrawUnknown(Rejection):
    """The recorded draw is none of what could be drawn."""

    code = "draw_unknown"
    sentence = "The draw of {draw} gave {drawn}, which is not among {among}."
