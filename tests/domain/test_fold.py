from typing import cast

import msgspec
import pytest

from server.domain import commands as c
from server.domain.agent_talk import TalkEnd, TalkTopic
from server.domain.events import AnyEvent, Event
from server.domain.fold import apply, fold
from server.domain.ids import Alias, Millis, Seq
from server.domain.lines import Line, LineHead
from server.domain.phases import Phase, Stage
from server.domain.state import EMPTY, Identity, Round, Seat
from tests.support.room_plan import BIDDERS, L1, L2, OFFERS, A, B, C, person
from tests.support.room_scenes import HOST, ask_for_talk, at, conclude, examine, replaced, returned, run_to, score, vote
from tests.support.room_world import World

E1, E2, E9 = Alias("E1"), Alias("E2"), Alias("E9")
MEMBERS = ("E1", "E2", "E3", "E4", "R1")


def waiting(*pending: str, handed_in: tuple[str, ...] = ()) -> Round:
    """A round that is open."""
    return Round(pending=tuple(map(Alias, pending)), handed_in=tuple(map(Alias, handed_in)))


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


def test_seat_is_enrolled_confirmed_released_and_enrolled_again() -> None:
    world = at(Phase.PREPARED)
    seat, first = world.room.seats[E2], world.keys[E2]
    world.act("V1", c.ReleaseSeat(seat=E2, reason="换机位"))
    released = world.room.seats[E2]
    second = world.new_key(E2)
    world.act(E2, c.EnrolSeat(spki=second.spki))

    assert (seat.key, seat.confirmed, seat.moves) == (first.fingerprint, True, 0)
    assert (released.key, released.confirmed, released.moves) == (None, False, 1)
    assert world.room.seats[E2] == Seat(
        role=seat.role, venue=seat.venue, key=second.fingerprint, joined_at=seat.joined_at, moves=1
    )
    assert seat.joined_at is not None
    assert {first.fingerprint, second.fingerprint} <= world.room.keys.keys()


def test_check_in_is_noted_at_the_authors_seat() -> None:
    world = at(Phase.CHECK_IN)
    world.act(E2, c.StateRecusal(conflict=True, grounds="亲属"))
    world.act(E2, c.MakePledge())

    assert (world.room.seats[E2].conflict, world.room.seats[E2].pledged) == (True, True)
    assert world.room.seats[E1].conflict is None
    assert world.room.grounds == {E2: "亲属"}


def test_second_round_of_the_election_begins_without_ballots() -> None:
    world = at(Phase.CHAIR_ELECTION)
    vote(world, {"E1": "E1", "E2": "E1", "E3": "E2", "E4": "E2", "R1": "E3"})

    first, second = world.room.election.stage.rounds
    assert (world.room.election.ballots, world.room.chair) == ({}, None)
    assert (first.handed_in, second.pending) == (MEMBERS, MEMBERS)
    assert first.revealed_at is not None


def test_hand_in_moves_a_member_from_pending() -> None:
    world = at(Phase.EXAMINATION)
    examine(world, L1, "E3")

    assert world.room.lots[L1].stages[Stage.EXAMINATION].rounds == (waiting("E1", "E2", "E4", "R1", handed_in=("E3",)),)


def test_returned_sheet_is_pending_in_the_next_round() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, E2)

    lot = world.room.lots[L1]
    first, second = lot.stages[Stage.SCORING].rounds
    assert (first.handed_in, second) == (MEMBERS, waiting("E2"))
    assert (lot.phase, lot.return_grounds) == (Phase.SCORING, {E2: "退回理由·E2·"})


def test_second_returned_sheet_joins_the_open_round() -> None:
    world = at(Phase.PRICES)
    returned(world, L1, E2)
    returned(world, L1, "E4")

    assert world.room.lots[L1].stages[Stage.SCORING].rounds[1] == waiting("E2", "E4")


def test_replaced_member_leaves_the_open_rounds_and_stays_in_the_revealed_ones() -> None:
    world = at(Phase.SCORING)
    score(world, L1, E2)
    replaced(world, E2, E9)

    lot, seat = world.room.lots[L1], world.room.seats[E2]
    assert (seat.key, seat.confirmed, seat.successor) == (None, False, E9)
    assert seat.left_at == next(line.seq for line in world.lines if getattr(line.event, "successor", None) == E9)
    assert lot.stages[Stage.EXAMINATION].rounds[0].handed_in == MEMBERS
    assert lot.stages[Stage.EXAMINATION].rounds[1] == waiting("E9")
    assert lot.stages[Stage.SCORING].rounds == (waiting("E1", "E3", "E4", "R1"),)


def test_replaced_chair_is_no_chair_any_more() -> None:
    world = at(Phase.SCORING)
    replaced(world, E1, E9)

    assert (world.room.chair, world.room.phase) == (None, Phase.CHAIR_ELECTION)
    assert world.room.election.stage.pending == ("E2", "E3", "E4", "R1", "E9")


def test_sheet_asked_for_again_in_its_own_round_is_pending_again() -> None:
    world = at(Phase.EXAMINATION)
    for member in MEMBERS:
        examine(world, L1, member)
    conclude(world, L1)
    score(world, L1, E1)
    replaced(world, E2, E9)
    for member in ("E3", "E4"):
        returned(world, L1, member, Stage.EXAMINATION)
        examine(world, L1, member, {C: "无签字盖章"})
    returned(world, L1, "R1", Stage.EXAMINATION)
    examine(world, L1, "R1", {C: "无签字盖章"})
    examine(world, L1, E9)
    conclude(world, L1, {C: "多数认定"})

    assert world.room.lots[L1].admitted == (A, B)
    assert world.room.lots[L1].stages[Stage.SCORING].rounds == (waiting("E3", "E4", "R1", "E1", "E9"),)


def test_lot_goes_through_its_phases_to_the_lock() -> None:
    world = at(Phase.LOCKED)
    lot = world.room.lots[L1]

    assert lot.phase is Phase.LOCKED
    assert lot.examination is not None
    assert lot.members is not None
    assert lot.prices is not None
    assert lot.ranked is not None
    assert lot.prices_opened_at is not None
    assert lot.locked_at is not None
    assert lot.prices_opened_at < lot.locked_at
    assert set(lot.points) == set(lot.verdicts) == set(MEMBERS)


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


def test_talk_is_open_then_over_and_so_is_what_asked_for_one_in_vain() -> None:
    world = at(Phase.CHECK_IN)
    ask_for_talk(world, "E1", "E1", TalkTopic.OTHER)
    ask_for_talk(world, "A1", None, TalkTopic.PROCEDURE)
    asked = dict(world.room.talk_requests)
    world.act("W1", c.OpenTalk(asker=Alias("A1")))
    opened = world.room.talk
    world.act("A1", c.EndTalk(asker=E1))
    declined_at = world.now
    world.act("W1", c.EndTalk(asker=Alias("A1")))

    assert opened is not None
    assert (list(asked), world.room.talk, world.room.talk_requests) == ([E1, "A1"], None, {})
    told = {"agent": Alias("A1"), "asker": E1, "member": E1, "topic": TalkTopic.OTHER}
    began = {"asker": Alias("A1"), "member": None, "topic": TalkTopic.PROCEDURE, "began_at": opened.opened_at}
    assert [msgspec.structs.asdict(talk) for talk in world.room.past_talks] == [
        {**told, "witness": None, "began_at": asked[E1].asked_at, "ended_at": declined_at, "end": TalkEnd.DECLINED},
        {"agent": Alias("A1"), **began, "witness": Alias("W1"), "ended_at": world.now, "end": TalkEnd.ENDED},
    ]
