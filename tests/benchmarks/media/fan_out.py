"""One seat sends to 32, at three loads and at the one that takes half a core: cost of a packet, and its delay."""

from collections.abc import Callable

import msgspec

from tests.benchmarks.media.forwarder import Forwarder, RoomPlan
from tests.benchmarks.media.rows import say
from tests.benchmarks.media.stage import SOUNDS_PER_SECOND, Stage, Window, stage

SUBSCRIBERS = 32
LOADS = (200, 650, 2450)
"Packets a second from the one that sends: sound, and the rest picture."
HALF_A_CORE = 0.5
BELIEVED = 0.02
"A window that differs more from what was sent was disturbed by something else on the machine: it is measured again."
TRIES = 2

PLAN = RoomPlan(name="fan-out", publishers=("P",), listeners=tuple(f"S{n}" for n in range(SUBSCRIBERS)))


class FanOut(msgspec.Struct, frozen=True):
    """The windows of one run."""

    by_load: dict[int, Window]
    half_core: Window


def half_core_load(window: Window) -> int:
    """The packets a second at which a server with this cost of a packet uses half a core."""
    return max(LOADS[0], round(HALF_A_CORE * 1e6 / window.cpu_us_per_packet / SUBSCRIBERS))


async def fan_out(forwarder: Forwarder, seconds: float, half_core: Callable[[Window], int]) -> FanOut:
    """Every load for some seconds; `half_core` gives that of the delay from the window of the greatest."""
    async with stage(forwarder) as running:
        await running.fill(PLAN, video_pace=LOADS[0] - SOUNDS_PER_SECOND)
        say(f"{forwarder.name}: {PLAN.name}, {', '.join(running.profiles)}, {SUBSCRIBERS} seats connected")
        by_load = {load: await _at(running, load, seconds) for load in LOADS}
        return FanOut(by_load, await _at(running, half_core(by_load[LOADS[-1]]), seconds))


async def one_load(forwarder: Forwarder, load: int, seconds: float) -> Window:
    """A single load for some seconds."""
    async with stage(forwarder) as running:
        await running.fill(PLAN, video_pace=load - SOUNDS_PER_SECOND)
        return await _at(running, load, seconds)


async def _at(running: Stage, load: int, seconds: float) -> Window:
    running.pace(load - SOUNDS_PER_SECOND)
    is_open = await running.opened(SUBSCRIBERS)
    if not is_open:
        say(f"{running.forwarder.name}: {load} x {SUBSCRIBERS}: its congestion control does not let it all through")
    for _ in range(TRIES if is_open else 1):
        window = await running.window(seconds)
        _say(running, load, window)
        if abs(window.arrived(SUBSCRIBERS) - 1) <= BELIEVED:
            break
    return window


def _say(running: Stage, load: int, window: Window) -> None:
    say(
        f"{running.forwarder.name}: {load} x {SUBSCRIBERS}: {window.cpu_us_per_packet:.2f} us a packet, "
        f"{window.cores:.2f} core, {window.arrived(SUBSCRIBERS):.4f} arrived, delay p50 "
        f"{window.age_ms(0.5):.2f} p99 {window.age_ms(0.99):.2f} ms; "
        f"generator {window.load_cpu_s / window.seconds:.2f} core, "
        f"{window.late} late, {window.undecryptable} undecryptable of {len(window.ages_ms)}"
    )
