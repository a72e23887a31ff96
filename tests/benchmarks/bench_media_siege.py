"""What two seats lose while a third, and strangers, send what nobody should: seeded, against the real media process.

Three scripted seats in one room of one media process. The third sends broken, forged, repeated and lying packets of
every kind over its own connection, and strangers send to the port (`tests/support/siege.py`); after each part every
seat answers a new offer, whose answers are sometimes spoilt. 50 000 packets, in the soak a million, as fast as one core
sends them beside the process.

* `siege_lost`: packets of sound and pictures that the two others did not get of each other, after repeats.
* `siege_faults`: datagrams that met a mistake of ours.
* `siege_memory_growth`: of the process, from the first tenth of the packets to the last.
* `siege_rate`: packets a second that were sent; for reading the rest by.
"""

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from signaling.messages import AskStats, OpenRoom, Ready, Reoffer, Stats
from signaling.scripted.scripted_peer import ScriptedPeer
from tests.benchmarks.__main__ import Figure
from tests.benchmarks.media.forwarder import resident_bytes
from tests.support.media_worker import Worker
from tests.support.media_world import FILMS, ROOM, AnswerOffer, cameras, everything
from tests.support.patience import until
from tests.support.siege import Siege

PACKETS, SOAK_PACKETS = 50_000, 1_000_000
PARTS = 10
AT_ONCE = 20
SEED = 20261126
TALKING, HOSTILE = ("E1", "E2"), "E3"
ALL = (*TALKING, HOSTILE)


class Besieged:
    """The room and its seats."""

    def __init__(self, folder: Path) -> None:
        self.worker = Worker(folder / "control")
        self.seats = {alias: ScriptedPeer(FILMS[0], tells_arrivals=True) for alias in ALL}
        self._siege: Siege | None = None

    async def begin(self) -> Siege:
        """Let all sit down, and the siege begin."""
        await self.worker.start()
        server = self.worker.server
        server.say(OpenRoom(room=ROOM))
        await server.set_policy(everything(*ALL))
        for alias, seat in self.seats.items():
            await server.join(alias, self._answering(seat), ALL)
            await seat.connected()
        hostile = self.seats[HOSTILE]
        self._siege = Siege(SEED, server.every(Ready)[0].udp_port, hostile)
        return self._siege

    def _answering(self, seat: ScriptedPeer) -> AnswerOffer:
        async def answer(offer: str) -> str:
            honest = await seat.answer(offer)
            if self._siege is None or seat is not self.seats[HOSTILE]:
                return honest
            return self._siege.packets.answer(honest)

        return answer

    async def stats(self) -> Stats:
        """The counters as they stand."""
        before = len(self.worker.server.every(Stats))
        self.worker.server.say(AskStats(room=ROOM))
        await until(lambda: len(self.worker.server.every(Stats)) > before)
        return self.worker.server.every(Stats)[-1]

    def offer_again(self) -> None:
        """Have the hostile seat answer once more."""
        self.worker.server.say(Reoffer(room=ROOM, alias=HOSTILE, sources=cameras(*TALKING)))

    def lost(self) -> int:
        """Of what the two others send each other."""
        one, other = TALKING
        pairs = ((one, other), (other, one))
        return sum(
            max(0, self.seats[listener].received[source, track].reception.lost)
            for listener, source in pairs
            for track in ("audio", "video")
        )

    async def close(self) -> None:
        """End all."""
        for seat in self.seats.values():
            await seat.close()
        self.worker.hang_up()
        await self.worker.ended()


async def measure(packets: int) -> None:
    """Besiege, and print the figures."""
    with TemporaryDirectory() as folder:
        besieged = Besieged(Path(folder))
        siege = await besieged.begin()
        loop = asyncio.get_running_loop()
        began, resident = loop.time(), [0] * PARTS
        for part in range(PARTS):
            while siege.count < packets * (part + 1) // PARTS:
                for _ in range(AT_ONCE):
                    siege.send()
                await asyncio.sleep(0)
            resident[part] = resident_bytes(besieged.worker.process.pid)
            besieged.offer_again()
            await asyncio.sleep(0.5)
        rate = siege.count / (loop.time() - began)
        stats = await besieged.stats()
        siege.close()
        lost = besieged.lost()
        await besieged.close()
    _put("siege_lost", lost, "packets")
    _put("siege_faults", stats.strays.get("fault", 0), "datagrams")
    _put("siege_memory_growth", (resident[-1] - resident[0]) / 1024, "KiB")
    _put("siege_rate", rate, "packets/s")
    sys.stderr.write(f"sent {dict(siege.sent)}; dropped {stats.dropped}; strays {stats.strays}\n")


def _put(metric: str, value: float, unit: str) -> None:
    figure = Figure(bench="media_siege", metric=metric, value=round(value, 1), unit=unit, runs=1)
    sys.stdout.write(msgspec.json.encode(figure).decode() + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print the figures, one JSON object a line."""
    asyncio.run(measure(SOAK_PACKETS if os.environ.get("LIANPING_SOAK") == "1" else PACKETS))


if __name__ == "__main__":
    main()
