"""Points as people type them: checked cell by cell, turned into hundredths."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from server.domain.ids import BidAlias, Centipoints, CriterionId
from server.domain.scoring.criteria import (
    Criterion,
    GivenCriterion,
    MemberCriterion,
    given_criteria,
    member_criteria,
)
from server.domain.scoring.errors import (
    PointsMalformed,
    PointsMissing,
    PointsOffUnit,
    PointsOutOfRange,
    PointsUnknown,
)
from server.domain.scoring.exact import parsed
from server.domain.scoring.scheme import Scheme

TypedPoints = Mapping[BidAlias, Mapping[CriterionId, str]]
"Decimal texts by bid and criterion."
Sheet = dict[BidAlias, dict[CriterionId, Centipoints]]
"Points by bid and criterion, every cell filled."


def check_sheet(scheme: Scheme, bids: Collection[BidAlias], points: TypedPoints) -> Sheet:
    """One member's sheet in hundredths of a point, in the order of `bids` and of the scheme.

    Raises:
        PointsUnknown, PointsMissing, PointsMalformed, PointsOutOfRange, PointsOffUnit: the first cell that is wrong.
    """
    return _checked(member_criteria(scheme.criteria), bids, points)


def check_given(scheme: Scheme, bids: Collection[BidAlias], points: TypedPoints) -> Sheet:
    """The points that come with the bids, checked like a sheet.

    Raises:
        PointsUnknown, PointsMissing, PointsMalformed, PointsOutOfRange, PointsOffUnit: the first cell that is wrong.
    """
    return _checked(given_criteria(scheme.criteria), bids, points)


def as_points(centipoints: Centipoints) -> Fraction:
    """Points of hundredths of a point."""
    return Fraction(centipoints, 100)


def _checked(
    criteria: Sequence[MemberCriterion | GivenCriterion], bids: Collection[BidAlias], points: TypedPoints
) -> Sheet:
    asked = {criterion.id for criterion in criteria}
    for bid, cells in points.items():
        if bid not in bids:
            raise PointsUnknown(bid=bid, criterion=None)
        for criterion_id in cells:
            if criterion_id not in asked:
                raise PointsUnknown(bid=bid, criterion=criterion_id)
    return {bid: {criterion.id: _cell(criterion, bid, points) for criterion in criteria} for bid in bids}


def _cell(criterion: MemberCriterion | GivenCriterion, bid: BidAlias, points: TypedPoints) -> Centipoints:
    text = points.get(bid, {}).get(criterion.id)
    if text is None:
        raise PointsMissing(bid=bid, criterion=criterion.id)
    number = parsed(text, places=2)
    if number is None:
        raise PointsMalformed(bid=bid, criterion=criterion.id, points=text)
    if not _in_range(criterion, number):
        raise PointsOutOfRange(
            bid=bid,
            criterion=criterion.id,
            points=text,
            min_points=str(criterion.min_points),
            max_points=str(criterion.max_points),
        )
    if (number / Fraction(criterion.unit)).denominator != 1:
        raise PointsOffUnit(bid=bid, criterion=criterion.id, points=text, unit=str(criterion.unit))
    return Centipoints(int(number * 100))


def _in_range(criterion: Criterion, number: Fraction) -> bool:
    return Fraction(criterion.min_points) <= number <= Fraction(criterion.max_points)
