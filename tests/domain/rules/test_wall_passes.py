import pytest

from server.domain import commands as c
from server.domain.events import WallPlayerCame
from server.domain.ids import Alias, WallId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.domain.rejections import ReasonMissing, RoleMayNot, TextTooLong, TooManyWalls, WallTokenUsed, WallUnknown
from server.domain.rules.wall_passes import MOST_WALLS, PLACE_LIMIT
from server.domain.state import WallPass
from tests.support.room_scenes import HOST, at, enrol
from tests.support.room_world import World, types_of

P1, P2 = WallId("P1"), WallId("P2")


def token(number: int) -> bytes:
    return number.to_bytes(32)


def give(world: World, number: int = 1, place: str = "监督大厅东屏", by: str = "S1") -> None:
    world.act(by, c.GiveWallPass(place=place, sha256=token(number)))


def test_supervisor_gives_a_pass_and_nobody_else_learns_of_it_before_the_close() -> None:
    world = at(Phase.SCORING)

    lines = world.act("S1", c.GiveWallPass(place=" 监督大厅东屏 ", sha256=token(1)))

    assert types_of(lines) == ["wall_pass_given"]
    given = WallPass(by=Alias("S1"), place="监督大厅东屏", sha256=token(1), given_at=lines[0].head.at)
    assert world.room.walls == {P1: given}
    assert {alias for alias in world.room.seats if world.view(alias).walls} == {"S1"}
    world.act(HOST, c.CloseRoom(reason="改期"))
    assert {alias for alias in world.room.seats if world.view(alias).walls} == {"S1", "U1"}


@pytest.mark.parametrize("alias", ["H1", "V1", "A1", "W1", "U1", "E1", "R1"])
def test_nobody_but_a_supervisor_gives_or_withdraws_one(alias: str) -> None:
    world = at(Phase.CHECK_IN)
    give(world)

    with pytest.raises(RoleMayNot):
        world.attempt(alias, c.GiveWallPass(place="走廊", sha256=token(2)))
    with pytest.raises(RoleMayNot):
        world.attempt(alias, c.WithdrawWallPass(wall=P1))


def test_withdrawn_pass_is_over_with_its_players_and_its_name_is_never_given_again() -> None:
    world = at(Phase.CHECK_IN)
    give(world)
    world.note(WallPlayerCame(wall=P1, player="wall-1", alias=Alias("E1"), kind=MediaTrack.VIDEO))

    world.act("S1", c.WithdrawWallPass(wall=P1))

    assert (world.room.walls[P1].ended_at, world.room.walls[P1].players) == (world.lines[-1].head.at, {})
    with pytest.raises(WallUnknown):
        world.attempt("S1", c.WithdrawWallPass(wall=P1))
    give(world, 2)
    assert list(world.room.walls) == [P1, P2]


def test_pass_may_be_given_and_withdrawn_in_a_pause() -> None:
    world = at(Phase.PAUSED)

    give(world)
    world.act("S1", c.WithdrawWallPass(wall=P1))

    assert world.room.walls[P1].ended_at is not None


def test_pass_ends_when_its_giver_is_moved_to_another_device_and_the_mover_learns_nothing() -> None:
    world = at(Phase.CHECK_IN)
    give(world)

    lines = world.act("V1", c.ReleaseSeat(seat=Alias("S1"), reason="换机"))

    assert types_of(lines) == ["seat_released"]
    assert world.room.walls[P1].ended_at == lines[0].head.at
    assert world.view("V1").walls == {}
    enrol(world, "S1")
    assert world.room.walls[P1].ended_at is not None


def test_pass_ends_with_the_room() -> None:
    world = at(Phase.SEALED)
    give(world)

    world.act(HOST, c.CloseRoom(reason="评审结束"))

    assert world.room.walls[P1].ended_at == world.lines[-1].head.at


def test_pass_names_a_place_and_opens_with_a_token_of_its_own() -> None:
    world = at(Phase.CHECK_IN)
    give(world)

    with pytest.raises(ReasonMissing):
        world.attempt("S1", c.GiveWallPass(place=" ", sha256=token(2)))
    with pytest.raises(TextTooLong):
        world.attempt("S1", c.GiveWallPass(place="屏" * (PLACE_LIMIT + 1), sha256=token(2)))
    world.act("S1", c.WithdrawWallPass(wall=P1))
    with pytest.raises(WallTokenUsed):
        world.attempt("S1", c.GiveWallPass(place="走廊", sha256=token(1)))


def test_only_so_many_passes_are_open_at_a_time() -> None:
    world = at(Phase.CHECK_IN)
    for number in range(MOST_WALLS):
        give(world, number)

    with pytest.raises(TooManyWalls):
        world.attempt("S1", c.GiveWallPass(place="走廊", sha256=token(99)))
    world.act("S1", c.WithdrawWallPass(wall=P1))
    give(world, 99)

    assert f"P{MOST_WALLS + 1}" in world.room.walls
