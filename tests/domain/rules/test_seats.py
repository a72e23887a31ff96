import pytest

from server.domain import commands as c
from server.domain.events import SeatConfirmed, SeatEnrolled, SeatReleased
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.rejections import (
    AlreadyDone,
    KeyUnusable,
    OtherVenue,
    ReasonMissing,
    RoleMayNot,
    SeatAlreadyConfirmed,
    SeatLeft,
    SeatNotEnrolled,
    SeatTaken,
    SeatUnknown,
    TextTooLong,
)
from tests.support.room_scenes import HOST, at, enrol, replaced
from tests.support.room_world import World
from tests.support.sample_commands import NOBODYS_KEY

E1, E2, V1 = Alias("E1"), Alias("E2"), Alias("V1")


# -- enrolling ---------------------------------------------------------------------------------------------------


def test_members_key_waits_for_the_operator() -> None:
    world = World()
    key = world.new_key(E1)

    assert world.attempt(E1, c.EnrolSeat(spki=key.spki)) == [
        SeatEnrolled(alias=E1, key=key.fingerprint, spki=key.spki, certificate=b"certificate of E1"),
    ]


@pytest.mark.parametrize("operator", ["H1", "V1"])
def test_operators_key_needs_no_confirmation(operator: str) -> None:
    world, alias = World(), Alias(operator)
    key = world.new_key(alias)

    assert world.attempt(alias, c.EnrolSeat(spki=key.spki)) == [
        SeatEnrolled(alias=alias, key=key.fingerprint, spki=key.spki, certificate=f"certificate of {alias}".encode()),
        SeatConfirmed(alias=alias, key=key.fingerprint),
    ]


def test_key_is_enrolled_once() -> None:
    world = at(Phase.PREPARED)

    with pytest.raises(AlreadyDone):
        world.act(E1, c.EnrolSeat(spki=world.keys[E1].spki))


def test_second_device_does_not_take_a_seat() -> None:
    world = at(Phase.PREPARED)

    with pytest.raises(SeatTaken, match="E1 is open on another device"):
        world.act(E1, c.EnrolSeat(spki=world.new_key(E1).spki))


def test_key_of_the_room_is_never_used_again() -> None:
    world = at(Phase.PREPARED)
    world.act(HOST, c.ReleaseSeat(seat=E1, reason="换机位"))

    with pytest.raises(KeyUnusable):
        world.act(E1, c.EnrolSeat(spki=world.keys[E1].spki))
    world.keys[E1] = world.keys[E2]
    with pytest.raises(KeyUnusable):
        world.act(E1, c.EnrolSeat(spki=world.keys[E2].spki))


# -- confirming --------------------------------------------------------------------------------------------------


def enrolled() -> World:
    """E2, at the venue of V1, has enrolled a key that nobody has confirmed."""
    world = World()
    for operator in ("H1", "V1"):
        enrol(world, operator)
    world.act(E2, c.EnrolSeat(spki=world.new_key(E2).spki))
    return world


def test_operator_confirms_a_key_of_the_own_venue() -> None:
    world = enrolled()
    key = world.keys[E2].fingerprint

    assert world.attempt(V1, c.ConfirmSeat(seat=E2, key=key)) == [SeatConfirmed(alias=E2, key=key)]


def test_key_is_confirmed_once() -> None:
    world = enrolled()
    confirm = c.ConfirmSeat(seat=E2, key=world.keys[E2].fingerprint)
    world.act(V1, confirm)

    with pytest.raises(SeatAlreadyConfirmed, match="E2"):
        world.act(V1, confirm)


def test_another_key_than_the_enrolled_one_is_not_confirmed() -> None:
    world = enrolled()

    with pytest.raises(SeatNotEnrolled, match="E2"):
        world.act(V1, c.ConfirmSeat(seat=E2, key=NOBODYS_KEY))
    with pytest.raises(SeatNotEnrolled, match="E3"):
        world.act(V1, c.ConfirmSeat(seat=Alias("E3"), key=NOBODYS_KEY))


def test_seat_of_another_venue_is_not_the_operators() -> None:
    world = enrolled()

    with pytest.raises(OtherVenue, match="E2"):
        world.act(HOST, c.ConfirmSeat(seat=E2, key=world.keys[E2].fingerprint))
    with pytest.raises(OtherVenue, match="E1"):
        world.act(V1, c.ReleaseSeat(seat=E1, reason="换机位"))


def test_unknown_seat_is_refused() -> None:
    with pytest.raises(SeatUnknown, match="E99"):
        enrolled().act(V1, c.ConfirmSeat(seat=Alias("E99"), key=NOBODYS_KEY))


# -- releasing ---------------------------------------------------------------------------------------------------


def test_released_seat_loses_its_key() -> None:
    world = at(Phase.PREPARED)

    assert world.attempt(V1, c.ReleaseSeat(seat=E2, reason=" 换机位 ")) == [
        SeatReleased(alias=E2, key=world.keys[E2].fingerprint, reason="换机位"),
    ]


def test_person_goes_on_at_the_same_point_on_another_device() -> None:
    world = at(Phase.EXAMINATION)
    world.act(V1, c.ReleaseSeat(seat=E2, reason="换机位"))
    enrol(world, E2)

    seat = world.room.seats[E2]
    assert (seat.confirmed, seat.conflict, seat.pledged, seat.moves) == (True, False, True, 1)


def test_operator_may_move_the_own_seat() -> None:
    world = at(Phase.PREPARED)
    world.act(V1, c.ReleaseSeat(seat=V1, reason="换机位"))
    enrol(world, V1)

    assert world.room.seats[V1].confirmed


def test_seat_without_a_key_cannot_be_released() -> None:
    world = enrolled()

    with pytest.raises(SeatNotEnrolled, match="E3"):
        world.act(V1, c.ReleaseSeat(seat=Alias("E3"), reason="换机位"))


def test_seat_of_who_left_cannot_be_released() -> None:
    world = at(Phase.CHECK_IN)
    replaced(world, "E2", "E9")

    with pytest.raises(SeatLeft, match="E2"):
        world.act(V1, c.ReleaseSeat(seat=E2, reason="换机位"))


def test_release_needs_a_reason() -> None:
    world = at(Phase.PREPARED)

    with pytest.raises(ReasonMissing):
        world.act(V1, c.ReleaseSeat(seat=E2, reason=" "))
    with pytest.raises(TextTooLong):
        world.act(V1, c.ReleaseSeat(seat=E2, reason="理" * 401))


@pytest.mark.parametrize("alias", ["E3", "W2", "S1"])
def test_nobody_but_an_operator_confirms_or_releases(alias: str) -> None:
    with pytest.raises(RoleMayNot):
        at(Phase.PREPARED).act(alias, c.ReleaseSeat(seat=E2, reason="换机位"))
