"""A server with rooms full of load seats, and windows of time over it in which everything is counted."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import msgspec

from tests.benchmarks.media.forwarder import Forwarder, RoomPlan, resident_bytes
from tests.benchmarks.media.load import Load
from tests.benchmarks.media.path import Path
from tests.benchmarks.media.received import LoadSeat

SOUNDS_PER_SECOND = 50
OPENING_S = 0.5
OPENING_WINDOWS = 16
ALMOST_ALL = 0.97


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in some seconds."""

    seconds: float
    cpu_s: float
    "Of the server's process, all its threads."
    sent: int
    "To the server, by all seats."
    received: int
    "From the server: packets that it forwarded."
    undecryptable: int
    late: int
    ages_ms: list[float]
    "Of the sampled packets, sorted."
    load_cpu_s: float

    @property
    def cpu_us_per_packet(self) -> float:
        """CPU time of the server for each packet it forwarded."""
        return 1e6 * self.cpu_s / self.received

    def arrived(self, listeners: int) -> float:
        """The share that came out of what should have, for so many listeners to each packet."""
        return self.received / (self.sent * listeners)

    @property
    def cores(self) -> float:
        """How much of a core the server used."""
        return self.cpu_s / self.seconds

    def age_ms(self, quantile: float) -> float:
        """From sending to the receiver's socket."""
        return self.ages_ms[min(len(self.ages_ms) - 1, int(quantile * len(self.ages_ms)))]


def process_cpu_s(pid: int) -> float:
    """CPU time of another process, exact to the nanosecond (the kernel's clock id for a process)."""
    return time.clock_gettime(~pid << 3 | 2)


def _sampled(paths: Sequence[Path], samples: int) -> list[int]:
    """Places of the first, the last and some listeners between."""
    listening = [place for place, path in enumerate(paths) if any(not line.is_ours for line in path.lines)]
    steps = max(1, samples - 1)
    return sorted({listening[n * (len(listening) - 1) // steps] for n in range(samples)})


class Stage:
    """A running server with its seats; made by `stage`."""

    def __init__(self, forwarder: Forwarder, load: Load) -> None:
        self.forwarder = forwarder
        self.empty_bytes = resident_bytes(forwarder.pid)
        "What the server held before the first room."
        self.seats = 0
        self.routes = 0
        self._load = load
        self._paths: list[Path] = []
        self._members: list[LoadSeat] = []

    async def fill(self, plan: RoomPlan, *, video_pace: float, samples: int = 3) -> None:
        """Seat a room; every publisher sends sound and so many video packets a second."""
        paths = await self.forwarder.fill(plan)
        members = self._load.add(paths, sampled=_sampled(paths, samples))
        self._paths += paths
        self._members += members
        self.seats += len(plan.seats)
        self.routes += len(plan.routes)
        self.pace(video_pace)

    def pace(self, video: float) -> None:
        """Change the video packets a second of every publisher."""
        for member in self._members:
            for track in member.tracks:
                track.pace = video if track.kind == "video" else SOUNDS_PER_SECOND

    @property
    def profiles(self) -> set[str]:
        """How packets are encrypted."""
        return {path.dtls.profile for path in self._paths}

    async def opened(self, listeners: int) -> bool:
        """Wait until all that is sent comes out: congestion control has to find out what the way carries."""
        for _ in range(OPENING_WINDOWS):
            window = await self.window(OPENING_S, settle_s=0.0)
            if window.arrived(listeners) > ALMOST_ALL:
                return True
        return False

    async def window(self, seconds: float, *, settle_s: float = 1.0) -> Window:
        """Let it run, then count for some seconds."""
        await asyncio.sleep(settle_s)
        self._load.ages_ms()
        pid, began = self.forwarder.pid, time.monotonic()
        cpu_s, counts = process_cpu_s(pid), self._load.counts()
        await asyncio.sleep(seconds)
        cpu_s, after = process_cpu_s(pid) - cpu_s, self._load.counts()
        return Window(
            seconds=time.monotonic() - began,
            cpu_s=cpu_s,
            sent=after.sent - counts.sent,
            received=after.received - counts.received,
            undecryptable=after.undecryptable - counts.undecryptable,
            late=after.late - counts.late,
            ages_ms=self._load.ages_ms(),
            load_cpu_s=after.cpu_s - counts.cpu_s,
        )

    async def close(self) -> None:
        """Let every seat say goodbye."""
        await self._load.stop()
        await asyncio.gather(*(path.close() for path in self._paths))


@contextmanager
def _on(cores: set[int] | None) -> Iterator[None]:
    """What is started meanwhile stays on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@asynccontextmanager
async def stage(forwarder: Forwarder, *, core: int | None = None) -> AsyncIterator[Stage]:
    """Start a server, and end it with everything on it; if `core` is given it has that one to itself."""
    with _on({core} if core is not None else None):
        await forwarder.start()
    try:
        load = Load()
        with _on(os.sched_getaffinity(0) - {core}):
            load.start()
        running = Stage(forwarder, load)
        try:
            yield running
        finally:
            await running.close()
    finally:
        await forwarder.close()
