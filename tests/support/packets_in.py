"""Packets as the port takes them (`signaling/hot_path/receiver.c`), without a port."""

from typing import Any

from signaling.hot_path.intake import Intake, taken
from signaling.hot_path.library import lib


def take(intake: Intake[Any], data: bytes, now: float = 0.0, arrived: float = 0.0) -> int:
    """Have a decrypted packet counted and forwarded if it is of a known track; the result as in `intake.py`.

    Args:
        intake: of the seat.
        data: the packet.
        now: seconds of our clock.
        arrived: when the kernel took it, in seconds since 1970.
    """
    return int(lib.take_packet(intake.pointer, data, len(data), now, arrived, taken))
