import inspect

from server.auth import rejections
from server.domain.errors import Rejection


def _all_rejections() -> list[type[Rejection]]:
    found = [thing for _, thing in inspect.getmembers(rejections, inspect.isclass)]
    return [thing for thing in found if issubclass(thing, Rejection) and thing is not Rejection]


def test_rejections_have_codes_of_their_own() -> None:
    codes = [rejection.code for rejection in _all_rejections()]

    assert len(codes) == 13
    assert sorted(set(codes)) == sorted(codes)


def test_the_tree_in_the_docstring_names_every_rejection() -> None:
    tree = rejections.__doc__ or ""

    missing = [rejection.__name__ for rejection in _all_rejections() if rejection.__name__ not in tree]

    assert missing == []


def test_too_many_tries_carries_the_time_to_wait() -> None:
    refusal = rejections.TooManyTries(retry_after_s=600)

    assert refusal.facts == {"retry_after_s": 600}
    assert str(refusal) == "Too many wrong codes or tokens; try again in 600 s at the latest."


def test_loose_permissions_say_what_to_do() -> None:
    refusal = rejections.LoosePermissions(path="/keys", mode=0o755, wanted=0o700)

    assert str(refusal) == "Others may read /keys (mode 0755), where secrets lie; run: chmod 700 /keys"
