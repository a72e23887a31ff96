"""What the media process pays to forward a packet, against the least that any program could pay.

One seat sends 650 video packets a second of 1100 bytes, 32 seats receive them: the load at which the architecture names
its reference. The figure is CPU time of the whole media process per packet that leaves it; the floor, measured between
the windows of the same run, is the fan-out of the same bytes to 32 sockets in a tight loop: copy, `srtp_protect` and
`sendmmsg`; no receiving, no feedback, no waking up.
"""

import asyncio
import secrets
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from signaling import rtp, vp8
from signaling.datagram_batches import NOTHING, Address, ReceiveBatch, SendBatch, bind_udp
from signaling.dtls_srtp import Certificate, DtlsSrtp
from signaling.hot_path.lanes import Lanes
from signaling.hot_path.library import ffi, lib
from signaling.hot_path.shaped_packet import ShapedPacket
from signaling.hot_path.way import Way
from signaling.messages import AskStats, OpenRoom, Stats, Track
from signaling.scripted.answer import answer, read_offer
from signaling.scripted.connection import ClientConnection
from signaling.sent_packets import SentPackets
from tests.support.media_worker import Worker
from tests.support.media_world import ROOM
from tests.support.patience import until

SUBSCRIBERS = 32
PACKETS_PER_SECOND = 650
PAYLOAD_BYTES = 1100
WINDOWS = 5
WINDOW_S = 3.0
FLOOR_ROUNDS = 300

KEY_FRAME = b"\x90\x80\x80\x01\x10" + bytes(PAYLOAD_BYTES - 5)
OTHER_FRAME = b"\x90\x80\x80\x01\x11" + bytes(PAYLOAD_BYTES - 5)


class Seat:
    """A seat that takes what comes and looks at none of it."""

    def __init__(self) -> None:
        self.ssrc = secrets.randbits(32)
        self._certificate = Certificate()
        self.connection = ClientConnection(self._certificate, lambda packet: None)
        self._connecting: asyncio.Task[None] | None = None

    async def answer(self, sdp: str) -> str:
        """Answer an offer and connect behind it."""
        offered = read_offer(sdp)
        await self.connection.open((offered.host, offered.port), offered.credentials)
        self._connecting = asyncio.create_task(self.connection.connect(offered.fingerprint))
        ssrcs: dict[Track, int] = {"video": self.ssrc}
        return answer(offered, self.connection.credentials, self._certificate.fingerprint, ssrcs)

    async def play(self) -> None:
        """Send packets evenly until cancelled."""
        loop = asyncio.get_running_loop()
        started_at, sent = loop.time(), 0
        while True:
            while started_at + sent / PACKETS_PER_SECOND <= loop.time():
                frame = OTHER_FRAME if sent % PACKETS_PER_SECOND else KEY_FRAME
                self.connection.send(self._packet(frame, sent))
                sent += 1
            await asyncio.sleep(0.5 / PACKETS_PER_SECOND)

    def _packet(self, payload: bytes, number: int) -> bytes:
        timestamp = number * 90_000 // PACKETS_PER_SECOND
        return rtp.build(payload, payload_type=96, marker=True, sequence=number, timestamp=timestamp, ssrc=self.ssrc)


def cpu_seconds(pid: int) -> float:
    """CPU time of another process, exact to the nanosecond (the kernel's clock id for a process)."""
    return time.clock_gettime(~pid << 3 | 2)


async def stats(worker: Worker) -> Stats:
    """Fresh counters of the media process."""
    before = len(worker.server.every(Stats))
    worker.server.say(AskStats(room=ROOM))
    await until(lambda: len(worker.server.every(Stats)) > before)
    return worker.server.every(Stats)[-1]


async def forwarded(worker: Worker) -> int:
    """Packets that have left the media process."""
    return sum(route.packets for route in (await stats(worker)).routes)


async def window(worker: Worker) -> float:
    """CPU microseconds per forwarded packet over one window."""
    packets, cpu = await forwarded(worker), cpu_seconds(worker.process.pid)
    await asyncio.sleep(WINDOW_S)
    packets, cpu = await forwarded(worker) - packets, cpu_seconds(worker.process.pid) - cpu
    return 1e6 * cpu / packets


