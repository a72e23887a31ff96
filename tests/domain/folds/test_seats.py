from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.phases import Phase, Stage
from server.domain.state import Round, Seat
from tests.support.room_plan import L1
from tests.support.room_scenes import at, replaced, score

E1, E2, E9 = Alias("E1"), Alias("E2"), Alias("E9")


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


def test_replaced_member_leaves_the_open_rounds_and_stays_in_the_revealed_ones() -> None:
    world = at(Phase.SCORING)
    score(world, L1, E2)
    replaced(world, E2, E9)

    lot, seat = world.room.lots[L1], world.room.seats[E2]
    assert (seat.key, seat.confirmed, seat.successor) == (None, False, E9)
    assert seat.left_at == next(line.seq for line in world.lines if getattr(line.event, "successor", None) == E9)
    assert lot.stages[Stage.EXAMINATION].rounds[0].handed_in == ("E1", "E2", "E3", "E4", "R1")
    assert lot.stages[Stage.EXAMINATION].rounds[1] == Round(pending=(E9,))
    assert [each.pending for each in lot.stages[Stage.SCORING].rounds] == [("E1", "E3", "E4", "R1")]


def test_replaced_chair_is_no_chair_any_more() -> None:
    world = at(Phase.SCORING)
    replaced(world, E1, E9)

    assert (world.room.chair, world.room.phase) == (None, Phase.CHAIR_ELECTION)
    assert world.room.election.stage.pending == ("E2", "E3", "E4", "R1", "E9")
