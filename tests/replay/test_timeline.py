from random import Random

import pytest

from server.domain import events as e
from server.domain.fold import fold
from server.domain.ids import Alias, Seq
from server.domain.phases import Phase
from server.domain.state import EMPTY
from server.domain.visibility import is_visible, viewer_of
from server.replay import timeline
from server.replay.timeline import visible_since
from tests.support.random_walks import EVENTFUL, SEEDS, walked
from tests.support.room_plan import L1
from tests.support.room_scenes import at, run_to, score
from tests.support.room_world import World
from tests.support.viewing_page import Replay


@pytest.mark.parametrize("seed", EVENTFUL)
def test_it_is_what_the_feeds_sent_at_every_moment(seed: int) -> None:
    world = walked(seed).world
    since = visible_since(world.lines)
    replay = Replay(world, seed)

    while replay.step():
        size = len(replay.stored)
        for alias, page in replay.pages.items():
            assert set(page.held) == {seq for seq, when in since[alias].items() if when < size}, (alias, size)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_what_the_door_says_at_every_moment(seed: int) -> None:
    world = walked(seed).world
    since = visible_since(world.lines)
    room, size = EMPTY, 0

    for place, entry in enumerate(world.entries):
        room, size = fold(entry, room), size + len(entry)
        if place % 7 and size < len(world.lines):
            continue
        for alias in room.seats:
            viewer = viewer_of(alias, room)
            seen = {line.seq for line in world.lines[:size] if is_visible(line, viewer, room)}
            assert seen == {seq for seq, when in since[alias].items() if when < size}, (alias, size)


def test_a_beginning_of_the_log_gives_the_beginning_of_the_whole() -> None:
    lines = walked(7).world.lines
    whole = visible_since(lines)
    size = Random(7).randrange(len(lines))

    part = visible_since(lines[:size])

    assert part == {
        alias: {seq: when for seq, when in since.items() if when < size}
        for alias, since in whole.items()
        if alias in part
    }


def test_points_open_to_the_others_with_the_reveal() -> None:
    world = at(Phase.SCORING)
    score(world, L1, "E1")
    run_to(world, Phase.PRICES)
    sheet = next(line.seq for line in world.lines if isinstance(line.event, e.SheetScored) and line.by == "E1")
    reveal = next(
        line.seq
        for line in world.lines
        if isinstance(line.event, e.StageRevealed) and line.event.lot == L1 and line.event.stage == "scoring"
    )

    since = visible_since(world.lines)

    assert since[Alias("E1")][sheet] == sheet
    assert since[Alias("E2")][sheet] == reveal
    assert sheet not in since[Alias("A1")]


def test_nobody_sees_a_line_before_the_own_seat_is_planned() -> None:
    world = World()
    planned = {line.event.alias: line.seq for line in world.lines if isinstance(line.event, e.SeatPlanned)}

    since = visible_since(world.lines)

    assert {alias: seen[Seq(0)] for alias, seen in since.items()} == planned


def test_a_line_is_judged_a_few_times_for_each_alias_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = walked(12).world.lines
    judged = 0

    def counting(*of_what: object) -> bool:
        nonlocal judged
        judged += 1
        return is_visible(*of_what)  # type: ignore[arg-type]  # whatever the timeline asks

    monkeypatch.setattr(timeline, "is_visible", counting)
    since = visible_since(lines)

    assert judged < 1.5 * len(lines) * len(since)
