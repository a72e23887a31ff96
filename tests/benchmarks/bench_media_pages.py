"""What a person at a page sees of our media process and of Janus, in Chromium: the first picture, and bad lines.

Servers, network and reference are those of `bench_media`; here one seat sends a film to Chromium pages, which decode
and show it. Bad lines are `tests/support/bad_line.py`, each page behind one of its own, with 40 ms each way; both
servers get lines of the same seeds.

* `first_frame`: from asking for the room to the first picture shown, on a good line; the servers take turns.
* `picture_back_after_cut`: the lines pass nothing for five seconds; the 95th percentile of the time from their mending
  to the next picture shown.
* `picture_back_after_move`: the pages' datagrams come from other ports, as when a router forgets; nobody tells the
  pages, and they do not restart ICE. The 95th percentile of the longest time without a new picture.
* `freeze_time_5`, `freeze_time_10`: seconds in a minute that the picture stood still, by Chromium's own count, with so
  many percent lost each way.

`LIANPING_ROWS=picture_back_after_cut,freeze_time_5` in the environment measures these alone.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.media import janus_package
from tests.benchmarks.media.forwarder import Forwarder, Lianping
from tests.benchmarks.media.janus import Janus
from tests.benchmarks.media.own_network import LOOPBACK, enter
from tests.benchmarks.media.rows import Goal, figure, put, say, take_precedence
from tests.benchmarks.media.theatre import Theatre, theatre
from tests.benchmarks.media.viewers import PAGE, open_viewer
from tests.support.seat_pages import chromium, served

PAIRS = 10
VIEWERS = 3
"Pages that watch at once."
ROUNDS = 3
FREEZE_S = 15.0
BACK_GOAL_MS = 1500.0

Measure = Callable[[Theatre], Awaitable[list[float]]]

FIRST_FRAME = "first_frame"
BACK: Mapping[str, Measure] = {
    "picture_back_after_cut": Theatre.pictures_back_after_cut,
    "picture_back_after_move": Theatre.stills_after_move,
}
FREEZE: Mapping[str, Measure] = {
    f"freeze_time_{percent}": partial(Theatre.freezes, loss=percent / 100, seconds=FREEZE_S) for percent in (5, 10)
}
ROWS = (FIRST_FRAME, *BACK, *FREEZE)


def percentile_95(values: Sequence[float]) -> float:
    """The value that one in twenty passes."""
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


async def in_turn(theatres: Sequence[Theatre], times: int, measure: Measure) -> list[list[list[float]]]:
    """By server and round."""
    found: list[list[list[float]]] = [[] for _ in theatres]
    for _ in range(times):
        for one, runs in zip(theatres, found, strict=True):
            runs.append(await measure(one))
            say(f"{one.forwarder.name}: {[round(value, 1) for value in runs[-1]]}")
    return found


async def rows(theatres: Sequence[Theatre], wanted: Collection[str]) -> None:
    """The figures that are wanted."""
    peer = theatres[1].forwarder.name if len(theatres) > 1 else None

    def row(metric: str, unit: str, values: Sequence[Sequence[float]], goal: Goal) -> None:
        theirs = values[1] if len(values) > 1 else []
        put(figure(metric, unit, values[0], peer, theirs), goal, theirs)

    async def first_frame(one: Theatre) -> list[float]:
        return [await one.first_frame()]

    await in_turn(theatres, 1, first_frame)  # warm up
    if FIRST_FRAME in wanted:
        times = await in_turn(theatres, PAIRS, first_frame)
        row(FIRST_FRAME, "ms", [[run[0] for run in runs] for runs in times], Goal(ratio=1.05))
    for metric in [name for name in BACK if name in wanted]:
        times = await in_turn(theatres, ROUNDS, BACK[metric])
        every = [[percentile_95([value for run in runs for value in run])] for runs in times]
        row(metric, "ms", every, Goal(value=BACK_GOAL_MS))
    for metric in [name for name in FREEZE if name in wanted]:
        times = await in_turn(theatres, ROUNDS, FREEZE[metric])
        sums = [[sum(run) / len(run) for run in runs] for runs in times]
        row(metric, "s/min", sums, Goal(ratio=1.05))


def wanted_rows(named: str) -> tuple[str, ...]:
    """The rows that a list with commas names, or all.

    Raises:
        SystemExit: there is none of that name.
    """
    wanted = tuple(name for name in named.split(",") if name) or ROWS
    if unknown := set(wanted) - set(ROWS):
        raise SystemExit(f"no row named {', '.join(sorted(unknown))}; there are: {', '.join(ROWS)}")
    return wanted


async def measure(address: str | None, wanted: Collection[str]) -> None:
    """Both servers."""
    host = address or LOOPBACK
    async with AsyncExitStack() as stack:
        folders = [Path(stack.enter_context(TemporaryDirectory())) for _ in range(2)]
        forwarders: list[Forwarder] = [Lianping(folders[0], host)]
        if address is None:
            say("no network namespace can be made here, and Janus offers no loopback: nothing is compared")
        elif janus_package.is_installed():
            forwarders.append(Janus(folders[1], host))
        launched = await stack.enter_async_context(chromium())
        page = await stack.enter_async_context(served(PAGE.read_text()))
        viewers = [await open_viewer(launched, page) for _ in range(VIEWERS)]
        await rows([await stack.enter_async_context(theatre(one, viewers, host)) for one in forwarders], wanted)


def main() -> None:
    """Print the figures, one JSON object a line."""
    wanted = wanted_rows(os.environ.get("LIANPING_ROWS", ""))
    janus_package.ensure()
    take_precedence()
    asyncio.run(measure(enter("tests.benchmarks.bench_media_pages"), wanted))


if __name__ == "__main__":
    main()
