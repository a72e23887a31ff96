"""One process of the load generator: the seats of some rooms, each with real media. Reads a job, writes what it met.

`python -m server.load.worker` reads one line with a `Job` and says `seated` when every seat has been tried, or why the
server does not let one in; with the next line it measures for the job's seconds and answers with `WorkerFigures`; when
its input ends, it closes its rooms.
"""

import asyncio
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from itertools import cycle
from typing import Final

import aiohttp
import msgspec
from msgspec import Struct

from server.demo.play import Troupe, close, enrol_all, seat_all
from server.demo.seat_client import SeatClient, SeatRefused
from server.demo.seat_media import SeatMedia
from server.domain import commands as c
from server.domain.ids import Alias, RoomId
from server.domain.media_policy import publishes
from server.load.figures import SeatFigures, WorkerFigures
from server.load.plan import HOST
from signaling.messages import KIND_OF, Track
from signaling.scripted.clip import Clip, clips, load
from signaling.scripted.scripted_peer import ReceivedTrack

SEATED_WITHIN_S: Final = 60.0
"Then what has not come counts as not connected, and not seen."

SEATED: Final = "seated"

FAILURES: Final = (aiohttp.ClientError, TimeoutError)
"How sitting down ends where the server, the network or this machine cannot keep up."


class RoomJob(Struct, frozen=True, kw_only=True):
    """A room and the entry codes of all its seats."""

    room: RoomId
    codes: dict[Alias, str]


class Job(Struct, frozen=True, kw_only=True):
    """What one process does."""

    url: str
    root: str | None
    "The certificate, in PEM, that the server's is to be checked with; none for those of this machine."
    rooms: list[RoomJob]
    seconds: float


class LoadSeat:
    """A seat with its film."""

    def __init__(self, media: SeatMedia, sources: int) -> None:
        self.media = media
        self.sources = sources
        "Seats that it may see."
        self.joined_at: float | None = None
        self._began_at = _now()
        self._before: dict[tuple[str, Track], tuple[int, int]] = {}

    async def join(self) -> None:
        """Wait for the connection."""
        await self.media.connected.wait()
        self.joined_at = _now()

    @property
    def sees_all(self) -> bool:
        """Whether a picture of everybody has come."""
        return sum(track.smoothness.first_at is not None for track in self._tracks("video")) >= self.sources

    def _tracks(self, kind: str) -> list[ReceivedTrack]:
        return [track for track in self.media.peer.received.values() if track.kind == kind]

    def begin(self) -> None:
        """Measure from now on."""
        now = _now()
        for key, track in self.media.peer.received.items():
            track.smoothness.begin_again(now)
            self._before[key] = track.reception.expected, track.reception.packets

    def figures(self, seconds: float) -> SeatFigures:
        """What it has met since `begin`."""
        now, pictures = _now(), self._tracks("video")
        firsts = [at for track in pictures if (at := track.smoothness.first_at) is not None]
        counts = {key: self._since_begin(key, track) for key, track in self.media.peer.received.items()}
        heard = sum(came > 0 for key, (_, came) in counts.items() if KIND_OF[key[1]] == "audio")
        return SeatFigures(
            join_s=None if self.joined_at is None else self.joined_at - self._began_at,
            first_frame_s=[at - self.joined_at for at in firsts] if self.joined_at is not None else [],
            unseen=max(0, self.sources - len(firsts)),
            unheard=max(0, self.sources - heard),
            expected=sum(expected for expected, _ in counts.values()),
            lost=sum(max(0, expected - came) for expected, came in counts.values()),
            played_s=seconds * len(firsts),
            frozen_s=sum(min(seconds, track.smoothness.frozen_until(now)) for track in pictures),
            freezes=sum(track.smoothness.freezes for track in pictures),
            delays_ms=[delay for track in self.media.peer.received.values() for delay in track.smoothness.delays_ms],
        )

    def _since_begin(self, key: tuple[str, Track], track: ReceivedTrack) -> tuple[int, int]:
        """Packets that were sent, and that came."""
        expected, packets = self._before.get(key, (0, 0))
        return track.reception.expected - expected, track.reception.packets - packets


