import json

import pytest

from server.auth.rejections import CodeUnknown, TooManyTries
from server.domain.errors import AppendUncertain, EvidenceBroken, LianpingError, Rejection
from server.domain.rejections import WrongPhase
from server.session.room_session import RoomStopped
from server.store.errors import StoreUnavailable
from server.web.client_errors import CLOSE, STATUS, close_code, code_of, http_refusal, retry_after_s


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (CodeUnknown(), 403, "code_unknown", None),
        (TooManyTries(retry_after_s=600), 429, "too_many_tries", "600"),
        (StoreUnavailable(), 503, "store_unavailable", "2"),
        (RoomStopped(reason="doubt"), 503, "room_stopped", "2"),
        (EvidenceBroken("the log contradicts itself"), 503, "room_stopped", "2"),
        (AppendUncertain("not known"), 503, "store_unavailable", "2"),
        (WrongPhase(command="make_pledge", phase="prepared"), 400, "wrong_phase", None),
    ],
)
def test_a_refusal_has_status_code_and_sentence(
    error: LianpingError, status: int, code: str, retry_after: str | None
) -> None:
    answer = http_refusal(error)

    assert isinstance(answer.body, bytes)
    assert (answer.status, json.loads(answer.body)) == (status, {"code": code, "text": str(error)})
    assert answer.headers.get("Retry-After") == retry_after
    assert code_of(error) == code


def test_close_codes_are_those_of_applications() -> None:
    assert {code for code in CLOSE.values() if not 4000 <= code < 5000} == {1001}
    assert (close_code("seat_taken"), close_code("server_stopping"), close_code("whatever")) == (4409, 1001, 4000)


def test_every_code_that_is_told_apart_exists() -> None:
    known = {each.code for each in _all_rejections(Rejection)}

    passing = {"taken_over", "seat_released", "too_slow", "server_stopping"}
    assert (set(STATUS) | set(CLOSE)) - known == passing


def test_waiting_makes_sense_for_as_long_as_the_refusal_says() -> None:
    assert [retry_after_s(error) for error in (TooManyTries(retry_after_s=7), StoreUnavailable())] == [7, 2]


def _all_rejections(root: type[Rejection]) -> list[type[Rejection]]:
    return [root, *(found for each in root.__subclasses__() for found in _all_rejections(each))]
