"""Which packets of a track are missing, and when to ask its sender for them again."""

RETRY_AFTER_S = 0.06
"About the longest round trip inside a province."
TRIES = 8
GIVE_UP_AFTER_S = 1.0
"A picture that waits longer is better served by a key frame."
LONGEST_GAP = 256
"More missing at once is a new beginning, not a loss."
MOST_MISSING = 1024
"More in all is no loss either: whoever sends so jumps about."
MOST_ASKED = 250
"At once, so that the numbers fit into a datagram however they lie; the others come with the next request."


class MissingPackets:
    """Gaps in unwrapped sequence numbers; time is an argument, in seconds."""

    def __init__(self) -> None:
        self._highest: int | None = None
        self._missing: dict[int, tuple[float, int, float]] = {}  # index: (seen at, tries, next try)

    def arrived(self, index: int, now: float) -> None:
        """Note one packet."""
        highest = self._highest
        if highest is None or index == highest + 1:
            self._highest = index
        elif index > highest:
            if index - highest + len(self._missing) > MOST_MISSING or index - highest > LONGEST_GAP:
                self._missing.clear()
            else:
                self._missing.update((lost, (now, 0, now)) for lost in range(highest + 1, index))
            self._highest = index
        else:
            self._missing.pop(index, None)

    def due(self, now: float) -> list[int]:
        """The numbers to ask for now, in order; asking too often or too late is left out."""
        if not self._missing:
            return []
        asking: list[int] = []
        for index, (since, tries, next_at) in list(self._missing.items()):
            if tries >= TRIES or now - since > GIVE_UP_AFTER_S:
                del self._missing[index]
            elif now >= next_at and len(asking) < MOST_ASKED:
                self._missing[index] = (since, tries + 1, now + RETRY_AFTER_S)
                asking.append(index)
        return sorted(asking)
