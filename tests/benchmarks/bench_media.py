"""Our media process against Janus VideoRoom, under the same load from the same generator.

The reference is Debian's Janus with two event loops (its faster form), congestion control as it is by default, AES-GCM,
ICE-lite as ours, without plugins and transports that are not used. Both servers run in turn, round by round, inside a
network namespace of the benchmark's own whose address is no loopback, which Janus would not offer; nothing reaches a
real network. Where Janus or the namespace cannot be had, ours is measured alone and the peer is null.

The generator (`media/load.py`) is one thread in this process, with one UDP socket for each connection, real ICE and
DTLS-SRTP. It sends evenly spaced packets of 1112 bytes as picture, 50 a second of 112 bytes as sound, with the header
extensions that a server agrees to; it counts and drops what comes, answers requests for key frames, and each seat sends
receiver reports twice a second. Some listeners decrypt all they get, which proves that the SRTP is valid, and compare
the time in the payload with that at which the kernel took the packet: this is the delay, so that of the generator's own
reading is not in it.

* `cpu_per_forwarded_packet_<packets a second>x32`, `..._room9`: CPU time of the whole server process (the kernel's
  clock of it, all threads, user and system) over the packets that reached the listeners. The kernel charges the way
  over its loopback to whoever sends, for both servers alike.
* `recorded_packet_cpu`: the same at 650 packets a second while all that is sent is recorded, sealed and written; the
  peer records nothing.
* `..._650x32_without_<feature>`: while the seats leave a feature out; the peer is ours with all of them.
* `added_delay_p99`: at the load at which our process takes half a core, from sending to the receiver's socket.
* `rooms_per_core`: rooms of nine seats, each with sound and 640x360 at 600 kbit/s, all to all, until the 99th
  percentile of the delay passes 20 ms in two windows in a row. The server has one core, the generator the others.
* `memory_per_seat`: what the resident memory grew by for each of the 36 seats of four such rooms.
* `memory_growth_per_seat_hour`: in the soak only, after those four rooms have played for hours.

A ratio is that of medians; compare inside one run only. Frames are five packets, a key frame a second. Not measured
here: real network cards, several worker processes, IPv6.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from tests.benchmarks.media import janus_package
from tests.benchmarks.media.description import Feature
from tests.benchmarks.media.fan_out import LOADS, SUBSCRIBERS, FanOut, fan_out, half_core_load, one_load
from tests.benchmarks.media.forwarder import Forwarder, Lianping
from tests.benchmarks.media.full_rooms import Capacity, memory_growth, one_room, rooms_per_core
from tests.benchmarks.media.janus import Janus
from tests.benchmarks.media.own_network import LOOPBACK, enter
from tests.benchmarks.media.rows import Goal, figure, put, say, take_precedence
from tests.benchmarks.media.stage import Window

ROUNDS = 3
WINDOW_S = 3.0
ROOMS_WINDOW_S = 2.0
SOAK_HOURS = 5.0

FEATURE_LOAD = 650
"Packets a second at which recording is measured, and what a feature costs."
CPU_GOALS = {200: Goal(ratio=0.75), 650: Goal(ratio=0.75), 2450: Goal(ratio=0.9)}

Make = Callable[[Path], Forwarder]
"A server with its files in a fresh folder."


class Rounds:
    """What every round measured of each server, ours first."""

    def __init__(self, makers: Sequence[Make], address: str) -> None:
        self._makers = makers
        self._address = address
        self.names: list[str] = []
        self.fan_outs: list[list[FanOut]] = [[] for _ in makers]
        self.rooms: list[list[Window]] = [[] for _ in makers]
        self.recorded: list[Window] = []
        self.without: dict[Feature, list[Window]] = {feature: [] for feature in get_args(Feature)}
        self._half_core_load = 0

    def _load_of_half_a_core(self, window: Window) -> int:
        """Chosen once, by our first run; the same for both servers."""
        self._half_core_load = self._half_core_load or half_core_load(window)
        return self._half_core_load

    async def run(self) -> None:
        """One round."""
        for maker, fan_outs, rooms in zip(self._makers, self.fan_outs, self.rooms, strict=True):
            with TemporaryDirectory() as one, TemporaryDirectory() as other:
                forwarder = maker(Path(one))
                fan_outs.append(await fan_out(forwarder, WINDOW_S, self._load_of_half_a_core))
                rooms.append(await one_room(maker(Path(other)), WINDOW_S))
                self.names = [*self.names, forwarder.name][: len(self._makers)]
        self.recorded.append(await self._of_ours(records=True))
        for feature, windows in self.without.items():
            windows.append(await self._of_ours(without=frozenset({feature})))

    async def _of_ours(self, *, records: bool = False, without: frozenset[Feature] = frozenset()) -> Window:
        with TemporaryDirectory() as folder:
            forwarder = Lianping(Path(folder), self._address, records=records, without=without)
            return await one_load(forwarder, FEATURE_LOAD, WINDOW_S)

    def put(self) -> None:
        """Print the figures."""
        peer = self.names[1] if len(self.names) > 1 else None

        def row(metric: str, unit: str, values: Sequence[Sequence[float]], goal: Goal) -> None:
            theirs = values[1] if len(values) > 1 else []
            put(figure(metric, unit, values[0], peer, theirs), goal, theirs)

        recorded = [[run.cpu_us_per_packet for run in self.recorded]]
        if len(self.fan_outs) > 1:
            recorded.append([run.by_load[FEATURE_LOAD].cpu_us_per_packet for run in self.fan_outs[1]])
        row("recorded_packet_cpu", "us", recorded, Goal(ratio=1.0))
        whole = [run.by_load[FEATURE_LOAD].cpu_us_per_packet for run in self.fan_outs[0]]
        for feature, windows in self.without.items():
            metric = f"cpu_per_forwarded_packet_{FEATURE_LOAD}x{SUBSCRIBERS}_without_{feature}"
            put(figure(metric, "us", [w.cpu_us_per_packet for w in windows], "lianping, all of it", whole), Goal())
        for load in LOADS:
            costs = [[run.by_load[load].cpu_us_per_packet for run in runs] for runs in self.fan_outs]
            row(f"cpu_per_forwarded_packet_{load}x{SUBSCRIBERS}", "us", costs, CPU_GOALS[load])
        costs = [[window.cpu_us_per_packet for window in runs] for runs in self.rooms]
        row("cpu_per_forwarded_packet_room9", "us", costs, Goal(ratio=0.75))
        delays = [[run.half_core.age_ms(0.99) for run in runs] for runs in self.fan_outs]
        say(f"half a core of ours is {self._half_core_load} packets a second x {SUBSCRIBERS}")
        row("added_delay_p99", "ms", delays, Goal(value=5.0, ratio=1.05))


async def capacities(makers: Sequence[Make], peer: str | None) -> None:
    """How much one core and some memory hold."""
    found: list[Capacity] = []
    for maker in makers:
        with TemporaryDirectory() as folder:
            found.append(await rooms_per_core(maker(Path(folder)), ROOMS_WINDOW_S))
    ours, theirs = found[:1], found[1:]
    rooms = figure("rooms_per_core", "rooms", [c.rooms for c in ours], peer, [c.rooms for c in theirs], digits=0)
    put(rooms, Goal(is_more_better=True))
    put(
        figure("memory_per_seat", "KiB", [c.seat_kib for c in ours], peer, [c.seat_kib for c in theirs], digits=0),
        Goal(),
    )


async def soak(maker: Make) -> None:
    """The hours-long form."""
    with TemporaryDirectory() as folder:
        growth = await memory_growth(maker(Path(folder)), SOAK_HOURS)
    put(figure("memory_growth_per_seat_hour", "KiB", [growth], None, []), Goal(value=1.0))


async def measure(address: str | None) -> None:
    """All rows."""
    makers: list[Make] = [lambda folder: Lianping(folder, address or LOOPBACK)]
    if address is None:
        say("no network namespace can be made here, and Janus offers no loopback: nothing is compared")
    elif janus_package.is_installed():
        makers.append(lambda folder: Janus(folder, address))
    rounds = Rounds(makers, address or LOOPBACK)
    for _ in range(ROUNDS):
        await rounds.run()
    rounds.put()
    if len(os.sched_getaffinity(0)) > 1:
        await capacities(makers, rounds.names[1] if len(rounds.names) > 1 else None)
    else:
        say("one core only: no room for the generator beside a server that fills it, so no `rooms_per_core`")
    if os.environ.get("LIANPING_SOAK") == "1":
        await soak(makers[0])


def main() -> None:
    """Print the figures, one JSON object a line."""
    janus_package.ensure()
    take_precedence()
    asyncio.run(measure(enter("tests.benchmarks.bench_media")))


if __name__ == "__main__":
    main()
