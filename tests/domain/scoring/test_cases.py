import pytest

from server.domain.scoring import check_scheme
from tests.domain.scoring.cases import load, names, run, seen


@pytest.mark.parametrize("name", names())
def test_case_scheme_has_no_problems(name: str) -> None:
    case = load(name)

    assert check_scheme(case.scheme) == []


@pytest.mark.parametrize("name", names())
def test_case_gives_what_its_source_prints(name: str) -> None:
    case = load(name)

    outcome = run(case)

    assert seen(case, outcome) == case.expected


def test_cases_cover_the_published_examples_and_clauses() -> None:
    published = {"S02", "S04", "S05", "S06", "S08", "S10", "S12", "S14", "S15", "S18", "S19"}
    clauses = {f"F{number:02}" for number in range(1, 13)}

    assert published | clauses <= set(names())
