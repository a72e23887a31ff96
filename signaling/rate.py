"""Octets over the last second, as bits per second. Time is an argument, in seconds."""

WINDOW_S = 1.0


class Rate:
    """Counts in windows of a second, so that adding costs next to nothing."""

    def __init__(self) -> None:
        self._began_at = 0.0
        self._octets = 0
        self._before = 0.0  # octets of the window before, scaled to a whole one

    def add(self, octets: int, now: float) -> None:
        """Note a packet."""
        if now - self._began_at >= WINDOW_S:
            self._turn(now)
        self._octets += octets

    def _turn(self, now: float) -> None:
        elapsed = now - self._began_at
        self._before = self._octets / elapsed if elapsed < 2 * WINDOW_S else 0.0
        self._began_at, self._octets = now, 0

    def bps(self, now: float) -> float:
        """Of the last whole window and the part of the present one."""
        if now - self._began_at >= WINDOW_S:
            self._turn(now)
        part = (now - self._began_at) / WINDOW_S
        return 8 * (self._octets + self._before * (1 - part)) / WINDOW_S
