import pytest
from msgspec.structs import replace

from server.load.figures import LIMITS, LoadReport, Result, SeatFigures, Spread, WorkerFigures, report, spread

GOOD = SeatFigures(
    join_s=0.5,
    first_frame_s=[0.1, 0.3],
    unseen=0,
    unheard=0,
    expected=1000,
    lost=1,
    played_s=20.0,
    frozen_s=0.0,
    freezes=0,
    delays_ms=[10.0, 30.0],
)


def judged(*seats: SeatFigures, cores: float = 0.3, machine_cores: float = 1.0) -> LoadReport:
    workers = [WorkerFigures(seats=list(seats), cores=cores)]
    return report(workers, rooms=1, seats=len(seats), seconds=10.0, machine_cores=machine_cores, machine_has=2)


def test_spread_names_the_middle_the_95th_of_100_and_the_greatest() -> None:
    assert spread(float(n) for n in range(100, 0, -1)) == Spread(50.0, 95.0, 100.0)
    assert spread([7.0]) == Spread(7.0, 7.0, 7.0)
    assert spread([]) == Spread(0.0, 0.0, 0.0)


def test_what_all_seats_meet_is_put_together() -> None:
    found = judged(GOOD, replace(GOOD, join_s=1.5, lost=9))

    assert (found.join_s.max, found.first_frame_s.max, found.loss.max, found.delay_ms.p50) == (1.5, 0.3, 0.009, 10.0)
    assert (found.result, found.reasons) == (Result.CARRIED, [])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(GOOD, join_s=LIMITS["join_s"] + 1), "join_s"),
        (replace(GOOD, first_frame_s=[LIMITS["first_frame_s"] + 1]), "first_frame_s"),
        (replace(GOOD, lost=50), "loss"),
        (replace(GOOD, frozen_s=1.0), "frozen"),
        (replace(GOOD, delays_ms=[LIMITS["delay_ms"] + 1]), "delay_ms"),
        (replace(GOOD, join_s=None, first_frame_s=[]), "not_connected"),
        (replace(GOOD, unseen=1), "unseen"),
        (replace(GOOD, unheard=1), "unheard"),
    ],
)
def test_each_thing_that_falls_short_is_a_reason(bad: SeatFigures, reason: str) -> None:
    assert (judged(bad).result, judged(bad).reasons) == (Result.NOT_CARRIED, [reason])


@pytest.mark.parametrize(("cores", "machine_cores"), [(0.95, 1.0), (0.3, 1.9)])
def test_generator_at_its_limit_shows_nothing_of_the_server(cores: float, machine_cores: float) -> None:
    short = judged(replace(GOOD, lost=50), cores=cores, machine_cores=machine_cores)

    assert (short.result, short.reasons) == (Result.UNDECIDED, ["loss", "generator"])
    assert judged(GOOD, cores=cores, machine_cores=machine_cores).result is Result.CARRIED


def test_seat_that_met_nothing_divides_by_nothing() -> None:
    nothing = replace(GOOD, join_s=None, first_frame_s=[], unseen=2, expected=0, lost=0, played_s=0.0, delays_ms=[])

    assert judged(nothing).reasons == ["not_connected", "unseen"]
