"""How fast the frames of one page are taken: one that sends more is read more slowly, and nobody else waits. Pure."""

from typing import Final

FRAMES_PER_S: Final = 20.0
"An honest page tells its switches and its layout some times a minute, and answers an offer now and then."
AT_ONCE: Final = 100


class FramePace:
    """Of one connection; time is an argument, in seconds."""

    def __init__(self) -> None:
        self._due_at = float("-inf")

    def delay(self, now: float) -> float:
        """How long to wait before the frame that has just come is followed."""
        self._due_at = max(self._due_at, now - AT_ONCE / FRAMES_PER_S) + 1 / FRAMES_PER_S
        return max(0.0, self._due_at - now)