async def connected_to_itself() -> DtlsSrtp:
    """One end of a DTLS-SRTP connection."""
    ends: dict[str, DtlsSrtp] = {}
    one, other = Certificate(), Certificate()
    ends["client"] = DtlsSrtp(one, "client", send=lambda data: ends["server"].handle(data), on_close=lambda: None)
    ends["server"] = DtlsSrtp(other, "server", send=lambda data: ends["client"].handle(data), on_close=lambda: None)
    await asyncio.gather(ends["client"].connect(other.fingerprint), ends["server"].connect(one.fingerprint))
    return ends["server"]


class Listener:
    """A lane to one socket, with a stretch that has begun."""

    def __init__(self, batch: SendBatch, dtls: DtlsSrtp, address: Address) -> None:
        self.way, self.sent = Way(), SentPackets()
        self.way.destination = address
        self.way.encrypt_with(*dtls.protection)
        self.lane = ffi.new("struct lane *", {"ssrc": 1, "payload_type": 96, "numbering": {"run": 1}})
        self.lane.batch, self.lane.way, self.lane.sent = batch.pointer, self.way.pointer, self.sent.pointer


class Floor:
    """32 sockets on the loopback, and one that sends to them."""

    def __init__(self, dtls: DtlsSrtp) -> None:
        self._sender = bind_udp("127.0.0.1", 0)
        self._receivers = [bind_udp("127.0.0.1", 0) for _ in range(SUBSCRIBERS)]
        self._batch = SendBatch(self._sender)
        self._lanes: Lanes[Listener] = Lanes()
        for receiver in self._receivers:
            receiver.sendto(b"x", self._sender.getsockname())
            arrivals = ReceiveBatch(self._sender)
            while arrivals.take_next(0.0) != NOTHING:
                self._lanes.add(Listener(self._batch, dtls, arrivals.sender))
        self._packet = ShapedPacket()
        self._sequence = 0

    def measure(self) -> float:
        """CPU microseconds per packet."""
        spent = 0.0
        for _ in range(FLOOR_ROUNDS):
            before = time.thread_time()
            self._send_one_to_each()
            spent += time.thread_time() - before
            for receiver in self._receivers:
                receiver.recv(2048)
        return 1e6 * spent / (FLOOR_ROUNDS * SUBSCRIBERS)

    def _send_one_to_each(self) -> None:
        self._sequence += 1
        data = rtp.build(OTHER_FRAME, payload_type=96, marker=True, sequence=self._sequence, timestamp=0, ssrc=1)
        self._packet.take(rtp.parse(data), rtp.Shape(), run=1, index=self._sequence, found=vp8.NOTHING)
        lib.fan_out(self._lanes.array, len(self._lanes.streams), self._packet.pointer, 0.0)
        self._batch.flush()


async def measure(folder: Path) -> dict[str, object]:
    """The figure."""
    floor = Floor(await connected_to_itself())
    worker = Worker(folder / "control")
    await worker.start()
    worker.server.say(OpenRoom(room=ROOM))
    seats = {alias: Seat() for alias in ("P", *(f"S{n}" for n in range(SUBSCRIBERS)))}
    await worker.server.set_policy([("P", alias, "video") for alias in seats])
    for alias, seat in seats.items():
        await worker.server.join(alias, seat.answer, ["P"] if alias != "P" else [], ["video"] if alias == "P" else [])
    playing = asyncio.create_task(seats["P"].play())
    await until(lambda: seats["P"].connection.is_connected)
    await window(worker)  # warm up
    floors, runs = [], []
    for _ in range(WINDOWS):
        floors.append(floor.measure())
        runs.append(await window(worker))
    end = await stats(worker)
    sys.stderr.write(
        f"floors {[round(value, 2) for value in floors]}, unsent {end.unsent}, "
        f"lost on the way in {end.tracks[0].lost} of {end.tracks[0].packets}\n"
    )
    playing.cancel()
    worker.hang_up()
    await worker.ended()
    for seat in seats.values():
        await seat.connection.close()
    value, least = statistics.median(runs), statistics.median(floors)
    return {
        "bench": "media_forward",
        "metric": f"cpu_per_forwarded_packet_{SUBSCRIBERS}x{PACKETS_PER_SECOND}",
        "value": round(value, 2),
        "unit": "us",
        "peer": "the fan-out alone",
        "peer_value": round(least, 2),
        "ratio": round(value / least, 2),
        "runs": [round(run, 2) for run in runs],
    }


def main() -> None:
    """Print the figure as one JSON line."""
    with TemporaryDirectory() as folder:
        figure = asyncio.run(measure(Path(folder)))
    sys.stdout.write(msgspec.json.encode(figure).decode() + "\n")


if __name__ == "__main__":
    main()
