from random import Random

import pytest
from msgspec.structs import replace

from signaling.recording.pieces import SenderTime
from signaling.recording.sender_clock import NTP_EPOCH_MS, SenderClock, made_at, sent_at
from tests.support.recorded import BEGINS_AT, piece

FACTS = piece("video", 30).facts("r", 1)


def report(sent_ms: int, rtp: int, heard_at: int) -> SenderTime:
    seconds, rest = divmod(sent_ms + NTP_EPOCH_MS, 1000)
    return SenderTime(seconds, rest * (1 << 32) // 1000, rtp, heard_at)


def test_time_of_a_report_is_read() -> None:
    assert sent_at(report(BEGINS_AT + 500, 0, 0)) == pytest.approx(BEGINS_AT + 500, abs=0.001)


def test_quickest_report_tells_how_far_the_clock_is_off() -> None:
    reports = [
        report(BEGINS_AT - 7000 + 1000 * second, 0, BEGINS_AT + 1000 * second + late)
        for second, late in enumerate([40, 8, 300])
    ]
    clock = SenderClock(reports)

    assert clock.offset_ms(BEGINS_AT) == pytest.approx(7008, abs=0.01)
    assert clock.offset_ms(BEGINS_AT + 3_600_000) is None


def test_first_block_is_placed_by_its_rtp_time_and_not_by_its_arrival() -> None:
    said = report(BEGINS_AT - 5000, 90_000, BEGINS_AT + 10)
    facts = replace(FACTS, first_timestamp=90_000 - 45_000, reports=(said,), begins_at=BEGINS_AT + 400)

    assert made_at(facts, SenderClock([said])) == pytest.approx(BEGINS_AT + 10 - 500, abs=0.01)


def test_piece_without_a_report_is_placed_by_its_arrival() -> None:
    assert made_at(FACTS, SenderClock([])) == BEGINS_AT


HOURS = 6
FAST = 1 + 50e-6
"Fifty parts in a million: a bad clock gains four seconds a day."


def test_sound_and_pictures_of_a_clock_that_drifts_keep_their_moment_for_hours() -> None:
    """Both clocks of RTP drift with the seat's; reports come 5 to 80 ms late, one in five seconds."""
    chance = Random(1)

    def heard(seconds: float, rate: int) -> SenderTime:
        late = chance.uniform(5, 80)
        return report(
            round(BEGINS_AT - 7000 + 1000 * FAST * seconds),
            round(rate * FAST * seconds),
            round(BEGINS_AT + 1000 * seconds + late),
        )

    rates = {"video": 90_000, "audio": 48_000}
    reports = {kind: [heard(5 * n, rate) for n in range(HOURS * 720)] for kind, rate in rates.items()}
    clock = SenderClock([*reports["video"], *reports["audio"]])

    for made in range(60, HOURS * 3600, 600):  # each piece knows the report before it alone, as the recorder keeps it
        placed = {
            kind: made_at(
                replace(
                    FACTS,
                    clock_rate=rate,
                    first_timestamp=round(rate * FAST * made) & 0xFFFFFFFF,
                    reports=(reports[kind][made // 5 - 1],),
                    begins_at=BEGINS_AT + 1000 * made + 30,
                ),
                clock,
            )
            for kind, rate in rates.items()
        }
        assert placed["video"] == pytest.approx(placed["audio"], abs=2)
        assert placed["video"] == pytest.approx(BEGINS_AT + 1000 * made, abs=20)
