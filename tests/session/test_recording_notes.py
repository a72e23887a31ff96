from server.domain.events import (
    AnyEvent,
    MediaRecorded,
    RecordingBegan,
    RecordingGap,
    RecordingSpaceTold,
    RoomPaused,
)
from server.domain.ids import Alias, Digest, Millis
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import GapReason, MediaTrack, PieceNote, RecordedPieces
from server.domain.rules.server_events import NO_SPACE, objection
from server.session.recording_notes import RecordingNotes
from tests.support.room_plan import opening
from tests.support.room_scenes import at, run_to
from tests.support.room_world import World

E1, E2 = Alias("E1"), Alias("E2")
SOUND, PICTURE = (E1, MediaTrack.AUDIO), (E1, MediaTrack.VIDEO)
BEGAN = RecordingBegan(alias=E1, kind=MediaTrack.AUDIO)
GAP = RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.SILENT)


def recorded() -> World:
    return run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN)


def piece(number: int) -> PieceNote:
    sha256 = Digest(f"{number:064x}")
    begins_at = Millis(4000 * number)
    return PieceNote(
        number=number, sha256=sha256, size=100 + number, begins_at=begins_at, ends_at=Millis(begins_at + 4000)
    )


def write(world: World, notes: RecordingNotes) -> list[AnyEvent]:
    """Write what is due, as the server does; the rules must allow it."""
    events = notes.due(world.room)
    for event in events:
        assert objection(event, world.room) is None
        world.note(event)
    notes.written()
    return events


def test_turns_are_written_once_and_in_order() -> None:
    world, notes = recorded(), RecordingNotes()
    for gap in (None, GapReason.SILENT, None):
        notes.turn(SOUND, gap)

    assert write(world, notes) == [BEGAN, GAP, BEGAN]
    assert write(world, notes) == []
    assert notes.live == {SOUND}


def test_turn_that_says_what_the_record_says_is_left_out() -> None:
    world, notes = recorded(), RecordingNotes()
    notes.turn(SOUND, GapReason.SERVER_RESTARTED)
    notes.turn(SOUND, None)
    notes.turn(SOUND, None)

    assert write(world, notes) == [BEGAN]


def test_what_is_due_is_due_until_it_stands() -> None:
    world, notes = recorded(), RecordingNotes()
    notes.turn(SOUND, None)
    assert notes.due(world.room) == notes.due(world.room) == [BEGAN]
    notes.due(world.room)
    notes.turn(SOUND, GapReason.SILENT)
    world.note(BEGAN)
    notes.written()

    assert write(world, notes) == [GAP]


def test_pieces_are_written_with_their_digests_track_by_track() -> None:
    world, notes = recorded(), RecordingNotes()
    for number in (2, 1):
        notes.keep(SOUND, piece(number))
    notes.keep(PICTURE, piece(1))

    [event] = write(world, notes)

    sound = RecordedPieces(
        alias=E1,
        kind=MediaTrack.AUDIO,
        first=1,
        last=2,
        digests=bytes.fromhex(piece(1).sha256 + piece(2).sha256),
        begins_at=Millis(4000),
        ends_at=Millis(12_000),
        size=203,
    )
    assert isinstance(event, MediaRecorded)
    assert event.tracks[0] == sound
    assert [(track.alias, track.kind, track.last) for track in event.tracks] == [
        (E1, MediaTrack.AUDIO, 2),
        (E1, MediaTrack.VIDEO, 1),
    ]


def test_pieces_that_the_record_has_are_not_written_again() -> None:
    world, notes = recorded(), RecordingNotes()
    notes.keep(SOUND, piece(1))
    write(world, notes)
    notes.keep(SOUND, piece(1))
    assert write(world, notes) == []
    notes.keep(SOUND, piece(2))

    [event] = write(world, notes)

    assert isinstance(event, MediaRecorded)
    assert [(track.first, track.last) for track in event.tracks] == [(2, 2)]


def test_hole_in_the_numbers_is_written_as_it_is() -> None:
    world, notes = recorded(), RecordingNotes()
    for number in (1, 4):
        notes.keep(SOUND, piece(number))

    spans = [
        (track.first, track.last)
        for _ in range(2)
        for event in write(world, notes)
        if isinstance(event, MediaRecorded)
        for track in event.tracks
    ]

    assert spans == [(1, 1), (4, 4)]


def test_space_is_told_step_by_step_and_pauses_the_room_in_the_end() -> None:
    world, notes = recorded(), RecordingNotes()
    told = []
    for minutes in (None, 300, 60, 58, 31, 29, 4, 3, 2, 200, 199):
        notes.space = minutes
        told.append(write(world, notes))

    assert told == [
        [],
        [],
        [RecordingSpaceTold(minutes=60)],
        [],
        [],
        [RecordingSpaceTold(minutes=29)],
        [RecordingSpaceTold(minutes=4), RoomPaused(reason=NO_SPACE)],
        [],
        [],
        [RecordingSpaceTold(minutes=None)],
        [],
    ]


def test_room_that_records_nothing_or_is_over_gets_no_notes() -> None:
    notes = RecordingNotes()
    notes.turn(SOUND, None)
    notes.keep(SOUND, piece(1))

    closed = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CLOSED)
    assert notes.due(at(Phase.CHECK_IN).room) == notes.due(closed.room) == []
