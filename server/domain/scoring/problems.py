"""Whether a scheme says something that can be carried out and that its law allows."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from server.domain.scoring.criteria import nodes
from server.domain.scoring.criteria_problems import criteria_problems
from server.domain.scoring.law_problems import law_problems
from server.domain.scoring.price_problems import price_problems
from server.domain.scoring.scheme import (
    CloserToBenchmark,
    DrawnLot,
    HigherPoints,
    LowerEvaluatedPrice,
    LowerPrice,
    Scheme,
)
from server.domain.scoring.scheme_problem import SchemeProblem

_MOST_DIGITS = 15
_MOST_PLACES = 6


def check_scheme(scheme: Scheme) -> list[SchemeProblem]:
    """Everything that is wrong with a scheme; an empty list for one that may be used.

    Numbers that cannot be calculated with come alone, as all else looks at the numbers.
    """
    return list(_number_problems(scheme, "")) or [
        *criteria_problems(scheme),
        *price_problems(scheme),
        *_ranking_problems(scheme),
        *_review_problems(scheme),
        *law_problems(scheme),
    ]


def _number_problems(value: object, path: str) -> Iterator[SchemeProblem]:
    """Decimals that are not finite, too long or too fine, anywhere."""
    if isinstance(value, Struct):
        for field in value.__struct_fields__:
            yield from _number_problems(getattr(value, field), f"{path}.{field}" if path else field)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _number_problems(item, f"{path}[{place}]")
    elif isinstance(value, Decimal) and not _is_plain(value):
        message = f"Write a plain number of at most {_MOST_DIGITS} digits, {_MOST_PLACES} of them decimals."
        yield SchemeProblem(path=path, code="number_malformed", message=message)


def _is_plain(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return (
        isinstance(exponent, int) and -_MOST_PLACES <= exponent <= 0 and len(number.as_tuple().digits) <= _MOST_DIGITS
    )


def _ranking_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    if not scheme.ranking:
        message = "Name what ranks the bids, such as the points of the root."
        yield SchemeProblem(path="ranking", code="ranking_empty", message=message)
    known = {node.id for node in nodes(scheme.criteria)}
    has_benchmark = scheme.price is not None and scheme.price.benchmark is not None
    for place, step in enumerate(scheme.ranking):
        path = f"ranking[{place}]"
        match step:
            case HigherPoints() if step.node not in known:
                message = f"Name a group or criterion of the tree instead of {step.node}."
                yield SchemeProblem(path=path, code="ranking_node_unknown", message=message)
            case LowerPrice() | LowerEvaluatedPrice() if scheme.price is None:
                message = "Add a price rule, or rank by points."
                yield SchemeProblem(path=path, code="ranking_without_price", message=message)
            case CloserToBenchmark() if not has_benchmark:
                message = "Add a benchmark to the price rule, or rank by something else."
                yield SchemeProblem(path=path, code="ranking_without_benchmark", message=message)
            case DrawnLot() if place != len(scheme.ranking) - 1:
                message = "Put the draw last: it leaves no equals."
                yield SchemeProblem(path=path, code="ranking_after_draw", message=message)
            case _:
                pass


def _review_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    if scheme.review.far_percent <= 0:
        message = "Write a percentage above 0, such as 30."
        yield SchemeProblem(path="review.far_percent", code="percent_out_of_range", message=message)
    share = scheme.review.reason_below_percent
    if share is not None and not 0 < share <= 100:
        message = "Write a percentage above 0 and up to 100, such as 60, or leave it out."
        yield SchemeProblem(path="review.reason_below_percent", code="percent_out_of_range", message=message)
