"""What the media process has dropped in a room, look by look, and whether it is worth a word to the operators. Pure.

A few strange packets are nothing: networks repeat some, browsers send on for a moment after an end. It matters when
many come within one look, and is told until there have been none for a minute.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from server.domain.ids import Alias
from server.web.signal_frames import DropCause, SeatDrops
from signaling.messages import DropReason

LOOK_EVERY_S: Final = 10.0
MATTERS: Final = 50
"Of one seat within a look."
STRAYS_MATTER: Final = 5000
"Of what belongs to no seat, within a look: as much as a room of seats sends in a second."
TOLD_FOR_LOOKS: Final = 6

CAUSES: Final[Mapping[DropReason, DropCause]] = {
    "bad_check": DropCause.FOREIGN,
    "address_taken": DropCause.FOREIGN,
    "forged": DropCause.FOREIGN,
    "malformed": DropCause.UNREADABLE,
    "not_agreed": DropCause.UNREADABLE,
    "too_many_sources": DropCause.UNREADABLE,
    "too_many": DropCause.TOO_MANY,
}
"Those that a person can do something about."

Dropped = Mapping[str, Mapping[DropReason, int]]
"By alias, since its connection began."


class DropWatch:
    """One room's."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, DropReason], int] = {}
        self._strays_before: int | None = None
        self._looks = 0
        self._told_until: dict[SeatDrops, int] = {}
        self._strays_until = 0

    def look(
        self, dropped: Dropped, strays: Mapping[DropReason, int], seats: Collection[Alias]
    ) -> dict[SeatDrops, int]:
        """Take the counters of now; of these seats, what matters in this look, with how many packets."""
        self._looks += 1
        came: defaultdict[SeatDrops, int] = defaultdict(int)
        counts = {(alias, reason): count for alias, reasons in dropped.items() for reason, count in reasons.items()}
        for (alias, reason), count in counts.items():
            before = self._before.get((alias, reason), 0)
            if alias in seats and reason in CAUSES:
                new = count - before if count >= before else count  # of another connection
                came[SeatDrops(alias=Alias(alias), cause=CAUSES[reason])] += new
        self._before = counts
        news = {drops: packets for drops, packets in came.items() if packets >= MATTERS}
        self._told_until |= dict.fromkeys(news, self._looks + TOLD_FOR_LOOKS)
        self._look_at_strays(sum(strays.values()))
        return news

    def _look_at_strays(self, count: int) -> None:
        if self._strays_before is not None and count - self._strays_before >= STRAYS_MATTER:
            self._strays_until = self._looks + TOLD_FOR_LOOKS
        self._strays_before = count

    @property
    def seats(self) -> list[SeatDrops]:
        """What is to be told of seats now."""
        told = (drops for drops, until in self._told_until.items() if self._looks < until)
        return sorted(told, key=lambda drops: (drops.alias, drops.cause))

    @property
    def has_strays(self) -> bool:
        """Whether much comes, or came lately, that belongs to no seat."""
        return self._looks < self._strays_until
