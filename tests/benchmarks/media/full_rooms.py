"""Rooms of nine seats, all sending and receiving: cost of a packet, how many fit on a core, and memory."""

import os

import msgspec

from tests.benchmarks.media.forwarder import Forwarder, RoomPlan, resident_bytes
from tests.benchmarks.media.rows import say
from tests.benchmarks.media.stage import ALMOST_ALL, Stage, Window, stage

SEATS = 9
VIDEO_PACE = 70
"Packets a second: 640x360 at about 600 kbit/s."
MAX_DELAY_MS = 20.0
MAX_ROOMS = 20
MEMORY_ROOMS = 4
SETTLE_S = 0.8


class Capacity(msgspec.Struct, frozen=True):
    """What one core and some memory hold."""

    rooms: int
    seat_kib: float
    "What the server's memory grew by for each seat."


def room_of_nine(number: int) -> RoomPlan:
    """All nine see and hear each other."""
    seats = tuple(f"R{number}-{n}" for n in range(SEATS))
    return RoomPlan(name=f"room-{number}", publishers=seats, listeners=seats)


async def one_room(forwarder: Forwarder, seconds: float) -> Window:
    """A single room."""
    async with stage(forwarder) as running:
        await running.fill(room_of_nine(1), video_pace=VIDEO_PACE)
        await running.opened(SEATS - 1)
        window = await running.window(seconds)
        say(_line(running, 1, window))
        return window


def _line(running: Stage, rooms: int, window: Window) -> str:
    return (
        f"{running.forwarder.name}: {rooms} rooms of nine: {window.cpu_us_per_packet:.2f} us a packet, "
        f"{window.cores:.2f} core, {window.arrived(SEATS - 1):.4f} arrived, delay p50 {window.age_ms(0.5):.2f} "
        f"p99 {window.age_ms(0.99):.2f} ms; generator {window.load_cpu_s / window.seconds:.2f} core"
    )


async def rooms_per_core(forwarder: Forwarder, seconds: float) -> Capacity:
    """Room after room until the delay passes the limit, twice in a row; the server has one core to itself."""
    held, seat_kib = 0, 0.0
    async with stage(forwarder, core=max(os.sched_getaffinity(0))) as running:
        for rooms in range(1, MAX_ROOMS + 1):
            await running.fill(room_of_nine(rooms), video_pace=VIDEO_PACE, samples=1)
            await running.opened(SEATS - 1)
            if rooms <= MEMORY_ROOMS:
                seat_kib = (resident_bytes(forwarder.pid) - running.empty_bytes) / running.seats / 1024
            if not await _holds(running, rooms, seconds):
                break
            held = rooms
    return Capacity(held, seat_kib)


async def memory_growth(forwarder: Forwarder, hours: float) -> float:
    """Play the rooms for hours; KiB that the server grew by each hour and seat, after a first tenth to settle."""
    async with stage(forwarder) as running:
        for number in range(1, MEMORY_ROOMS + 1):
            await running.fill(room_of_nine(number), video_pace=VIDEO_PACE, samples=1)
        await running.window(360 * hours)
        before = resident_bytes(forwarder.pid)
        for tenth in range(2, 11):
            window = await running.window(360 * hours, settle_s=0)
            held = resident_bytes(forwarder.pid)
            say(f"{tenth}0 %: {held / 1024:.0f} KiB; {_line(running, MEMORY_ROOMS, window)}")
        return (held - before) / 1024 / running.seats / (0.9 * hours)


async def _holds(running: Stage, rooms: int, seconds: float) -> bool:
    for _ in range(2):
        window = await running.window(seconds, settle_s=SETTLE_S)
        say(_line(running, rooms, window))
        if window.age_ms(0.99) <= MAX_DELAY_MS and window.arrived(SEATS - 1) > ALMOST_ALL:
            return True
    return False
