import pytest

from server.domain.errors import Rejection
from server.domain.scoring import errors


def rejections() -> list[type[Rejection]]:
    return [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Rejection)]


def test_every_code_is_its_own() -> None:
    codes = [kind.code for kind in rejections() if kind is not Rejection]

    assert len(codes) == len(set(codes)) == 13
    assert Rejection.code not in codes


@pytest.mark.parametrize("kind", [errors.BenchmarkUndefined])
def test_rejection_without_facts_has_a_sentence(kind: type[Rejection]) -> None:
    assert str(kind()) == "The scheme gives no benchmark above zero for these bids."