class Worker:
    """The rooms of one job, for as long as it is entered."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._trust = ssl.create_default_context(cadata=job.root) if job.root else None
        self._stack = AsyncExitStack()
        self._troupes: list[Troupe] = []
        self.seats: list[LoadSeat] = []
        self._joining: list[asyncio.Task[None]] = []
        self._absent: list[SeatFigures] = []

    async def __aenter__(self) -> "Worker":
        return self

    async def __aexit__(self, *_: object) -> None:
        for troupe in self._troupes:
            with suppress(SeatRefused, *FAILURES):
                await _close(troupe)
        await self._stack.aclose()

    async def sit_down(self) -> None:
        """Everybody enters, is confirmed and connects, room after room, seat after seat; as far as that can be done.

        Raises:
            SeatRefused: the server does not let one in.
        """
        films = cycle([load(path) for path in clips()])
        for job in self._job.rooms:
            before, sources = len(self.seats), len(job.codes) - 1
            with suppress(*FAILURES):
                await self._fill(job, films)
            missing = len(job.codes) - (len(self.seats) - before)
            self._absent += [absent(sources)] * missing
        with suppress(TimeoutError):
            async with asyncio.timeout(SEATED_WITHIN_S):
                await asyncio.gather(*self._joining)
                while not all(seat.sees_all for seat in self.seats):  # noqa: ASYNC110  # pictures come without an event
                    await asyncio.sleep(0.1)
        for task in self._joining:
            task.cancel()

    async def _fill(self, job: RoomJob, films: Iterator[Clip]) -> None:
        troupe = Troupe({})
        self._troupes.append(troupe)
        for alias, code in job.codes.items():
            troupe.seats |= (await seat_all(self._job.url, job.room, {alias: code}, self._stack, self._trust)).seats
        await enrol_all(troupe)
        await _confirm_all(troupe)
        view = troupe.host.view
        senders = [seat for alias, seat in troupe.seats.items() if publishes(view.seats[alias])]
        for seat in senders:
            media = SeatMedia(seat, next(films), tells_arrivals=True)
            await self._stack.enter_async_context(media)
            self.seats.append(LoadSeat(media, len(senders) - 1))
            self._joining.append(asyncio.create_task(self.seats[-1].join()))

    async def measure(self) -> WorkerFigures:
        """Let it run for the job's seconds."""
        for seat in self.seats:
            seat.begin()
        began_at, cpu_s = _now(), time.process_time()
        await asyncio.sleep(self._job.seconds)
        seconds = _now() - began_at
        cores = (time.process_time() - cpu_s) / seconds
        return WorkerFigures(seats=[*(seat.figures(seconds) for seat in self.seats), *self._absent], cores=cores)


def absent(sources: int) -> SeatFigures:
    """What a seat has met that never sat down, in a room where it was to see so many others."""
    return SeatFigures(
        join_s=None,
        first_frame_s=[],
        unseen=sources,
        unheard=sources,
        expected=0,
        lost=0,
        played_s=0.0,
        frozen_s=0.0,
        freezes=0,
        delays_ms=[],
    )


async def _close(troupe: Troupe) -> None:
    """End a room, also one in which not everybody has come."""
    host = troupe.seats.get(HOST)
    if host is None:
        return
    if host.view.seats[HOST].key is None:
        await host.enrol()
    await close(troupe, "负载测试结束。")


async def _confirm_all(troupe: Troupe) -> None:
    """The host's operator vouches for everybody."""
    host = troupe.seats[HOST]
    for alias, seat in troupe.seats.items():
        await _confirm(host, alias, seat)
    await troupe.everyone_sees(lambda view: all(view.seats[alias].confirmed for alias in troupe.seats))


async def _confirm(host: SeatClient, alias: Alias, seat: SeatClient) -> None:
    await host.until(lambda view: view.seats[alias].key is not None)
    if not host.view.seats[alias].confirmed:
        await host.submit(c.ConfirmSeat(seat=alias, key=seat.key.fingerprint))


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _work() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    job = msgspec.json.decode(await reader.readline(), type=Job)
    async with Worker(job) as worker:
        try:
            await worker.sit_down()
        except SeatRefused as refused:
            _say(msgspec.json.encode(str(refused)))
            return
        _say(msgspec.json.encode(SEATED))
        if await reader.readline():
            measuring, ending = asyncio.create_task(worker.measure()), asyncio.create_task(reader.read())
            await asyncio.wait((measuring, ending), return_when=asyncio.FIRST_COMPLETED)
            if measuring.done():
                _say(msgspec.json.encode(measuring.result()))
                await ending
            measuring.cancel()


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Work until the input ends."""
    asyncio.run(_work())


if __name__ == "__main__":
    main()
