import pytest

from tests.benchmarks.__main__ import Figure
from tests.benchmarks.media.rows import Goal, figure, put


def test_figure_compares_medians() -> None:
    got = figure("m", "us", [1.0, 9.0, 2.004], "Janus", [4.0, 5.0, 3.0])

    assert got == Figure(
        bench="media", metric="m", value=2.0, unit="us", peer="Janus", peer_value=4.0, ratio=0.5, runs=[1.0, 9.0, 2.0]
    )


def test_figure_without_peer_has_no_ratio() -> None:
    got = figure("m", "us", [1.0], "Janus", [])

    assert (got.peer, got.peer_value, got.ratio) == (None, None, None)


def test_goal_names_what_is_missed() -> None:
    got = figure("m", "us", [6.0], "Janus", [4.0])

    assert Goal(ratio=1.5, value=6.0).misses(got) == []
    assert Goal(ratio=0.75, value=5.0).misses(got) == [
        "value 6.0 instead of at most 5.0",
        "ratio 1.5 instead of at most 0.75",
    ]
    assert Goal(value=7.0, is_more_better=True).misses(got) == ["value 6.0 instead of at least 7.0"]


def test_put_prints_one_line_and_says_the_rest_aside(capsys: pytest.CaptureFixture[str]) -> None:
    put(figure("m", "us", [6.0], "Janus", [4.0]), Goal(ratio=1.0), [4.0])

    said = capsys.readouterr()
    assert said.out == (
        '{"bench":"media","metric":"m","value":6.0,"unit":"us","peer":"Janus","peer_value":4.0,"ratio":1.5,"runs":[6.0]}\n'
    )
    assert said.err.splitlines() == [
        "media: m: runs of Janus: [4.0]",
        "media: MISSED: m: ratio 1.5 instead of at most 1.0",
    ]
