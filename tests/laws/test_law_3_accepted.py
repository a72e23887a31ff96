"""Law 3: `apply` accepts whatever `decide` emits."""

from collections.abc import Callable
from itertools import pairwise
from typing import get_args

import msgspec
import pytest

from server.domain.events import AnyEvent, MemberReplaced, ReportIssued, RoundOpened, SheetReturned, SigningEnd
from server.domain.fold import apply, fold
from server.domain.lines import line_fields, parse_line
from server.domain.phases import Stage
from server.domain.scoring import DrawKind
from server.domain.state import EMPTY
from server.evidence.canonical import canonical
from tests.support.random_walks import EVENTFUL, SEEDS, walked
from tests.support.room_world import World


@pytest.mark.parametrize("seed", SEEDS)
def test_whole_log_folds_to_the_state_that_grew_with_it(seed: int) -> None:
    world = walked(seed).world

    assert fold(parse_line(raw) for raw in world.raw) == world.room
    assert [canonical(line_fields(line)) for line in world.lines] == world.raw
    assert [line.seq for line in world.lines] == list(range(len(world.raw)))
    assert all(earlier.head.at <= later.head.at for earlier, later in pairwise(world.lines))


def _chair_replaced(world: World) -> bool:
    after_election = [line for line in world.lines if isinstance(line.event, MemberReplaced)]
    return any(fold(world.lines[: line.seq]).chair == line.event.member for line in after_election)  # type: ignore[union-attr]


def _reports(world: World, end: SigningEnd) -> bool:
    return any(lot.report is not None and end in lot.report.ends.values() for lot in world.room.lots.values())


def _second_round(world: World, stage: Stage) -> bool:
    rounds = [line.event for line in world.lines if isinstance(line.event, RoundOpened | SheetReturned)]
    return any(event.stage is stage and event.round > 1 for event in rounds)


@pytest.mark.parametrize("seed", EVENTFUL)
def test_apply_leaves_the_room_before_as_it_was(seed: int) -> None:
    room = EMPTY

    for line in walked(seed).world.lines:
        before = msgspec.json.encode(room)
        after = apply(room, line)
        assert msgspec.json.encode(room) == before, line
        room = after


SITUATIONS: dict[str, Callable[[World], bool]] = {
    "a room that is closed": lambda world: world.room.closed_at is not None,
    "a lot that is locked": lambda world: any(lot.locked_at is not None for lot in world.room.lots.values()),
    "a lot without any bid left": lambda world: any(
        lot.locked_at is not None and not lot.admitted for lot in world.room.lots.values()
    ),
    "a chair who is replaced": _chair_replaced,
    "a second round of the election": lambda world: _second_round(world, Stage.ELECTION),
    "a second round of the examination": lambda world: _second_round(world, Stage.EXAMINATION),
    "a second round of scoring": lambda world: _second_round(world, Stage.SCORING),
    "a drawn tie": lambda world: any(DrawKind.TIE in lot.draws for lot in world.room.lots.values()),
    "a member drawn as the widest": lambda world: any(
        DrawKind.WIDEST_MEMBER in lot.draws for lot in world.room.lots.values()
    ),
    "a member who is deemed to agree": lambda world: _reports(world, SigningEnd.DEEMED_AGREED),
    "a member who refuses with a dissent": lambda world: _reports(world, SigningEnd.REFUSED_WITH_DISSENT),
    "a report that is issued again": lambda world: any(
        isinstance(line.event, ReportIssued) and line.event.version > 1 for line in world.lines
    ),
    "a drawn coefficient": lambda world: any(DrawKind.COEFFICIENT in lot.draws for lot in world.room.lots.values()),
}
"What a walk can come to, by name."


def test_eventful_walks_reach_every_type_of_event() -> None:
    reached = {type(line.event) for seed in EVENTFUL for line in walked(seed).world.lines}

    assert reached == set(get_args(AnyEvent))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_eventful_walks_reach_what_is_hard_to_get_right(situation: str) -> None:
    assert any(SITUATIONS[situation](walked(seed).world) for seed in EVENTFUL)
