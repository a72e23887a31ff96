from server.domain.events import MediaRecorded, RecordingBegan, RecordingGap, RecordingSpaceTold
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack, TrackRecording
from tests.support.room_plan import opening
from tests.support.room_scenes import pieces, record, run_to
from tests.support.room_world import World

E1, VIDEO, AUDIO = Alias("E1"), MediaTrack.VIDEO, MediaTrack.AUDIO


def test_track_is_recorded_until_a_gap_and_its_seats_other_track_stays_as_it_was() -> None:
    world = run_to(World(opening(recording=Recording.KEPT)), Phase.CHECK_IN)
    record(world)
    before = world.room.recordings[E1][AUDIO]
    world.note(RecordingGap(alias=E1, kind=VIDEO, gap=GapReason.SILENT))
    gap, broken_at = world.room.recordings[E1], world.now
    world.note(RecordingBegan(alias=E1, kind=VIDEO))

    assert gap == {AUDIO: before, VIDEO: TrackRecording(since=broken_at, gap=GapReason.SILENT)}
    assert world.room.recordings[E1] == {AUDIO: before, VIDEO: TrackRecording(since=world.now)}


def test_last_piece_of_each_track_and_the_space_that_is_left_are_kept() -> None:
    world = run_to(World(opening(recording=Recording.KEPT)), Phase.CHECK_IN)
    world.note(MediaRecorded(tracks=(pieces(world, E1, VIDEO, 2), pieces(world, "E2", AUDIO, 1))))
    world.note(MediaRecorded(tracks=(pieces(world, E1, AUDIO, 1), pieces(world, E1, VIDEO, 3))))
    world.note(RecordingSpaceTold(minutes=40))

    assert world.room.pieces == {E1: {VIDEO: 5, AUDIO: 1}, "E2": {AUDIO: 1}}
    assert world.room.recording_space == 40
