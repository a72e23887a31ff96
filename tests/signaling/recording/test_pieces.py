from msgspec.structs import replace

from signaling.reception import SenderClock
from signaling.recording.pieces import LARGEST_BYTES, OpenPiece, SenderTime
from tests.support.recorded import BEGINS_AT, piece, units


def opened(count: int) -> OpenPiece:
    first, *rest = units("video", count)
    kept = OpenPiece("E1", "video", first, BEGINS_AT)
    for unit in rest:
        kept.add(unit)
    return kept


def test_piece_ends_at_the_first_key_frame_after_it_is_due() -> None:
    film = units("video", 61)

    assert opened(30).ending(film[30], due_s=3.0) is None
    assert opened(45).ending(film[45], due_s=3.0) == "due"


def test_piece_never_lasts_longer_than_four_seconds() -> None:
    late = units("video", 61)[59]

    assert opened(50).ending(late, due_s=3.0) is None
    assert opened(50).ending(replace(late, timestamp=late.timestamp + 6000), due_s=3.0) == "no_key_frame"


def test_other_size_of_the_picture_ends_it() -> None:
    key = units("video", 16)[15]

    assert opened(15).ending(replace(key, size=(320, 180)), due_s=3.0) == "picture_changed"


def test_clock_that_jumps_ends_it() -> None:
    key, plain = units("video", 32)[30:]

    assert opened(31).ending(replace(plain, timestamp=key.timestamp - 1), due_s=3.0) == "clock_jumped"
    assert opened(31).ending(replace(plain, timestamp=key.timestamp + 90_000 * 60), due_s=3.0) == "clock_jumped"


def test_piece_that_is_too_large_ends() -> None:
    kept = opened(2)
    kept.add(replace(units("video", 3)[2], data=bytes(LARGEST_BYTES - 30_000)))

    assert kept.ending(replace(units("video", 4)[3], data=bytes(40_000)), due_s=3.0) == "too_large"


def test_timestamps_run_on_over_their_wrap() -> None:
    first, second = units("audio", 2)
    kept = OpenPiece("E1", "audio", replace(first, timestamp=0xFFFFFFFF), BEGINS_AT)
    kept.add(replace(second, timestamp=959))

    closed = kept.closed("due", missing=0, broken=0)

    assert (closed.offsets_ms, closed.duration_ms) == ([0, 20], 40)


def test_facts_tell_how_it_came() -> None:
    first, second = units("audio", 2)
    kept = OpenPiece("E1", "audio", replace(first, level=30), BEGINS_AT)
    kept.note_report(SenderClock(ntp=(3_900_000_000 << 32) + 5, rtp_timestamp=77, heard_at=1.0), BEGINS_AT - 200)
    kept.add(replace(second, level=127, arrived=first.arrived + 0.031))

    facts = kept.closed("stopped", missing=2, broken=1).facts("r", 9)

    assert (facts.room, facts.alias, facts.track, facts.number) == ("r", "E1", "audio", 9)
    assert facts.arrivals == (0, 31)
    assert facts.reports == (SenderTime(3_900_000_000, 5, 77, BEGINS_AT - 200),)
    assert (facts.missing, facts.broken, facts.levels, facts.ended) == (2, 1, "1e7f", "stopped")


def test_levels_that_are_not_said_are_left_out() -> None:
    assert piece("audio", 3).facts("r", 1).levels == ""
