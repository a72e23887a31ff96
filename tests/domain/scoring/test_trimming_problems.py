from decimal import Decimal

import pytest

from server.domain.scoring.exact import RoundingMode
from server.domain.scoring.trimming import DropCount, DropShare, Trim
from server.domain.scoring.trimming_problems import trim_problems


def share(lowest: int, highest: int, at_least: int = 7, mode: RoundingMode = RoundingMode.HALF_UP) -> DropShare:
    return DropShare(at_least=at_least, lowest_percent=Decimal(lowest), highest_percent=Decimal(highest), mode=mode)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((), []),
        ((DropCount(at_least=3, highest=1, lowest=1), DropCount(at_least=7, highest=2)), []),
        ((DropCount(at_least=7), DropCount(at_least=7)), [("trim.rows", "trim_out_of_order")]),
        ((DropCount(at_least=2, highest=1, lowest=1),), [("trim.rows[0]", "trim_takes_all")]),
        ((share(20, 20),), []),
        ((share(40, 40, at_least=2),), [("trim.rows[0]", "trim_takes_all")]),
        ((share(40, 40, mode=RoundingMode.UP),), [("trim.rows[0]", "trim_takes_all")]),
        ((share(-1, 20),), [("trim.rows[0]", "percent_out_of_range")]),
        ((share(41, 40),), [("trim.rows[0]", "percent_out_of_range")]),
    ],
)
def test_trim_problems(rows: tuple[DropCount | DropShare, ...], expected: list[tuple[str, str]]) -> None:
    assert [(problem.path, problem.code) for problem in trim_problems("trim", Trim(rows=rows))] == expected
