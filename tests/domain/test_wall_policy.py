from collections.abc import Iterable

import pytest

from server.domain import commands as c
from server.domain.ids import Alias, WallId
from server.domain.media_policy import allowed_tracks
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack, TrackKey
from server.domain.state import WallPass
from server.domain.wall_policy import flowing_tracks, open_walls, shown_tracks, wall_tracks
from tests.support.room_plan import JIA, opening
from tests.support.room_scenes import HOST, at, run_to
from tests.support.room_world import World

E1, H1, A1, S1, C1 = Alias("E1"), Alias("H1"), Alias("A1"), Alias("S1"), Alias("C1")
P1 = WallId("P1")
AUDIO, VIDEO, SCREEN = MediaTrack.AUDIO, MediaTrack.VIDEO, MediaTrack.SCREEN


def with_wall(world: World) -> World:
    world.act("S1", c.GiveWallPass(place="监督大厅东屏", sha256=bytes(32)))
    return world


def wall_of(world: World) -> WallPass:
    return world.room.walls[P1]


def flowing(world: World) -> frozenset[TrackKey]:
    return flowing_tracks([wall_of(world)], world.room, world.room.seats)[S1]


def kinds(tracks: Iterable[TrackKey]) -> set[MediaTrack]:
    return {kind for _, kind in tracks}


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.CLOSED])
def test_wall_shows_nothing_that_its_giver_may_not_see_and_no_screen_of_a_member(phase: Phase) -> None:
    world = with_wall(at(phase))

    seen = {
        (source, track) for source, listener, track in allowed_tracks(world.room, world.room.seats) if listener == S1
    }

    assert flowing(world) == {track for track in seen if track[1] is not SCREEN or track[0] in (H1, A1)}
    assert flowing(world) <= set(wall_tracks(wall_of(world), world.room))
    assert MediaTrack.DESKTOP not in kinds(wall_tracks(wall_of(world), world.room))


def test_wall_gets_members_as_they_are_because_its_giver_does() -> None:
    world = with_wall(run_to(World(opening(cover_faces=True, change_voices=True)), Phase.CHECK_IN))

    assert shown_tracks(wall_of(world), E1, VIDEO, world.room) == ((E1, AUDIO), (E1, VIDEO))


def test_player_is_given_a_camera_with_its_sound_or_a_screen_alone() -> None:
    world = with_wall(at(Phase.CHECK_IN))
    world.act(HOST, c.AddRoomCamera(venue=JIA, label="场地全景"))

    def shown(alias: str, kind: MediaTrack) -> tuple[TrackKey, ...]:
        return shown_tracks(wall_of(world), Alias(alias), kind, world.room)

    assert shown("C1", VIDEO) == ((C1, AUDIO), (C1, VIDEO))
    assert shown("H1", SCREEN) == ((H1, SCREEN),)
    assert shown("E1", SCREEN) == shown("S1", VIDEO) == shown("E9", VIDEO) == ()
    assert shown("E1", MediaTrack.DESKTOP) == shown("E1", AUDIO) == ()


def test_screens_are_gone_in_a_pause_and_while_sheets_are_filled_in_and_cameras_are_not() -> None:
    flows = {phase: kinds(flowing(with_wall(at(phase)))) for phase in (Phase.CHECK_IN, Phase.SCORING, Phase.PAUSED)}

    assert flows == {
        Phase.CHECK_IN: {AUDIO, VIDEO, SCREEN},
        Phase.SCORING: {AUDIO, VIDEO},
        Phase.PAUSED: {AUDIO, VIDEO},
    }


def test_wall_whose_giver_is_moved_shows_nothing() -> None:
    world = with_wall(at(Phase.CHECK_IN))

    world.act("V1", c.ReleaseSeat(seat=S1, reason="换机"))

    assert open_walls(world.room) == {}
    assert wall_tracks(wall_of(world), world.room) == ()
    assert flowing_tracks([wall_of(world)], world.room, world.room.seats) == {}


def test_closed_room_is_shown_on_no_wall() -> None:
    world = with_wall(at(Phase.CHECK_IN))

    world.act(HOST, c.CloseRoom(reason="改期"))

    assert wall_tracks(wall_of(world), world.room) == ()
    assert flowing_tracks([wall_of(world)], world.room, ()) == {}
