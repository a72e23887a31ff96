"""What can be wrong with a trimming table."""

from collections.abc import Iterator
from itertools import pairwise

from server.domain.scoring.scheme_problem import SchemeProblem
from server.domain.scoring.trimming import DropShare, Trim, drop_counts

_MOST_TOGETHER = 80
"Percent dropped at both ends; with more, hardly anything is left of a mean."


def trim_problems(path: str, trim: Trim) -> Iterator[SchemeProblem]:
    """Rows out of order, shares that are none, rows that may leave nothing."""
    if any(row.at_least >= following.at_least for row, following in pairwise(trim.rows)):
        message = "Write the rows by rising at_least."
        yield SchemeProblem(path=f"{path}.rows", code="trim_out_of_order", message=message)
    for place, row in enumerate(trim.rows):
        where = f"{path}.rows[{place}]"
        if isinstance(row, DropShare) and (
            min(row.lowest_percent, row.highest_percent) < 0
            or row.lowest_percent + row.highest_percent > _MOST_TOGETHER
        ):
            message = f"Write shares from 0 that make at most {_MOST_TOGETHER} percent together."
            yield SchemeProblem(path=where, code="percent_out_of_range", message=message)
        elif any(sum(drop_counts(Trim(rows=(row,)), row.at_least + more)) >= row.at_least + more for more in range(20)):
            message = "Drop fewer than there are: raise at_least, or lower highest and lowest."
            yield SchemeProblem(path=where, code="trim_takes_all", message=message)
