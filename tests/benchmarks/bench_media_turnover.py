"""Memory of the media process while seats come and go: what a seat takes, and whether it is given back.

Two rooms of five scripted seats with sound and pictures. Every second one of them, drawn with a seed, leaves and comes
back, joins again without leaving, is offered a restart of ICE, or moves to another port; now and then a whole room is
closed and opened anew. The resident memory is looked at when all seats are there. Two minutes; in the soak five hours.

* `turnover_memory_per_seat`: what the process grew by for each seat, a few seconds after the last one had joined.
* `turnover_memory_slope`: by the line through all samples but those of the first third, an hour.
* `turnover_memory_per_rejoin`: the same growth for each connection that was made.

Connections that ended are cycles of objects: memory grows until Python has looked through its oldest objects for the
first time (some hundred joins), then it stays. So the short form shows that growth, and only the soak a leak; there the
slope has a goal.
"""

import asyncio
import os
import random
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from signaling.messages import CloseRoom, Leave, OpenRoom, Reoffer
from signaling.scripted.scripted_peer import ScriptedPeer
from tests.benchmarks.__main__ import Figure
from tests.benchmarks.media.forwarder import resident_bytes
from tests.benchmarks.media.rows import Goal, put
from tests.support.media_worker import Worker
from tests.support.media_world import FILMS, cameras, everything

ROOMS, SEATS = 2, 5
SECONDS, SOAK_SECONDS = 120.0, 5 * 3600.0
STEP_S = 1.0
SETTLE_S = 5.0
IS_SOAK = os.environ.get("LIANPING_SOAK") == "1"
FLAT_KIB_PER_H = 2048.0
"The most that is flat: over the longest sitting it comes to as much as sixteen seats."
SEED = 20261126

Place = tuple[str, str]
"Room and alias."


class House:
    """The rooms of one media process."""

    def __init__(self, folder: Path) -> None:
        self.worker = Worker(folder / "control")
        self.seats: dict[Place, ScriptedPeer] = {}
        self.joined = 0
        self._chance = random.Random(SEED)
        self._all = [(f"room-{n}", f"R{n}-{m}") for n in range(ROOMS) for m in range(SEATS)]

    @property
    def resident_kib(self) -> float:
        """What the process holds."""
        return resident_bytes(self.worker.process.pid) / 1024

    async def begin(self) -> None:
        """Open the rooms and seat everyone."""
        for room in sorted({room for room, _ in self._all}):
            await self._open(room)

    def _aliases(self, room: str) -> list[str]:
        return [alias for of_room, alias in self._all if of_room == room]

    async def _open(self, room: str) -> None:
        self.worker.server.say(OpenRoom(room=room))
        await self.worker.server.set_policy(everything(*self._aliases(room)), room=room)
        for alias in self._aliases(room):
            await self._join((room, alias))

    async def _join(self, place: Place) -> None:
        room, alias = place
        before = self.seats.get(place)
        seat = self.seats[place] = ScriptedPeer(FILMS[self.joined % len(FILMS)], tells_arrivals=True)
        await self.worker.server.join(alias, seat.answer, self._aliases(room), room=room)
        await seat.connected()
        self.joined += 1
        if before is not None:
            await before.close()

    async def turn(self) -> None:
        """Something happens to somebody."""
        place = self._chance.choice(self._all)
        room, alias = place
        match self._chance.randrange(20):
            case 0:
                self.worker.server.say(CloseRoom(room=room))
                await self._open(room)
            case 1 | 2 | 3:
                self.worker.server.say(Reoffer(room=room, alias=alias, sources=cameras(*self._aliases(room))))
            case 4 | 5 | 6:
                await self.seats[place].move()
            case 7 | 8 | 9 | 10 | 11:
                self.worker.server.say(Leave(room=room, alias=alias))
                await self._join(place)
            case _:
                await self._join(place)

    async def close(self) -> None:
        """End all."""
        for seat in self.seats.values():
            await seat.close()
        self.worker.hang_up()
        await self.worker.ended()


async def measure(seconds: float) -> None:
    """Let them come and go, and print the figures."""
    with TemporaryDirectory() as folder:
        house = House(Path(folder))
        await house.worker.start()
        empty = house.resident_kib
        await house.begin()
        await asyncio.sleep(SETTLE_S)
        full = house.resident_kib
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        samples: list[tuple[float, float, int]] = []
        while loop.time() - began_at < seconds:
            await house.turn()
            await asyncio.sleep(STEP_S)
            samples.append((loop.time() - began_at, house.resident_kib, house.joined))
        await house.close()
    late = samples[len(samples) // 3 :]
    per_s = statistics.linear_regression([at for at, _, _ in late], [kib for _, kib, _ in late]).slope
    per_join = statistics.linear_regression([float(n) for _, _, n in late], [kib for _, kib, _ in late]).slope
    _put("turnover_memory_per_seat", (full - empty) / ROOMS / SEATS, "KiB", Goal())
    _put("turnover_memory_slope", 3600 * per_s, "KiB/h", Goal(value=FLAT_KIB_PER_H) if IS_SOAK else Goal())
    _put("turnover_memory_per_rejoin", per_join, "KiB", Goal())
    marks = [f"{at:.0f} s: {kib / 1024:.1f} MiB" for at, kib, _ in samples[:: max(1, len(samples) // 20)]]
    sys.stderr.write(f"empty {empty / 1024:.1f} MiB, {samples[-1][2]} joined; {', '.join(marks)}\n")


def _put(metric: str, value: float, unit: str, goal: Goal) -> None:
    put(Figure(bench="media_turnover", metric=metric, value=round(value, 1), unit=unit, runs=1), goal)


def main() -> None:
    """Print the figures, one JSON object a line."""
    asyncio.run(measure(SOAK_SECONDS if IS_SOAK else SECONDS))


if __name__ == "__main__":
    main()
