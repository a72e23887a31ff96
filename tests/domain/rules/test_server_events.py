import pytest
from msgspec.structs import replace

from server.domain import commands as c
from server.domain.events import (
    AnyEvent,
    MediaRecorded,
    PledgeMade,
    RecordingBegan,
    RecordingGap,
    RecordingsChecked,
    RecordingSpaceTold,
    RoomPaused,
    WallPlayerCame,
    WallPlayerLeft,
)
from server.domain.ids import Alias, Millis, WallId
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import (
    CAMERA_AND_MICROPHONE,
    GapReason,
    MediaTrack,
    RecordedPieces,
    Stretch,
    Stretches,
    TrackCheck,
)
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


NONE = Stretches()
CHECKED = TrackCheck(
    alias=E1,
    kind=VIDEO,
    due_ms=9_000,
    recorded_ms=8_000,
    gaps=NONE,
    still=NONE,
    dark=NONE,
    silent=NONE,
    silent_apart_ms=0,
    unreadable=0,
)


def checked(*tracks: TrackCheck, pieces: int = 3, examined: int = 3) -> RecordingsChecked:
    return RecordingsChecked(pieces=pieces, examined=examined, tracks=tracks)


def named(*spans: tuple[int, int], total_ms: int) -> Stretches:
    longest = tuple(Stretch(begins_at=Millis(begins_at), ends_at=Millis(ends_at)) for begins_at, ends_at in spans)
    return Stretches(total_ms=total_ms, longest=longest)


def test_examination_is_noted_as_far_as_it_went() -> None:
    room = recorded().room

    assert objection(checked(), room) is None
    assert objection(checked(CHECKED, replace(CHECKED, kind=AUDIO), examined=2), room) is None
    assert objection(checked(examined=4), room) == "4 of 3 pieces examined"
    assert objection(checked(CHECKED, CHECKED), room) == "one track twice"
    assert objection(checked(replace(CHECKED, alias=S1)), room) == "S1 sends no sound and no pictures"
    assert objection(checked(replace(CHECKED, unreadable=-1)), room) == "less than nothing of E1"


def test_examination_takes_in_room_cameras_and_those_that_are_gone() -> None:
    world, camera = recorded(), Alias("C1")
    track = replace(CHECKED, alias=camera)
    assert objection(checked(track), world.room) == "C1 sends no sound and no pictures"

    world.act(HOST, c.AddRoomCamera(venue=world.room.seats[HOST].venue, label="场地全景"))
    assert objection(checked(track), world.room) is None
    world.act(HOST, c.RemoveRoomCamera(camera=camera))
    assert objection(checked(track), world.room) is None


@pytest.mark.parametrize(
    ("stretches", "is_fine"),
    [
        (named((0, 5), (5, 9), total_ms=9), True),
        (named((0, 5), total_ms=90), True),
        (named((0, 5), total_ms=4), False),
        (named((5, 5), total_ms=9), False),
        (named((0, 5), (4, 9), total_ms=10), False),
    ],
)
def test_stretches_follow_each_other_within_their_sum(stretches: Stretches, is_fine: bool) -> None:
    why = objection(checked(replace(CHECKED, still=stretches)), recorded().room)

    assert why == (None if is_fine else "the stretches of E1 do not follow each other")


def test_players_are_noted_on_a_wall_that_is_open_each_once_and_for_what_it_may_show() -> None:
    world, wall = at(Phase.PREPARED), WallId("P1")
    came = WallPlayerCame(wall=wall, player="wall-1", alias=E1, kind=VIDEO)
    left = WallPlayerLeft(wall=wall, player="wall-1")
    assert objection(came, world.room) == "no pass P1 is open"
    world.act("S1", c.GiveWallPass(place="监督大厅", sha256=bytes(32)))

    assert objection(left, world.room) == "wall-1 is not on the wall"
    assert objection(replace(came, kind=MediaTrack.SCREEN), world.room) == "no wall may show screen of E1"
    world.note(came)
    assert objection(came, world.room) == "wall-1 is on the wall already"
    assert objection(left, world.room) is None
    world.act("S1", c.WithdrawWallPass(wall=wall))
    assert objection(left, world.room) == "no pass P1 is open"


def test_nothing_else_is_for_the_server_to_write() -> None:
    assert HOST in recorded().room.seats
    assert objection(PledgeMade(), recorded().room) == "only a person's command causes this"
