from typing import Any

import pytest

from server.domain.events import RoomOpened
from server.evidence.errors import MalformedText
from server.evidence.room_keys import RoomKeys, keys_of
from tests.evidence.keys import LOG, cosigner
from tests.evidence.signed_room import WITNESSES, signed_opening


def keys(**changes: Any) -> RoomKeys:
    opening = signed_opening(**changes)[0]
    assert isinstance(opening, RoomOpened)
    return keys_of(opening)


def test_keys_are_those_of_the_first_event() -> None:
    assert keys() == RoomKeys(log=LOG.key, witnesses=tuple(each.key for each in WITNESSES), quorum=2)
    assert keys(witnesses=(), quorum=0) == RoomKeys(log=LOG.key, witnesses=(), quorum=0)


@pytest.mark.parametrize(
    "changes",
    [
        {"log_key": "none"},
        {"log_key": WITNESSES[0].key.vkey},
        {"witnesses": (LOG.key.vkey,), "quorum": 1},
        {"witnesses": (WITNESSES[0].key.vkey,) * 2},
        {"quorum": 0},
        {"quorum": 3},
        {"quorum": -1},
        {"witnesses": (), "quorum": 1},
    ],
)
def test_keys_that_promise_more_than_they_hold_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedText):
        keys(**changes)


@pytest.mark.parametrize("name", ["yi", "jia"])
def test_one_key_under_two_names_is_refused(name: str) -> None:
    key = cosigner(name).key
    renamed = type(key)(name="other", signature_type=key.signature_type, public_key=key.public_key)

    with pytest.raises(MalformedText, match="one stands twice"):
        keys(witnesses=(cosigner("yi").key.vkey, renamed.vkey))
