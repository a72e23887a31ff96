import io

from rich.console import Console

from server.load.figures import Result, SeatFigures, WorkerFigures, report
from server.load.text import print_load_report, verdict

SEAT = SeatFigures(
    join_s=0.5,
    first_frame_s=[0.1],
    unseen=0,
    unheard=0,
    expected=1000,
    lost=50,
    played_s=20.0,
    frozen_s=0.0,
    freezes=3,
    delays_ms=[10.0],
)
SHORT = report(
    [WorkerFigures(seats=[SEAT], cores=0.2)], rooms=2, seats=9, seconds=10.0, machine_cores=1.5, machine_has=2
)


def test_table_has_every_figure_and_the_verdict_its_reason() -> None:
    shown = io.StringIO()

    print_load_report(Console(file=shown, width=120), SHORT)

    text = shown.getvalue()
    for part in ("0.50 s", "5.00%", "10 ms", "400 ms", "3", "1.5"):
        assert part in text
    assert text.strip().endswith(verdict(SHORT))
    assert SHORT.result is Result.NOT_CARRIED
    assert "2" in verdict(SHORT)
    assert "9" in verdict(SHORT)
