from typing import cast

import pytest

from server.domain import commands as c
from server.domain.events import AnyEvent, Event
from server.domain.fold import apply, fold
from server.domain.ids import Alias, Millis, Seq
from server.domain.lines import Line, LineHead
from server.domain.phases import Phase
from server.domain.state import EMPTY, Identity
from tests.support.room_plan import BIDDERS, L1, L2, OFFERS, A, B, C, person
from tests.support.room_scenes import HOST, at, run_to
from tests.support.room_world import World

E1 = Alias("E1")


def test_no_lines_are_the_room_before_its_first() -> None:
    assert fold([]) is EMPTY


def test_opening_places_lots_seats_people_and_bids() -> None:
    room = World().room

    assert room.opening is not None
    assert (room.phase, set(room.lots), len(room.seats)) == (Phase.PREPARED, {L1, L2}, 13)
    assert room.people[E1] == person(E1)
    assert room.bidders == tuple(sorted({*BIDDERS[L1].values(), *BIDDERS[L2].values()}))
    assert room.lots[L1].identities == {
        bid: Identity(bidder=BIDDERS[L1][bid], offer=OFFERS[L1][bid]) for bid in (A, B, C)
    }


def test_pause_lasts_until_it_is_resumed() -> None:
    world = at(Phase.PAUSED)
    paused = world.room
    world.act(HOST, c.ResumeRoom())

    assert (paused.paused, paused.phase) == ("乙县停电", Phase.EVALUATION)
    assert (world.room.paused, world.room.phase) == (None, Phase.EVALUATION)
    assert world.room.phase_at == len(world.raw) - 1


def test_room_closed_during_a_pause_is_not_paused_any_more() -> None:
    world = at(Phase.PAUSED)
    world.act(HOST, c.CloseRoom(reason="改期"))

    room = world.room
    assert (room.phase, room.paused, room.closed, room.closed_at) == (
        Phase.CLOSED,
        None,
        "改期",
        len(world.raw) - 1,
    )


def test_fold_goes_on_from_a_room() -> None:
    world = run_to(World(), Phase.CHECK_IN)

    assert fold(world.lines[20:], fold(world.lines[:20])) == world.room


class Stray(Event, frozen=True, kw_only=True, tag="stray"):
    """No event of any version."""


def test_event_that_apply_does_not_know_is_a_bug_that_shows() -> None:
    head = LineHead(seq=Seq(0), at=Millis(0), by=E1, salt=bytes(16))

    with pytest.raises(AssertionError, match="unreachable"):
        apply(EMPTY, Line(head=head, event=cast("AnyEvent", Stray())))
