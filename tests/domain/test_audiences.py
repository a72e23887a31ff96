from typing import get_args

import pytest

from server.domain.audiences import AUDIENCES, NARROWNESS, Audience, Condition
from server.domain.events import AnyEvent, Event
from server.domain.roles import Role
from tests.support import audience_oracle

WORDS = {
    "always": Condition.ALWAYS,
    "never": Condition.NEVER,
    "own": Condition.AFTER_OWN_REVEAL,
    "round": Condition.AFTER_REVEAL,
    "rounds": Condition.AFTER_REVEAL_OF_ALL,
    "prices": Condition.AFTER_PRICES_OPENED,
    "lock": Condition.AFTER_LOCK,
    "close": Condition.AFTER_CLOSE,
    "bids": Condition.AFTER_BIDS_OPENED,
    "venue": Condition.OWN_VENUE,
    "local": Condition.OWN_VENUE,
    "names": Condition.NAMES_OPEN,
    "seated": Condition.SEATED,
}
"The words of the vector table."


@pytest.mark.parametrize("event", get_args(AnyEvent))
def test_event_has_the_audience_of_the_vector_table(event: type[Event]) -> None:
    tag = str(event.__struct_config__.tag)
    everybody = {role.value: "always" for role in Role if role is not Role.CHAIR}

    expected = audience_oracle.AUDIENCES.get(tag, everybody)

    assert AUDIENCES[event.audience] == {Role(role): WORDS[word] for role, word in expected.items()}


def test_vector_table_names_events_only() -> None:
    tags = {str(event.__struct_config__.tag) for event in get_args(AnyEvent)}

    assert set(audience_oracle.AUDIENCES) <= tags


@pytest.mark.parametrize("audience", Audience)
def test_every_role_but_the_chair_has_a_condition(audience: Audience) -> None:
    assert set(AUDIENCES[audience]) == set(Role) - {Role.CHAIR}


def test_narrowness_ranks_every_audience_once() -> None:
    assert sorted(NARROWNESS) == sorted(Audience)
    assert NARROWNESS[0] is Audience.EVERYONE


@pytest.mark.parametrize("event", get_args(AnyEvent))
def test_event_that_opens_with_a_lot_or_a_round_names_it(event: type[Event]) -> None:
    conditions = set(AUDIENCES[event.audience].values())

    if conditions & {Condition.AFTER_LOCK, Condition.AFTER_PRICES_OPENED, Condition.AFTER_BIDS_OPENED}:
        assert "lot" in event.__struct_fields__
    if conditions & {Condition.AFTER_REVEAL, Condition.AFTER_REVEAL_OF_ALL}:
        assert "round" in event.__struct_fields__
