"""When the numbered packets of one connection arrived, until they have been told to their sender."""

from signaling.rtp import SequenceUnwrapper
from signaling.transport_feedback import TICK_S, write

TELL_EVERY_S = 0.06
"Often enough for the sender's judgement, seldom enough to cost little."
TOLD_AT_ONCE = 400
"Packets of one message, so that it fits into a datagram."
MOST_MESSAGES = 8
"At once: some three thousand packets. Who needs more jumps about in its numbers, and is told of the rest by nobody."
LONGEST_PAUSE_TICKS = 0x7000
"Two arrivals further apart stand in two messages."


class Arrivals:
    """Collects and tells; time is an argument, in seconds."""

    def __init__(self) -> None:
        self._unwrapper = SequenceUnwrapper()
        self._waiting: dict[int, int] = {}  # unwrapped number: ticks
        self._next: int | None = None
        self._tell_at = 0.0
        self._told = 0

    def arrived(self, number: int, at: float) -> None:
        """Note a packet by its 16-bit number; its time may be of another clock than that of `due`, in seconds."""
        index = self._unwrapper.index(number)
        if self._next is None:
            self._next = index
        if index >= self._next:
            self._waiting.setdefault(index, int(at / TICK_S))

    def is_time(self, now: float) -> bool:
        """Whether what has come by now would be told."""
        return now >= self._tell_at

    def due(self, now: float) -> list[bytes]:
        """Bodies of the feedback to send now; what they tell of is not told again."""
        if not self._waiting or not self.is_time(now):
            return []
        self._tell_at = now + TELL_EVERY_S
        bodies: list[bytes] = []
        while self._waiting and len(bodies) < MOST_MESSAGES:
            bodies.append(self._tell())
        self._waiting.clear()
        return bodies

    def _tell(self) -> bytes:
        first, last = min(self._waiting), max(self._waiting)
        begin = first if self._next is None or first - self._next >= TOLD_AT_ONCE else self._next
        ticks: list[int | None] = []
        before: int | None = None
        for index in range(begin, min(last + 1, begin + TOLD_AT_ONCE)):
            tick = self._waiting.get(index)
            if tick is not None:
                if before is not None and abs(tick - before) > LONGEST_PAUSE_TICKS:
                    break
                before = tick
                del self._waiting[index]
            ticks.append(tick)
        self._next = begin + len(ticks)
        self._told += 1
        return write(begin & 0xFFFF, self._told, ticks)
