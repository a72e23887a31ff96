"""Figures from rounds: medians of ours beside the peer's, printed as lines, and a word about each that is missed."""

import os
import statistics
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from tests.benchmarks.__main__ import Figure

PRECEDENCE = 10
"In steps of `nice`."


def take_precedence() -> None:
    """Run before other programs, and what is started from here too, if we may: they would be measured as well."""
    with suppress(OSError):
        os.nice(-PRECEDENCE)
        Path("/proc/self/autogroup").write_text(
            f"-{PRECEDENCE}"
        )  # where sessions share the cores, it is this that counts


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure should be."""

    ratio: float | None = None
    "To the peer's, at most; at least if `is_more_better`."
    value: float | None = None
    "The same of the figure itself."
    is_more_better: bool = False

    def misses(self, figure: Figure) -> list[str]:
        """In what the figure falls short."""
        checks = (("value", figure.value, self.value), ("ratio", figure.ratio, self.ratio))
        return [
            f"{name} {measured} instead of {'at least' if self.is_more_better else 'at most'} {wanted}"
            for name, measured, wanted in checks
            if measured is not None
            and wanted is not None
            and (measured < wanted if self.is_more_better else measured > wanted)
        ]


def say(text: str) -> None:
    """A word on standard error, where figures do not go."""
    sys.stderr.write(f"media: {text}\n")
    sys.stderr.flush()


def figure(
    metric: str, unit: str, ours: Sequence[float], peer: str | None, theirs: Sequence[float], *, digits: int = 2
) -> Figure:
    """The medians of both and how they compare."""
    value = statistics.median(ours)
    peer_value = statistics.median(theirs) if theirs else None
    return Figure(
        bench="media",
        metric=metric,
        value=round(value, digits),
        unit=unit,
        peer=peer if theirs else None,
        peer_value=round(peer_value, digits) if peer_value is not None else None,
        ratio=round(value / peer_value, 2) if peer_value else None,
        runs=[round(run, digits) for run in ours],
    )


def put(figure: Figure, goal: Goal, theirs: Sequence[float] = ()) -> None:
    """Print a figure; say the peer's runs, and what was missed."""
    sys.stdout.write(msgspec.json.encode(figure).decode() + "\n")
    sys.stdout.flush()
    if theirs:
        say(f"{figure.metric}: runs of {figure.peer}: {[round(run, 2) for run in theirs]}")
    for miss in goal.misses(figure):
        say(f"MISSED: {figure.metric}: {miss}")
