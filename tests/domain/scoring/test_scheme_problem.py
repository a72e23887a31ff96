import msgspec

from server.domain.scoring import SchemeProblem, check_scheme
from tests.domain.scoring.schemes import price, scheme


def test_scheme_problem_comes_back_from_json_as_it_was() -> None:
    problems = check_scheme(scheme("30", price()))

    assert len(problems) == 1
    assert msgspec.json.decode(msgspec.json.encode(problems), type=list[SchemeProblem]) == problems
