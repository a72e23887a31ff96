from server.domain.commands import PauseRoom, ReplaceMember, ResumeRoom, WaiveRecording
from server.domain.ids import Alias, Millis
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recording_presence import presence
from server.domain.recordings import MediaTrack, Stretch
from tests.support.room_plan import opening, person
from tests.support.room_scenes import HOST, run_to
from tests.support.room_world import World

CAMERA = (Alias("E1"), MediaTrack.VIDEO)


def recorded(phase: Phase, recording: Recording = Recording.REQUIRED) -> World:
    return run_to(World(opening(recording=recording)), phase)


def until(world: World) -> Millis:
    return Millis(world.lines[-1].head.at + 60_000)


def at_of(world: World, kind: str) -> Millis:
    return next(line.head.at for line in world.lines if type(line.event).__name__ == kind)


def test_confirmed_seat_is_due_from_the_check_in_on() -> None:
    world = recorded(Phase.CHECK_IN)
    found = presence(world.lines, until(world))

    assert found.due[CAMERA] == (Stretch(begins_at=at_of(world, "PhaseChanged"), ends_at=until(world)),)
    assert "S1" not in {alias for alias, _ in found.due}


def test_desktop_is_due_where_the_room_asks_for_it_and_a_shared_screen_never() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED, record_desktops=True)), Phase.CHECK_IN)

    kinds = {kind for _, kind in presence(world.lines, until(world)).due}
    assert kinds == {MediaTrack.AUDIO, MediaTrack.VIDEO, MediaTrack.DESKTOP}


def test_nothing_is_due_after_the_close_or_where_nothing_is_recorded() -> None:
    closed = recorded(Phase.CLOSED)
    plain = recorded(Phase.CHECK_IN, Recording.OFF)

    assert presence(closed.lines, until(closed)).due[CAMERA][-1].ends_at == closed.lines[-1].head.at
    assert presence(plain.lines, until(plain)).due == {}


def test_who_has_left_is_due_no_more() -> None:
    world = recorded(Phase.CHAIR_ELECTION)
    world.act(
        HOST, ReplaceMember(member=Alias("E4"), reason="突发疾病", successor=Alias("E9"), person=person(Alias("E9")))
    )
    [stretch] = presence(world.lines, until(world)).due[Alias("E4"), MediaTrack.VIDEO]

    assert stretch.ends_at == at_of(world, "MemberReplaced")


def test_members_are_apart_in_a_pause_and_while_they_fill_in_their_sheets() -> None:
    world = recorded(Phase.CHECK_IN)
    world.act(HOST, PauseRoom(reason="午休"))
    paused_at = world.lines[-1].head.at
    world.act(HOST, ResumeRoom())
    resumed_at = world.lines[-1].head.at
    assert presence(world.lines, until(world)).apart == (Stretch(begins_at=paused_at, ends_at=resumed_at),)

    run_to(world, Phase.SCORING)
    apart = presence(world.lines, until(world)).apart
    assert apart[0] == Stretch(begins_at=paused_at, ends_at=resumed_at)
    assert apart[-1].ends_at == until(world)


def test_record_is_read_up_to_the_moment_that_is_asked_for() -> None:
    world = recorded(Phase.EXAMINATION)
    moment = Millis(at_of(world, "PhaseChanged") + 500)

    assert presence(world.lines, moment).due[CAMERA] == (
        Stretch(begins_at=at_of(world, "PhaseChanged"), ends_at=moment),
    )


def test_waived_camera_is_not_due_any_more() -> None:
    world = recorded(Phase.EXAMINATION)
    [line] = world.act(HOST, WaiveRecording(alias=Alias("E1"), kind=MediaTrack.VIDEO, reason="摄像头损坏"))

    found = presence(world.lines, until(world))

    assert found.due[CAMERA][-1].ends_at == line.head.at
    assert found.due[Alias("E1"), MediaTrack.AUDIO][-1].ends_at == until(world)
