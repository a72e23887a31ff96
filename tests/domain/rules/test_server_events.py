import pytest
from msgspec.structs import replace

from server.domain.events import (
    AnyEvent,
    MediaRecorded,
    PledgeMade,
    RecordingBegan,
    RecordingGap,
    RecordingSpaceTold,
    RoomPaused,
)
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import CAMERA_AND_MICROPHONE, GapReason, RecordedPieces
from server.domain.rules.server_events import NO_SPACE, PAUSE_AT_MINUTES, objection
from tests.support.room_plan import opening
from tests.support.room_scenes import HOST, at, pieces, run_to
from tests.support.room_world import World

AUDIO, VIDEO = CAMERA_AND_MICROPHONE
E1, S1 = Alias("E1"), Alias("S1")
BEGAN = RecordingBegan(alias=E1, kind=VIDEO)
GAP = RecordingGap(alias=E1, kind=VIDEO, gap=GapReason.SILENT)


def recorded(phase: Phase = Phase.CHECK_IN) -> World:
    """A room that is to be recorded; nothing is yet."""
    return run_to(World(opening(recording=Recording.REQUIRED)), phase)


@pytest.mark.parametrize("event", [BEGAN, RecordingSpaceTold(minutes=58)])
def test_room_without_recording_knows_nothing_of_it(event: AnyEvent) -> None:
    assert objection(event, at(Phase.CHECK_IN).room) == "nothing is recorded in this room now"


@pytest.mark.parametrize("phase", [Phase.PREPARED, Phase.CLOSED])
def test_recording_is_noted_from_the_check_in_to_the_close(phase: Phase) -> None:
    assert objection(BEGAN, recorded(phase).room) == "nothing is recorded in this room now"
    assert objection(BEGAN, recorded().room) is None


def test_recording_begins_and_ends_in_turn() -> None:
    world = recorded()
    assert objection(GAP, world.room) == "E1 is not recorded already"
    world.note(BEGAN)
    assert objection(BEGAN, world.room) == "E1 is recorded already"
    assert objection(GAP, world.room) is None
    world.note(GAP)

    assert objection(GAP, world.room) == "E1 is not recorded already"
    assert objection(BEGAN, world.room) is None


@pytest.mark.parametrize("alias", ["S1", "U1", "E99"])
def test_who_sends_nothing_is_not_recorded(alias: str) -> None:
    world = recorded()

    for event in (replace(BEGAN, alias=Alias(alias)), MediaRecorded(tracks=(pieces(world, alias, AUDIO, 1),))):
        assert objection(event, world.room) == f"{alias} sends no sound and no pictures"


def test_pieces_follow_those_before_them() -> None:
    world = recorded()
    first = pieces(world, E1, AUDIO, 4)
    assert (
        objection(MediaRecorded(tracks=(replace(first, first=5),)), world.room) == "pieces 5 to 4 of E1 after piece 0"
    )
    assert objection(MediaRecorded(tracks=(first,)), world.room) is None
    world.note(MediaRecorded(tracks=(first,)))

    assert objection(MediaRecorded(tracks=(first,)), world.room) == "pieces 1 to 4 of E1 after piece 4"
    assert objection(MediaRecorded(tracks=(pieces(world, E1, AUDIO, 1),)), world.room) is None
    assert objection(MediaRecorded(tracks=(pieces(world, E1, VIDEO, 1),)), world.room) is None


def test_piece_that_is_missing_leaves_a_hole_that_everybody_can_see() -> None:
    world = recorded()
    world.note(MediaRecorded(tracks=(pieces(world, E1, AUDIO, 2),)))
    later = replace(pieces(world, E1, AUDIO, 2), first=9, last=10)

    assert objection(MediaRecorded(tracks=(later,)), world.room) is None


def test_pieces_are_some_and_each_track_stands_once() -> None:
    world = recorded()
    track = pieces(world, E1, AUDIO, 1)

    assert objection(MediaRecorded(tracks=()), world.room) == "no track, or one twice"
    assert objection(MediaRecorded(tracks=(track, track)), world.room) == "no track, or one twice"


@pytest.mark.parametrize("digests", [b"", bytes(31), bytes(33), bytes(64)])
def test_every_piece_has_its_digest(digests: bytes) -> None:
    world = recorded()
    track: RecordedPieces = replace(pieces(world, E1, AUDIO, 1), digests=digests)

    assert objection(MediaRecorded(tracks=(track,)), world.room) == "not one digest for each piece of E1"


def test_server_pauses_for_want_of_space_alone() -> None:
    world = recorded()
    pause, why = RoomPaused(reason=NO_SPACE), "only want of space lets the server pause a room"
    assert objection(pause, world.room) == why
    world.note(RecordingSpaceTold(minutes=PAUSE_AT_MINUTES + 1))
    assert objection(pause, world.room) == why
    world.note(RecordingSpaceTold(minutes=PAUSE_AT_MINUTES))

    assert objection(RoomPaused(reason="午休"), world.room) == why
    assert objection(pause, world.room) is None
    world.note(pause)
    assert objection(pause, world.room) == "the room is paused already"


def test_space_is_never_less_than_nothing() -> None:
    assert objection(RecordingSpaceTold(minutes=-1), recorded().room) == "less than nothing is left"
    assert objection(RecordingSpaceTold(minutes=None), recorded().room) is None


def test_nothing_else_is_for_the_server_to_write() -> None:
    assert HOST in recorded().room.seats
    assert objection(PledgeMade(), recorded().room) == "only a person's command causes this"
