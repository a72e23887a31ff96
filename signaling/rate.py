"""Octets over the last second, as bits per second; counted in C. Time is an argument, in seconds."""

from typing import Any

from signaling.hot_path.library import ffi, lib


class Rate:
    """Counts in windows of a second, so that adding costs next to nothing.

    Args:
        pointer: where it is counted, a `struct rate`; else in one of its own.
    """

    def __init__(self, pointer: Any = None) -> None:
        self._counts = pointer or ffi.new("struct rate *")

    def add(self, octets: int, now: float) -> None:
        """Note a packet."""
        lib.add_octets(self._counts, octets, now)

    def bps(self, now: float) -> float:
        """Of the last whole window and the part of the present one."""
        return 8 * float(lib.octets_per_second(self._counts, now))
