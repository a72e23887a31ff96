import pytest

from server.domain import commands as c
from server.domain.ids import Alias, VenueId
from server.domain.phases import Phase
from server.domain.rejections import (
    AliasUsed,
    CameraUnknown,
    ForeignVenue,
    ReasonMissing,
    RoleMayNot,
    TextTooLong,
    TooManyCameras,
    VenueUnknown,
)
from server.domain.rules.room_cameras import LABEL_LIMIT, MOST_CAMERAS
from server.domain.state import RoomCamera
from tests.support.room_plan import BING, JIA, SEATS, YI, opening, person
from tests.support.room_scenes import HOST, at, run_to
from tests.support.room_world import World, types_of


def add(world: World, by: str = HOST, venue: VenueId = JIA, label: str = "场地全景") -> None:
    world.act(by, c.AddRoomCamera(venue=venue, label=label))


def test_everybody_is_told_that_a_camera_shows_the_room() -> None:
    world = at(Phase.CHECK_IN)

    lines = world.act("V1", c.AddRoomCamera(venue=YI, label=" 场地全景 "))

    assert types_of(lines) == ["room_camera_added"]
    assert world.room.cameras == {"C1": RoomCamera(venue=YI, label="场地全景")}
    assert all(world.view(alias).cameras == world.room.cameras for alias in world.room.seats)


def test_main_venue_adds_cameras_everywhere_and_a_sub_venue_its_own() -> None:
    world = at(Phase.PREPARED)
    add(world, HOST, JIA)
    add(world, HOST, BING)
    add(world, "V1", YI)

    with pytest.raises(ForeignVenue):
        world.attempt("V1", c.AddRoomCamera(venue=BING, label="走廊"))
    with pytest.raises(ForeignVenue):
        world.attempt("V1", c.RemoveRoomCamera(camera=Alias("C1")))
    with pytest.raises(RoleMayNot):
        world.attempt("W1", c.AddRoomCamera(venue=JIA, label="走廊"))
    assert list(world.room.cameras) == ["C1", "C2", "C3"]


def test_alias_is_never_given_again() -> None:
    world = at(Phase.SCORING)
    add(world)
    add(world)
    world.act(HOST, c.RemoveRoomCamera(camera=Alias("C2")))

    add(world)

    assert list(world.room.cameras) == ["C1", "C2", "C3"]
    assert [camera.removed_at is None for camera in world.room.cameras.values()] == [True, False, True]
    with pytest.raises(CameraUnknown):
        world.attempt(HOST, c.RemoveRoomCamera(camera=Alias("C2")))


def test_alias_of_a_seat_is_no_cameras_and_the_other_way_round() -> None:
    seats = {Alias("C1") if alias == "E4" else alias: seat for alias, seat in SEATS.items()}
    world = run_to(World(opening(seats=seats)), Phase.CHECK_IN)

    add(world)

    assert list(world.room.cameras) == ["C2"]
    successor = c.ReplaceMember(member=Alias("E1"), reason="病", successor=Alias("C2"), person=person(Alias("E9")))
    with pytest.raises(AliasUsed):
        world.attempt(HOST, successor)


def test_camera_needs_a_venue_and_a_short_label() -> None:
    world = at(Phase.CHECK_IN)

    with pytest.raises(VenueUnknown):
        world.attempt(HOST, c.AddRoomCamera(venue=VenueId("ding"), label="场地全景"))
    with pytest.raises(ReasonMissing):
        world.attempt(HOST, c.AddRoomCamera(venue=JIA, label="  "))
    with pytest.raises(TextTooLong):
        world.attempt(HOST, c.AddRoomCamera(venue=JIA, label="景" * (LABEL_LIMIT + 1)))


def test_only_so_many_cameras_are_there_at_a_time() -> None:
    world = at(Phase.CHECK_IN)
    for _ in range(MOST_CAMERAS):
        add(world)

    with pytest.raises(TooManyCameras):
        world.attempt(HOST, c.AddRoomCamera(venue=JIA, label="场地全景"))
    world.act(HOST, c.RemoveRoomCamera(camera=Alias("C1")))
    add(world)

    assert f"C{MOST_CAMERAS + 1}" in world.room.cameras
