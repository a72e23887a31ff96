"""How long the disk still holds what is recorded, at the rate of the last minutes."""

from collections import deque
from collections.abc import Callable
from typing import Final

RATE_OVER_S: Final = 300.0
"The rate is that of so many seconds."
KNOWN_AFTER_S: Final = 20.0
"A shorter time tells no rate."
LARGEST_PIECE_BYTES: Final = 8 << 20
"A disk that may not take the next piece is full; the media process makes none larger."


class SpaceWatch:
    """Counts what is written.

    Args:
        free_bytes: what the disk can still take.
        clock: seconds that only rise.
    """

    def __init__(self, free_bytes: Callable[[], int], clock: Callable[[], float]) -> None:
        self._free_bytes = free_bytes
        self._clock = clock
        self._written: deque[tuple[float, int]] = deque()

    def wrote(self, size: int) -> None:
        """Some bytes have been written."""
        self._written.append((self._clock(), size))

    def minutes_left(self) -> int | None:
        """Whole minutes until the disk is full; none where it is not, and nothing has been written long enough to tell.

        Raises:
            OSError: the disk does not answer.
        """
        free, now = self._free_bytes(), self._clock()
        if free < LARGEST_PIECE_BYTES:  # nothing may have been written for that very reason
            return 0
        while self._written and now - self._written[0][0] > RATE_OVER_S:
            self._written.popleft()
        if not self._written or now - self._written[0][0] < KNOWN_AFTER_S:
            return None
        per_second = sum(size for _, size in self._written) / (now - self._written[0][0])
        return int(free / per_second / 60)
