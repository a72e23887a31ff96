import msgspec

from signaling.messages import KINDS, Kind
from signaling.routes import NOTHING, MediaPolicy, Route, policy_of, wanted_routes


class Seat(msgspec.Struct, frozen=True):
    alias: str
    publishing: frozenset[Kind]
    receiving: frozenset[tuple[str, Kind]]


def seat(alias: str, *sources: str, publishing: tuple[Kind, ...] = KINDS) -> Seat:
    return Seat(alias, frozenset(publishing), frozenset((source, kind) for source in sources for kind in KINDS))


E1, E2, W1 = seat("E1", "E2", "W1"), seat("E2", "E1", "W1"), seat("W1", "E1", "E2", publishing=())
ALL = policy_of(1, [(a, b, kind) for a in ("E1", "E2", "W1") for b in ("E1", "E2", "W1") for kind in KINDS])


def test_routes_are_what_policy_allows_among_those_present() -> None:
    policy = policy_of(1, [("E1", "E2", "audio"), ("E2", "E1", "video"), ("E1", "E9", "audio"), ("E9", "E1", "audio")])

    assert wanted_routes([E1, E2, W1], policy) == {Route("E1", "E2", "audio"), Route("E2", "E1", "video")}


def test_nobody_hears_itself() -> None:
    assert wanted_routes([seat("E1", "E1")], ALL) == frozenset()


def test_seat_that_publishes_nothing_only_listens() -> None:
    assert wanted_routes([E1, W1], ALL) == {Route("E1", "W1", kind) for kind in KINDS}


def test_seat_without_a_line_for_a_source_gets_nothing_of_it() -> None:
    blind = seat("E2", "W1")

    assert wanted_routes([E1, blind], ALL) == {Route("E2", "E1", kind) for kind in KINDS}


def test_nothing_flows_before_the_first_policy() -> None:
    assert wanted_routes([E1, E2, W1], NOTHING) == frozenset()


def test_policy_allows_only_what_it_names() -> None:
    policy = MediaPolicy(1, frozenset({Route("E1", "E2", "audio")}))

    assert policy.may_receive("E2", "E1", "audio")
    assert not policy.may_receive("E1", "E2", "audio")
    assert not policy.may_receive("E2", "E1", "video")
