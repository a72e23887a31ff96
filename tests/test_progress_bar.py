import io

import pytest
from rich.console import Console

from server.evidence.progress import Stage, untold
from server.progress_bar import progress_bar


def test_bar_of_each_stage_is_drawn_and_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    output = io.StringIO()
    console = Console(file=output, force_terminal=True, width=100)

    with progress_bar(console, shown=True) as tell:
        for done in (0, 1, 2):
            tell(Stage.COMMANDS, done, 2)
        tell(Stage.REPORTS, 1, 4)

    drawn = output.getvalue()
    assert "逐条核验指令" in drawn
    assert "评标报告" in drawn
    assert "100%" in drawn
    assert "25%" in drawn
    assert drawn.endswith("\x1b[2K")  # the last thing is that a line is wiped


def test_nothing_is_drawn_where_nobody_watches() -> None:
    output = io.StringIO()

    with progress_bar(Console(file=output, force_terminal=True), shown=False) as tell:
        tell(Stage.REPORTS, 1, 2)

    assert tell is untold
    assert output.getvalue() == ""
