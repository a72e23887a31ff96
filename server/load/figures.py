"""What a load test has measured, and whether it is enough. Pure."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace


class SeatFigures(Struct, frozen=True, kw_only=True):
    """What one seat has met."""

    join_s: float | None
    "From opening the signal socket to ICE and DTLS; none if they never stood."
    first_frame_s: list[float]
    "From then on to the first key frame of each seat that may be seen."
    unseen: int
    "Seats of which no picture came."
    unheard: int
    "Seats of which no sound came while it was measured."
    expected: int
    "Packets, by their numbers."
    lost: int
    "Of these, that did not come, repeats counted as come."
    played_s: float
    "Of pictures: from the first frame of each to the end, added up."
    frozen_s: float
    "Of these, without a new frame for longer than `FROZEN_AFTER_S`."
    freezes: int
    delays_ms: list[float]
    "Of packets, from when they were due to be sent to their arrival."


class WorkerFigures(Struct, frozen=True, kw_only=True):
    """What one process of the load generator has met."""

    seats: list[SeatFigures]
    cores: float
    "Of a core that the process took while it measured: near 1 it is the limit itself."


class Spread(Struct, frozen=True):
    """Of many values."""

    p50: float
    p95: float
    max: float


class Result(StrEnum):
    """What a load test has shown."""

    CARRIED = "carried"
    "可以承载."
    NOT_CARRIED = "not_carried"
    "不足."
    UNDECIDED = "undecided"
    "The generator was the limit."


class LoadReport(Struct, frozen=True, kw_only=True):
    """A load test."""

    rooms: int
    seats: int
    "Of each room."
    seconds: float
    join_s: Spread
    first_frame_s: Spread
    loss: Spread
    "Share of the packets, seat by seat."
    frozen: Spread
    "Share of the time, seat by seat."
    freezes: int
    delay_ms: Spread
    not_connected: int
    unseen: int
    unheard: int
    generator_cores: Spread
    "Process by process."
    machine_cores: float
    "That everything on this machine took together, the server too where it runs here."
    machine_has: int
    result: Result
    reasons: list[str]
    "Names of what falls short: those of `LIMITS`, `not_connected`, `unseen`, `unheard`, `generator`."


LIMITS: Final[dict[str, float]] = {
    "join_s": 10.0,
    "first_frame_s": 5.0,
    "loss": 0.01,
    "frozen": 0.01,
    "delay_ms": 400.0,
}
"""Of 95 of 100. What takes longer than the first two is taken for broken; what is lost after repeats is seen and heard;
at 400 ms talk with one another suffers (ITU-T G.114)."""
GENERATOR_LIMIT: Final = 0.85
"Of a core, for one process."


def report(
    workers: Sequence[WorkerFigures], *, rooms: int, seats: int, seconds: float, machine_cores: float, machine_has: int
) -> LoadReport:
    """All that was measured, in figures and in a verdict."""
    met = [seat for worker in workers for seat in worker.seats]
    measured = LoadReport(
        rooms=rooms,
        seats=seats,
        seconds=seconds,
        join_s=spread(seat.join_s for seat in met if seat.join_s is not None),
        first_frame_s=spread(at for seat in met for at in seat.first_frame_s),
        loss=spread(seat.lost / seat.expected for seat in met if seat.expected),
        frozen=spread(seat.frozen_s / seat.played_s for seat in met if seat.played_s),
        freezes=sum(seat.freezes for seat in met),
        delay_ms=spread(delay for seat in met for delay in seat.delays_ms),
        not_connected=sum(seat.join_s is None for seat in met),
        unseen=sum(seat.unseen for seat in met),
        unheard=sum(seat.unheard for seat in met),
        generator_cores=spread(worker.cores for worker in workers),
        machine_cores=machine_cores,
        machine_has=machine_has,
        result=Result.CARRIED,
        reasons=[],
    )
    return _judged(measured)


def _judged(measured: LoadReport) -> LoadReport:
    reasons = [name for name in ("not_connected", "unseen", "unheard") if getattr(measured, name)]
    reasons += [name for name, limit in LIMITS.items() if getattr(measured, name).p95 > limit]
    if not reasons:
        return measured
    is_limited = (
        measured.generator_cores.max > GENERATOR_LIMIT
        or measured.machine_cores > GENERATOR_LIMIT * measured.machine_has
    )
    if is_limited:
        return replace(measured, result=Result.UNDECIDED, reasons=[*reasons, "generator"])
    return replace(measured, result=Result.NOT_CARRIED, reasons=reasons)


def spread(values: Iterable[float]) -> Spread:
    """The middle, the 95th of 100 and the greatest; zeros where there is none."""
    ordered = sorted(values)
    if not ordered:
        return Spread(0.0, 0.0, 0.0)
    return Spread(ordered[(len(ordered) - 1) // 2], ordered[-(-len(ordered) * 95 // 100) - 1], ordered[-1])
