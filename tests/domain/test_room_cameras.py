import pytest

from server.domain import commands as c
from server.domain.events import RecordingBegan, RecordingGap
from server.domain.ids import Alias
from server.domain.media_policy import allowed_pairs, possible_tracks, recorded_tracks
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack
from server.domain.room_cameras import camera_pairs, present_cameras, recorded_cameras, watched_cameras
from server.domain.rules.server_events import objection
from tests.support.room_plan import BING, JIA, YI, opening
from tests.support.room_scenes import HOST, at, run_to
from tests.support.room_world import World

C1, C2, C3 = Alias("C1"), Alias("C2"), Alias("C3")


def with_cameras(world: World) -> World:
    """One camera a venue."""
    for venue in (JIA, YI, BING):
        world.act(HOST, c.AddRoomCamera(venue=venue, label="场地全景"))
    return world


@pytest.mark.parametrize("phase", [Phase.CHECK_IN, Phase.SCORING, Phase.PAUSED, Phase.SEALED])
def test_room_cameras_are_for_those_who_watch_over_the_room_and_never_for_members_or_the_agent(phase: Phase) -> None:
    world = with_cameras(at(phase))

    seen = {alias: {source for source, listener in camera_pairs(world.room) if listener == alias} for alias in SEATED}

    assert {alias: sources for alias, sources in seen.items() if sources} == {
        **{alias: {C1, C2, C3} for alias in (HOST, "W1", "W2", "S1")},
        "V1": {C2},
        "V2": {C3},
    }


SEATED = ("H1", "V1", "V2", "A1", "W1", "W2", "S1", "U1", "E1", "E2", "E3", "E4", "R1")


def sources_of(alias: str, world: World) -> list[Alias]:
    """Each once, in their order."""
    return list(dict.fromkeys(source for source, _ in possible_tracks(Alias(alias), world.room)))


def test_line_for_a_camera_is_kept_for_those_alone_who_may_see_it() -> None:
    world = with_cameras(at(Phase.CHECK_IN))

    assert watched_cameras(Alias("V1"), world.room) == (C2,)
    assert sources_of("W1", world)[-3:] == [C1, C2, C3]
    assert not {C1, C2, C3} & {*sources_of("E1", world), *sources_of("A1", world)}


def test_camera_that_is_gone_is_neither_seen_nor_recorded() -> None:
    world = with_cameras(run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN))
    assert {(C1, MediaTrack.VIDEO), (C2, MediaTrack.AUDIO)} <= recorded_tracks(world.room)

    world.act(HOST, c.RemoveRoomCamera(camera=C2))

    assert list(present_cameras(world.room)) == [C1, C3]
    assert recorded_cameras(world.room) == {C1, C3}
    assert C2 not in {source for source, _ in allowed_pairs(world.room, world.room.seats)}


def test_cameras_are_recorded_from_the_check_in_to_the_close() -> None:
    world = with_cameras(run_to(World(opening(recording=Recording.REQUIRED)), Phase.PREPARED))
    assert recorded_cameras(world.room) == frozenset()
    world.act(HOST, c.OpenCheckIn())
    assert recorded_cameras(world.room) == {C1, C2, C3}
    world.act(HOST, c.CloseRoom(reason="改期"))

    assert recorded_cameras(world.room) == frozenset()
    assert list(camera_pairs(world.room)) == []


def test_what_is_recorded_of_a_camera_may_still_be_told_after_it_is_gone() -> None:
    world = with_cameras(run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN))
    world.note(RecordingBegan(alias=C1, kind=MediaTrack.VIDEO))
    world.act(HOST, c.RemoveRoomCamera(camera=C1))

    gap = RecordingGap(alias=C1, kind=MediaTrack.VIDEO, gap=GapReason.NOT_WANTED)

    assert objection(gap, world.room) is None
    assert objection(RecordingBegan(alias=Alias("C9"), kind=MediaTrack.VIDEO), world.room) is not None
