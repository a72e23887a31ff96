from server.domain.events import MediaRecorded
from server.domain.ids import Alias, Digest
from server.domain.lines import Line
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import MediaTrack
from server.evidence.check_lines import place
from server.evidence.check_recordings import SHOWN, PieceKey, check_recordings, piece_name
from server.evidence.verdict import Outcome
from tests.evidence.signed_room import found_by
from tests.support.room_plan import opening
from tests.support.room_scenes import pieces, run_to
from tests.support.room_world import World

SOUND, PICTURE = (Alias("E1"), MediaTrack.AUDIO), (Alias("E1"), MediaTrack.VIDEO)


def recorded(count: int = 3) -> World:
    """A room with a line about some pieces of sound and one about a piece of pictures."""
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN)
    world.note(MediaRecorded(tracks=(pieces(world, *SOUND, count),)))
    world.note(MediaRecorded(tracks=(pieces(world, *PICTURE, 1),)))
    return world


WORLD = recorded()
SOUND_LINE, PICTURE_LINE = place(len(WORLD.raw) - 2), place(len(WORLD.raw) - 1)


def digests(lines: list[Line]) -> dict[PieceKey, Digest]:
    """The files that fit a record."""
    return {
        ((track.alias, track.kind), number): track.digest_of(number)
        for line in lines
        if isinstance(line.event, MediaRecorded)
        for track in line.event.tracks
        for number in range(track.first, track.last + 1)
    }


KEPT = digests(WORLD.lines)


def test_files_that_the_record_vouches_for_are_sound() -> None:
    checks = check_recordings(WORLD.lines, KEPT)

    assert [(check.code, check.failure, check.ok) for check in checks] == [
        ("recordings_unchanged", Outcome.BROKEN, True),
        ("recordings_complete", Outcome.INCOMPLETE, True),
        ("recordings_vouched_for", Outcome.INCOMPLETE, True),
        ("recordings_without_holes", Outcome.INCOMPLETE, True),
    ]


def test_altered_file_is_named_with_its_line() -> None:
    altered = {**KEPT, (SOUND, 2): Digest("0" * 64)}

    assert found_by(check_recordings(WORLD.lines, altered)) == {
        "recordings_unchanged": [("E1-audio/2", f"it is not the file that {SOUND_LINE} vouches for")]
    }


def test_missing_file_is_named_with_its_line() -> None:
    left = {key: digest for key, digest in KEPT.items() if key != (PICTURE, 1)}

    assert found_by(check_recordings(WORLD.lines, left)) == {
        "recordings_complete": [("E1-video/1", f"it is missing; {PICTURE_LINE} vouches for it")]
    }


def test_files_that_were_destroyed_in_order_are_not_missing_but_what_is_left_is_looked_at() -> None:
    left = {(SOUND, 2): Digest("0" * 64)}

    assert found_by(check_recordings(WORLD.lines, {}, are_destroyed=True)) == {}
    assert list(found_by(check_recordings(WORLD.lines, left, are_destroyed=True))) == ["recordings_unchanged"]


def test_file_that_no_line_names_is_named() -> None:
    more = {**KEPT, (PICTURE, 2): Digest("0" * 64)}

    assert found_by(check_recordings(WORLD.lines, more)) == {
        "recordings_vouched_for": [("E1-video/2", "no line vouches for it")]
    }


def test_hole_in_the_numbers_is_named() -> None:
    lines = [line for line in recorded().lines if not isinstance(line.event, MediaRecorded)]
    world = recorded()
    world.note(MediaRecorded(tracks=(pieces(world, *PICTURE, 1),)))
    last = [line for line in world.lines if isinstance(line.event, MediaRecorded)][-1]

    found = found_by(check_recordings([*lines, last], digests([last])))

    assert found == {"recordings_without_holes": [("E1-video/1", "it was never vouched for, though a later one is")]}


def test_empty_folder_is_not_told_file_by_file() -> None:
    [missing] = found_by(check_recordings(recorded(SHOWN + 4).lines, {})).values()

    assert (len(missing), missing[-1]) == (SHOWN + 1, ("recordings", "and 5 more"))


def test_piece_is_named_as_it_lies_in_the_folder() -> None:
    assert piece_name((SOUND, 12)) == "E1-audio/12"
