import sys
import time

import pytest

from tests.benchmarks.__main__ import BenchmarkFailed, Figure, figures, main

LINE = '{"bench":"b","metric":"m","value":2.5,"unit":"µs","peer":"p 1.0","peer_value":5,"ratio":0.5,"runs":3}'
FIGURE = Figure(bench="b", metric="m", value=2.5, unit="µs", peer="p 1.0", peer_value=5.0, ratio=0.5, runs=3)


def program(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_figures_gives_each_line_of_the_program() -> None:
    got = list(figures(program(f"print({LINE!r}); print({LINE!r})"), limit_s=60))

    assert got == [FIGURE, FIGURE]


def test_figures_refuses_a_line_that_is_no_figure() -> None:
    with pytest.raises(BenchmarkFailed, match="not a figure"):
        list(figures(program("print('2.5 µs'); input()"), limit_s=60))


def test_figures_fails_with_the_program() -> None:
    with pytest.raises(BenchmarkFailed, match="status 3"):
        list(figures(program("raise SystemExit(3)"), limit_s=60))


def test_figures_ends_a_program_that_takes_too_long() -> None:
    started = time.monotonic()

    with pytest.raises(BenchmarkFailed, match="killed"):
        list(figures(program("import signal; signal.pause()"), limit_s=0.1))

    assert time.monotonic() - started < 60


def test_main_names_the_benchmarks_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["no_such_thing"])

    assert (status, capsys.readouterr().err.split(";")[0]) == (2, "no benchmark named no_such_thing")
