from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from server.domain.ids import Alias, Millis
from server.domain.recording_presence import Presence
from server.domain.recordings import CAMERA_AND_MICROPHONE, MediaTrack, PieceLook, Stretch, Stretches, TrackCheck
from server.domain.track_review import (
    DARK_BELOW,
    DARK_FROM_MS,
    GAP_FROM_MS,
    LIT_DOTS,
    MOVED_BY,
    MOVED_DOTS,
    SHOWN,
    SILENT_AT,
    SILENT_FROM_MS,
    STILL_FROM_MS,
    TrackReview,
    has_moved,
    is_dark,
    stretches,
    without,
)

E1 = Alias("E1")
PIECE_MS = 4_000
DOTS = 3_600
GREY, BLACK = bytes([120]) * DOTS, bytes(DOTS)


def span(begins_at: int, ends_at: int) -> Stretch:
    return Stretch(begins_at=Millis(begins_at), ends_at=Millis(ends_at))


def look(begins_at: int, picture: bytes = b"", level: int | None = None) -> PieceLook:
    ends_at = Millis(begins_at + PIECE_MS)
    return PieceLook(begins_at=Millis(begins_at), ends_at=ends_at, picture=picture, level=level)


def present(ends_at: int, *apart: Stretch) -> Presence:
    return Presence(due={(E1, kind): (span(0, ends_at),) for kind in MediaTrack}, apart=apart)


def reviewed(kind: MediaTrack, looks: Iterable[PieceLook | None], presence: Presence) -> TrackCheck:
    review = TrackReview(E1, kind)
    for each in looks:
        review.take(each)
    return review.check(presence)


def living(count: int) -> list[bytes]:
    """Pictures of somebody who moves."""
    return [bytes([(40 * number) % 200 + 50]) * DOTS for number in range(count)]


def seen(pictures: Iterable[bytes]) -> TrackCheck:
    looks = [look(PIECE_MS * number, picture) for number, picture in enumerate(pictures)]
    return reviewed(MediaTrack.VIDEO, looks, present(PIECE_MS * len(looks)))


def heard(levels: Iterable[int | None], *apart: Stretch) -> TrackCheck:
    looks = [look(PIECE_MS * number, level=level) for number, level in enumerate(levels)]
    return reviewed(MediaTrack.AUDIO, looks, present(PIECE_MS * len(looks), *apart))


def test_whole_recording_of_somebody_who_moves_has_nothing_to_tell() -> None:
    check = seen(living(20))

    nothing = Stretches()
    assert (check.due_ms, check.recorded_ms, check.unreadable) == (80_000, 80_000, 0)
    assert (check.gaps, check.still, check.dark, check.silent) == (nothing, nothing, nothing, nothing)


def test_time_in_which_nothing_came_within_a_piece_is_a_gap_if_it_is_long() -> None:
    short, long = (Millis(5_000), Millis(6_900)), (Millis(9_000), Millis(11_500))
    looks = [look(PIECE_MS * number, picture) for number, picture in enumerate(living(4))]
    looks[1] = replace(looks[1], pauses=(short,))
    looks[2] = replace(looks[2], pauses=(long,))

    check = reviewed(MediaTrack.VIDEO, looks, present(PIECE_MS * len(looks)))

    assert check.gaps.longest == (span(9_000, 11_500),)
    assert check.recorded_ms == 4 * PIECE_MS - 2_500


def test_time_without_a_piece_is_a_gap_at_the_beginning_between_and_at_the_end() -> None:
    check = reviewed(MediaTrack.AUDIO, [look(10_000, level=30), look(20_000, level=30)], present(30_000))

    assert check.gaps.longest == (span(0, 10_000), span(14_000, 20_000), span(24_000, 30_000))
    assert (check.gaps.total_ms, check.recorded_ms) == (22_000, 8_000)


def test_piece_that_may_be_open_still_is_no_gap() -> None:
    review = TrackReview(E1, MediaTrack.AUDIO)
    review.take(look(0, level=30))
    ends = [review.check(present(at), open_ms=5_000).gaps.longest for at in (PIECE_MS + 5_000, 20_000)]

    assert ends == [(), (span(PIECE_MS + 5_000, 20_000),)]
    assert TrackReview(E1, MediaTrack.AUDIO).check(present(9_000), open_ms=5_000).gaps.total_ms == 9_000


def test_hole_of_a_moment_is_no_gap() -> None:
    short, long = look(PIECE_MS + GAP_FROM_MS - 1, level=30), look(PIECE_MS + GAP_FROM_MS, level=30)

    assert reviewed(MediaTrack.AUDIO, [look(0, level=30), short], present(short.ends_at)).gaps == Stretches()
    assert reviewed(MediaTrack.AUDIO, [look(0, level=30), long], present(long.ends_at)).gaps.total_ms == GAP_FROM_MS


def test_seat_that_was_not_to_be_recorded_misses_nothing() -> None:
    check = reviewed(MediaTrack.AUDIO, [look(0, level=30)], Presence(due={}, apart=()))

    assert (check.due_ms, check.gaps.total_ms, check.recorded_ms) == (0, 0, PIECE_MS)


