import pytest

from server.domain import commands as c
from server.domain.events import RecordingGap, RecordingWaived
from server.domain.gates import RECORDING_GRACE_MS, is_recorded, recording_blockers
from server.domain.ids import Alias, Millis
from server.domain.phases import Phase, Stage
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack
from server.domain.rejections import NothingToWaive, NotRecorded, ReasonMissing, SeatUnknown
from tests.support.room_plan import L1, opening
from tests.support.room_scenes import HOST, examine, run_to
from tests.support.room_world import World

E1, E2, W1 = Alias("E1"), Alias("E2"), Alias("W1")
VIDEO, AUDIO = MediaTrack.VIDEO, MediaTrack.AUDIO


def blind() -> World:
    """E1's camera has not been recorded for longer than the grace, in the examination."""
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.EXAMINATION)
    world.note(RecordingGap(alias=E1, kind=VIDEO, gap=GapReason.SILENT))
    world.now = Millis(world.now + RECORDING_GRACE_MS + 1)
    return world


def waiver(alias: Alias = E1, kind: MediaTrack = VIDEO, reason: str = "摄像头损坏") -> c.WaiveRecording:
    return c.WaiveRecording(alias=alias, kind=kind, reason=reason)


def test_member_hands_in_once_the_camera_is_waived() -> None:
    world = blind()
    with pytest.raises(NotRecorded):
        examine(world, L1, "E1")

    [line] = world.act(HOST, waiver(reason=" 摄像头损坏 "))
    examine(world, L1, "E1")

    assert line.event == RecordingWaived(alias=E1, kind=VIDEO, reason="摄像头损坏")
    assert all(line in world.visible(alias) for alias in world.room.seats)
    assert world.room.waivers == {E1: {VIDEO: "摄像头损坏"}}
    assert world.room.lots[L1].stages[Stage.EXAMINATION].rounds[-1].handed_in == (E1,)


def test_other_device_and_other_members_are_waited_for_as_before() -> None:
    world = blind()
    world.act(HOST, waiver())
    assert is_recorded(E1, world.room)

    world.note(*(RecordingGap(alias=alias, kind=AUDIO, gap=GapReason.SILENT) for alias in (E1, E2)))
    later = Millis(world.now + 2 * RECORDING_GRACE_MS)

    assert [blocker.code for alias in (E1, E2) for blocker in recording_blockers(alias, world.room, later)] == [
        "microphone_not_recorded"
    ] * 2
    assert not is_recorded(E1, world.room)


def test_waiver_may_be_given_before_anything_fails_and_from_the_check_in_on() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN)

    world.act(HOST, waiver(kind=AUDIO))

    assert [blocker.code for blocker in recording_blockers(E1, world.room, world.now)] == ["camera_not_recorded"]


def test_desktop_is_waived_where_it_has_to_be_recorded() -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED, record_desktops=True)), Phase.EXAMINATION)
    world.note(RecordingGap(alias=E1, kind=MediaTrack.DESKTOP, gap=GapReason.SILENT))
    world.now = Millis(world.now + RECORDING_GRACE_MS + 1)

    world.act(HOST, waiver(kind=MediaTrack.DESKTOP))
    examine(world, L1, "E1")

    assert world.room.waivers == {E1: {MediaTrack.DESKTOP: "摄像头损坏"}}


@pytest.mark.parametrize(
    "again", [waiver(), waiver(W1), waiver(kind=MediaTrack.SCREEN), waiver(kind=MediaTrack.DESKTOP)]
)
def test_what_nothing_waits_for_is_not_waived(again: c.WaiveRecording) -> None:
    world = blind()
    world.act(HOST, waiver())

    with pytest.raises(NothingToWaive):
        world.act(HOST, again)


@pytest.mark.parametrize("recording", [Recording.OFF, Recording.KEPT])
def test_room_that_does_not_wait_has_nothing_to_waive(recording: Recording) -> None:
    with pytest.raises(NothingToWaive):
        run_to(World(opening(recording=recording)), Phase.EXAMINATION).act(HOST, waiver())


def test_waiver_names_a_seat_and_a_reason() -> None:
    with pytest.raises(SeatUnknown):
        blind().act(HOST, waiver(Alias("E99")))
    with pytest.raises(ReasonMissing):
        blind().act(HOST, waiver(reason="  "))
