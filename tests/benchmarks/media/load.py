"""The load generator: one thread that sends on time, takes what comes, reports and counts, for all seats.

Everything it does is a job with a time at which it is due: to send a packet, to empty some sockets, to report. Between
jobs it sleeps. Sockets are emptied in small steps, so that no packet is sent late because others are being received;
nobody waits for a datagram with a system call, so that a server pays for sending one and not for waking us up.
"""

import asyncio
import heapq
import math
import queue
import threading
import time
from collections.abc import Callable, Iterable

import msgspec

from tests.benchmarks.media import feedback
from tests.benchmarks.media.drain import Drain
from tests.benchmarks.media.path import Path
from tests.benchmarks.media.received import LoadSeat

EMPTY_EACH_S = 0.005
"Each socket, once; at 2450 packets a second a dozen wait."
STEP_S = 0.0005
REPORT_S = 0.5
CHECK_S = 2.0
LATE_S = 0.02
"A job that is later does not make up for what it missed."

Job = Callable[[float], float]
"Takes the time, gives the seconds until it is due again."


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Since the generator began."""

    sent: int
    received: int
    undecryptable: int
    "Of the sampled ones."
    late: int
    "Jobs done more than `LATE_S` too late: the machine was busy otherwise."
    cpu_s: float
    "Of this process."


class Load:
    """Runs from `start` until `stop`; seats may be added meanwhile."""

    def __init__(self) -> None:
        self._seats: list[LoadSeat] = []
        self._jobs: list[tuple[float, int, Job]] = []
        self._numbers = 0
        self._new: queue.SimpleQueue[list[LoadSeat]] = queue.SimpleQueue()
        self._drains = {True: Drain(), False: Drain()}
        self._next_seat = 0
        self._late = 0
        self._is_stopping = False
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="load")

    def add(self, paths: Iterable[Path], *, sampled: Iterable[int] = ()) -> list[LoadSeat]:
        """Take over connected paths; those at the sampled places are decrypted."""
        chosen = set(sampled)
        seats = []
        for place, path in enumerate(paths):
            path.hand_over()
            seats.append(LoadSeat(path, is_sampled=place in chosen))
        self._new.put(seats)
        return seats

    def start(self) -> None:
        """Begin to send and to receive."""
        self._thread.start()

    async def stop(self) -> None:
        """End; the paths are nobody's then."""
        self._is_stopping = True
        await asyncio.to_thread(self._thread.join)

    def counts(self) -> Counts:
        """The counters now."""
        return Counts(
            sent=sum(track.sent for seat in self._seats for track in seat.tracks),
            received=sum(seat.packets for seat in self._seats),
            undecryptable=sum(seat.undecryptable for seat in self._seats),
            late=self._late,
            cpu_s=time.process_time(),
        )

    def ages_ms(self) -> list[float]:
        """How long the sampled packets were under way since this was last asked, sorted."""
        ages: list[int] = []
        for seat in self._seats:
            taken, seat.ages_ns = seat.ages_ns, []
            ages += taken
        return sorted(age / 1e6 for age in ages)

    def _run(self) -> None:
        self._put(time.monotonic(), self._empty_some)
        while not self._is_stopping:
            if not self._new.empty():
                self._welcome(self._new.get())
            due_at, number, job = self._jobs[0]
            now = time.monotonic()
            if due_at > now:
                time.sleep(due_at - now)
                continue
            if now - due_at > LATE_S:
                self._late += 1
                due_at = now
            heapq.heapreplace(self._jobs, (due_at + job(now), number, job))

    def _put(self, at: float, job: Job) -> None:
        self._numbers += 1
        heapq.heappush(self._jobs, (at, self._numbers, job))

    def _welcome(self, seats: list[LoadSeat]) -> None:
        now = time.monotonic()
        for place, seat in enumerate(seats):
            share = place / len(seats)  # so that not all are due at once
            for track in seat.tracks:
                self._put(now + share / track.pace, track.send)
            self._put(now + share * REPORT_S, self._reporting(seat))
            self._put(now + share * CHECK_S, self._checking(seat))
            if seat.feedback is not None:
                self._put(now + share * feedback.EVERY_S, self._telling(seat))
        self._seats = self._seats + seats

    def _empty_some(self, now: float) -> float:
        seats = self._seats
        for _ in range(math.ceil(len(seats) * STEP_S / EMPTY_EACH_S)):
            seat = seats[self._next_seat % len(seats)]
            self._next_seat += 1
            for datagram in seat.take(self._drains[seat.is_stamped], now):
                self._loop.call_soon_threadsafe(seat.path.handle, datagram)
        return STEP_S

    @staticmethod
    def _reporting(seat: LoadSeat) -> Job:
        def report(now: float) -> float:
            seat.report()
            return REPORT_S

        return report

    @staticmethod
    def _telling(seat: LoadSeat) -> Job:
        def tell(now: float) -> float:
            seat.tell()
            return feedback.EVERY_S

        return tell

    @staticmethod
    def _checking(seat: LoadSeat) -> Job:
        def check(now: float) -> float:
            seat.path.check()
            return CHECK_S

        return check