def test_picture_that_does_not_change_is_still_from_its_first_to_its_last_piece() -> None:
    pictures = [*living(3), *[GREY] * 10, *living(2)]

    assert seen(pictures).still.longest == (span(12_000, 48_000),)
    assert seen(pictures[:13]).still.longest == (span(12_000, 48_000),)  # and while it lasts
    assert seen([*living(3), *[GREY] * (STILL_FROM_MS // PIECE_MS), *living(2)]).still == Stretches()


def test_picture_that_drifts_slowly_is_not_still() -> None:
    assert seen(bytes([60 + 3 * number]) * DOTS for number in range(20)).still == Stretches()


def test_still_picture_does_not_go_on_over_a_gap() -> None:
    looks = [look(PIECE_MS * number, GREY) for number in (*range(5), *range(50, 55))]

    assert reviewed(MediaTrack.VIDEO, looks, present(220_000)).still == Stretches()


def test_black_picture_is_dark_and_not_also_still() -> None:
    check = seen([*living(2), *[BLACK] * 10, *living(2)])

    assert (check.dark.longest, check.still) == ((span(8_000, 48_000),), Stretches())
    assert seen([*living(2), BLACK, *living(2)]).dark == Stretches()
    assert seen([BLACK, BLACK]).dark.total_ms == DARK_FROM_MS


def test_movement_is_some_dots_that_are_clearly_brighter_or_darker() -> None:
    faint = bytes([120 + MOVED_BY]) * DOTS
    few = bytes([255]) * (MOVED_DOTS - 1) + GREY[MOVED_DOTS - 1 :]
    enough = bytes([120 - MOVED_BY - 1]) * MOVED_DOTS + GREY[MOVED_DOTS:]

    assert [has_moved(GREY, picture) for picture in (faint, few, enough)] == [False, False, True]


def test_lamp_in_the_dark_leaves_a_picture_black() -> None:
    lamp = bytes([255]) * (LIT_DOTS - 1) + bytes([DARK_BELOW - 1]) * (DOTS - LIT_DOTS + 1)

    assert is_dark(lamp)
    assert not is_dark(bytes([DARK_BELOW]) * LIT_DOTS + BLACK[LIT_DOTS:])


def test_silence_counts_from_a_minute_on() -> None:
    minute = SILENT_FROM_MS // PIECE_MS

    assert heard([30, *[127] * minute, 30]).silent.longest == (span(4_000, 64_000),)
    assert heard([30, *[127] * (minute - 1), 30]).silent == Stretches()
    assert heard([SILENT_AT - 1] * 40).silent == Stretches()


def test_silence_while_nobody_was_to_speak_is_told_apart() -> None:
    check = heard([127] * 20, span(10_000, 30_000), span(70_000, 200_000))

    assert (check.silent.total_ms, check.silent_apart_ms) == (80_000, 30_000)


@pytest.mark.parametrize("kind", CAMERA_AND_MICROPHONE)
def test_piece_that_cannot_be_read_is_counted_and_covers_no_time(kind: MediaTrack) -> None:
    check = reviewed(kind, [None, look(PIECE_MS)], present(2 * PIECE_MS))

    assert (check.unreadable, check.gaps.longest) == (2, (span(0, PIECE_MS),))


def test_longest_stretches_are_named_in_the_order_of_time() -> None:
    found = stretches(span(100 * number, 100 * number + 10 + number) for number in range(SHOWN + 2))

    assert [each.begins_at for each in found.longest] == [100 * number for number in range(2, SHOWN + 2)]
    assert found.total_ms == sum(10 + number for number in range(SHOWN + 2))


def test_what_is_left_of_a_stretch_stands_around_what_is_taken() -> None:
    assert list(without([span(0, 10), span(20, 30)], [span(2, 3), span(8, 22), span(30, 40)])) == [
        span(0, 2),
        span(3, 8),
        span(22, 30),
    ]
    assert list(without([span(0, 10)], [span(0, 10)])) == []


def test_of_a_shared_screen_only_the_length_is_told() -> None:
    looks = [look(PIECE_MS * number, BLACK) for number in range(3, 20)]

    check = reviewed(MediaTrack.SCREEN, looks, present(90_000))
    assert (check.recorded_ms, check.gaps, check.dark, check.still) == (68_000, Stretches(), Stretches(), Stretches())


def test_of_a_desktop_gaps_are_told_and_neither_that_it_stands_still_nor_that_it_sleeps() -> None:
    looks = [look(PIECE_MS * number, BLACK) for number in range(3, 20)]
    standing = [look(PIECE_MS * number, GREY) for number in range(20, 40)]

    check = reviewed(MediaTrack.DESKTOP, looks + standing, present(40 * PIECE_MS))
    assert check.gaps.longest == (span(0, 3 * PIECE_MS),)
    assert (check.dark, check.still, check.unreadable) == (Stretches(), Stretches(), 0)
