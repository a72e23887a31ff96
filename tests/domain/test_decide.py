import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.decide import decide
from server.domain.events import PhaseChanged
from server.domain.ids import Alias, Digest, LotId, RoomId
from server.domain.phases import Phase
from server.domain.plan import RoomRef, SeenTree
from server.domain.rejections import (
    ForeignRoom,
    ForkedView,
    LotUnknown,
    NumberNotRising,
    RoleMayNot,
    SeatLeft,
    SeatNotConfirmed,
    SeatNotEnrolled,
    SeatUnknown,
    StaleView,
    WrongPhase,
)
from server.domain.state import EMPTY
from server.evidence.sealing import open_command
from tests.support.room_plan import L1, ROOM
from tests.support.room_scenes import HOST, at, check_in, replaced
from tests.support.sample_commands import SAMPLES

OTHER = Digest("0" * 64)


def test_command_becomes_events() -> None:
    world = at(Phase.PREPARED)

    assert world.attempt(HOST, c.OpenCheckIn()) == [PhaseChanged(phase=Phase.CHECK_IN)]


def test_deciding_twice_gives_the_same() -> None:
    world = at(Phase.PRICES)
    received = open_command(world.sign("E1", SAMPLES["return_sheet"]), world.room)
    moment = world.moment(received)

    assert decide(received, world.room, moment) == decide(received, world.room, moment)


# -- is it meant for this room, and in its turn -----------------------------------------------------------------


@pytest.mark.parametrize(
    "room", [RoomRef(id=RoomId("yi-2026-0001"), first=OTHER), RoomRef(id=ROOM, first=OTHER)], ids=["id", "first line"]
)
def test_command_for_another_room_is_refused(room: RoomRef) -> None:
    world = at(Phase.PREPARED)

    with pytest.raises(ForeignRoom):
        world.submit(world.sign(HOST, c.OpenCheckIn(), room=room))


def test_room_that_has_not_begun_refuses_every_command() -> None:
    world = at(Phase.PREPARED)
    received = open_command(world.sign(HOST, c.OpenCheckIn()), world.room)

    with pytest.raises(ForeignRoom):
        decide(received, EMPTY, world.moment(received))


def test_number_that_does_not_rise_is_refused() -> None:
    world = at(Phase.PREPARED)
    received = open_command(world.sign(HOST, c.OpenCheckIn(), n=5), world.room)

    with pytest.raises(NumberNotRising, match="Command 5 is not above the last accepted one, 5"):
        decide(received, world.room, replace(world.moment(received), last_n=5))


def test_number_may_leave_a_gap() -> None:
    world = at(Phase.PREPARED)

    world.submit(world.sign(HOST, c.OpenCheckIn(), n=1_000))

    assert world.ledger.last_n(world.keys[HOST].fingerprint) == 1_000


@pytest.mark.parametrize("size", [0, -1, 10_000])
def test_tree_of_a_size_that_the_log_does_not_have_is_refused(size: int) -> None:
    world = at(Phase.PREPARED)

    with pytest.raises(ForkedView):
        world.submit(world.sign(HOST, c.OpenCheckIn(), seen=SeenTree(size=size, root=world.root_at(1))))


def test_tree_with_another_root_is_refused() -> None:
    world = at(Phase.PREPARED)

    with pytest.raises(ForkedView):
        world.submit(world.sign(HOST, c.OpenCheckIn(), seen=SeenTree(size=len(world.raw), root=OTHER)))


def test_view_from_before_the_present_phase_is_refused() -> None:
    world = at(Phase.CHECK_IN)
    phase_at = world.room.phase_at

    with pytest.raises(StaleView):
        world.submit(world.sign("E1", c.MakePledge(), seen=world.seen(phase_at)))
    world.submit(world.sign("E1", c.MakePledge(), seen=world.seen(phase_at + 1)))

    assert world.room.seats[Alias("E1")].pledged


# -- may this seat speak -----------------------------------------------------------------------------------------


def test_alias_without_a_seat_is_refused() -> None:
    world = at(Phase.CHECK_IN)
    world.keys[Alias("E99")] = world.keys[Alias("E1")]

    with pytest.raises(SeatUnknown, match="There is no seat E99"):
        world.act("E99", c.MakePledge())


def test_key_of_another_seat_is_refused() -> None:
    world = at(Phase.CHECK_IN)
    world.keys[Alias("E1")] = world.keys[Alias("E2")]

    with pytest.raises(SeatNotEnrolled, match="E1"):
        world.act("E1", c.MakePledge())


def test_revoked_key_is_refused() -> None:
    world = at(Phase.CHECK_IN)
    world.act(HOST, c.ReleaseSeat(seat=Alias("E1"), reason="换机位"))

    with pytest.raises(SeatNotEnrolled, match="E1"):
        world.act("E1", c.MakePledge())


def test_seat_that_nobody_has_confirmed_is_refused() -> None:
    world = at(Phase.CHECK_IN)
    world.act(HOST, c.ReleaseSeat(seat=Alias("E1"), reason="换机位"))
    world.act("E1", c.EnrolSeat(spki=world.new_key(Alias("E1")).spki))

    with pytest.raises(SeatNotConfirmed, match="E1"):
        world.act("E1", c.MakePledge())


@pytest.mark.parametrize("tag", ["make_pledge", "enrol_seat"])
def test_replaced_member_takes_no_part_any_more(tag: str) -> None:
    world = at(Phase.CHECK_IN)
    check_in(world, "E2")
    replaced(world, "E2", "E9")
    command = c.EnrolSeat(spki=world.new_key(Alias("E2")).spki) if tag == "enrol_seat" else SAMPLES[tag]

    with pytest.raises(SeatLeft, match="E2 has been replaced"):
        world.act("E2", command)


# -- may it ask for this now -------------------------------------------------------------------------------------


def test_lot_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LotUnknown, match="L9"):
        at(Phase.PRICES).act("E1", c.ScorePrices(lot=LotId("L9")))


def test_wrong_phase_says_what_and_when() -> None:
    with pytest.raises(WrongPhase) as refused:
        at(Phase.SCORING).act("E1", c.ScorePrices(lot=L1))

    assert refused.value.facts == {"command": "score_prices", "phase": Phase.SCORING}
    assert str(refused.value) == "score_prices is not possible in the phase scoring."


def test_wrong_role_says_who_what_and_when() -> None:
    with pytest.raises(RoleMayNot) as refused:
        at(Phase.PRICES).act("E2", c.ScorePrices(lot=L1))

    assert refused.value.facts == {"command": "score_prices", "role": "expert", "phase": Phase.PRICES}
