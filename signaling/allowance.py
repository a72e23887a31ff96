"""How much of something one connection may ask for: so much a second, with a reserve for bursts. Pure."""


class Allowance:
    """Time is an argument, in seconds.

    Args:
        per_s: what comes back each second.
        reserve: the most that is kept; there at the start.
    """

    def __init__(self, per_s: float, reserve: float) -> None:
        self._per_s = per_s
        self._reserve = self._left = reserve
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Take one if there is any left."""
        if self._at is not None:
            self._left = min(self._reserve, self._left + self._per_s * (now - self._at))
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def owe(self, more: float) -> None:
        """What was taken has turned out to cost more: nothing is given until that has come back."""
        self._left -= more
