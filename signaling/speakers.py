"""Who of a room speaks, and who spoke before: by the levels that the packets of sound carry. Pure.

The levels of a voice rise above what its booth always sounds like; a fan or a street that is loud all the time is no
speech. Who speaks stays first through the breaks between words, and while somebody else coughs.
Source: RFC 6464 (level: 0 is the loudest, 127 silence, in dB below the loudest that can be told).
"""

from collections.abc import Container

SILENCE = 127
VOICE = 55.0
"The faintest level that can be speech."
ABOVE_NOISE_DB = 12.0
TAKES_OVER_S = 0.6
"Somebody must have spoken for so long before they come first."
BREAK_S = 0.5
"Silence within speech."

_SMOOTH_S = 0.1
_NOISE_RISES_DB_S = 4.0


class _Voice:
    """One seat's sound."""

    def __init__(self) -> None:
        self._level = self._noise = float(SILENCE)
        self._heard_at: float | None = None
        self._spoke_at = float("-inf")
        self._began_at = 0.0

    def heard(self, level: int, now: float) -> None:
        passed = min(1.0, now - self._heard_at) if self._heard_at is not None else 1.0
        self._heard_at = now
        self._level += (level - self._level) * min(1.0, passed / _SMOOTH_S)
        self._noise = max(self._level, self._noise - _NOISE_RISES_DB_S * passed)
        if self._level <= min(VOICE, self._noise - ABOVE_NOISE_DB):
            if now - self._spoke_at > BREAK_S:
                self._began_at = now
            self._spoke_at = now

    def has_spoken_for(self, now: float) -> float:
        """Seconds of the speech under way; 0 while there is none."""
        return self._spoke_at - self._began_at if now - self._spoke_at <= BREAK_S else 0.0


class Speakers:
    """One room's; time is an argument, in seconds."""

    def __init__(self) -> None:
        self._voices: dict[str, _Voice] = {}
        self._order: list[str] = []

    def heard(self, source: str, level: int, now: float) -> None:
        """Note the level of a packet of sound."""
        voice = self._voices.get(source)
        if voice is None:
            voice = self._voices[source] = _Voice()
        voice.heard(level, now)
        first = self._order[0] if self._order else None
        if source == first or voice.has_spoken_for(now) < TAKES_OVER_S:
            return
        if first is None or self._voices[first].has_spoken_for(now) == 0.0:
            self._order = [source, *(other for other in self._order if other != source)]

    def left(self, source: str) -> None:
        """Forget a seat."""
        self._voices.pop(source, None)
        self._order = [other for other in self._order if other != source]

    def latest(self, among: Container[str]) -> str | None:
        """Who of these speaks, or spoke last."""
        return next((source for source in self._order if source in among), None)
