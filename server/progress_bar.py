"""Bars on a terminal that tell how far a command is; they vanish when it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from server.evidence.progress import Stage, Tell, untold
from server.words import words

STAGES: Final = {
    Stage.COMMANDS: ("逐条核验指令", "Deciding every command again"),
    Stage.REPORTS: ("评标报告", "Reports"),
    Stage.PIECES: ("检查录音录像", "Examining the recordings"),
}


@contextmanager
def progress_bar(out: Console, *, shown: bool) -> Iterator[Tell]:
    """A bar for each stage that is told; nothing at all unless `shown`."""
    if not shown:
        yield untold
        return
    tasks: dict[Stage, TaskID] = {}
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=out, transient=True
    ) as bars:

        def tell(stage: Stage, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(words(*STAGES[stage]))
            bars.update(tasks[stage], completed=done, total=of)

        yield tell
