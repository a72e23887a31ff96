"""How far a long piece of work is, for whoever waits before a terminal."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """A part of the work."""

    COMMANDS = "commands"
    "Every command is checked and decided again."
    REPORTS = "reports"
    "The reports are read, or judged."
    PIECES = "pieces"
    "Pieces of recordings are examined."


Tell = Callable[[Stage, int, int], None]
"Is told a stage, how much of it is done, and how much there is."


def untold(stage: Stage, done: int, of: int) -> None:
    """Nobody waits."""
