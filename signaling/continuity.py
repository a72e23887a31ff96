"""One unbroken numbering for a listener over all stretches of a source.

A route stops and starts, a camera reconnects with other numbers: the listener must see one stream without gaps of
our making. A stretch is a run of source packets with one offset. Its laws:

* a number is given to one packet only, for ever: with AES-GCM the number is the nonce, and two different packets under
  one nonce give the key away. So a packet from before its stretch is dropped, and a repeated one is byte-identical;
* within one source the timestamps keep their offset, so a pause shows as time gone by;
* a new source goes on at the time that has passed since the last packet, or, for another layer of the same picture, at
  its own time where both clocks are known.

Source: RFC 7714, 8.1 (the nonce is made of SSRC, roll-over counter and sequence number).
"""

from signaling.rtp import signed_distance

LONGEST_STEP_S = 5
"Two clocks that lie further apart are not trusted."


class Continuity:
    """Maps unwrapped source numbers to those of one listener; time is an argument, in seconds."""

    def __init__(self, *, sequence: int, timestamp: int, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._highest = sequence + 0x10000
        self._timestamp = timestamp
        self._last_at: float | None = None
        self._source: int | None = None
        self.open_for: int | None = None
        "The run of a sender's clock of which a stretch is under way."
        self.sequence = sequence
        "The latest number given."
        self._begins_at: int | None = None
        self._offset = 0
        self.timestamp_offset = 0
        "Added to the source's timestamps, in sender reports too."

    def begin(self, source: int, index: int, timestamp: int, now: float, *, same_as: int | None = None) -> None:
        """Start a stretch with this packet.

        Args:
            source: tells one run of the sender's clock from another.
            index: the packet's unwrapped number.
            timestamp: the packet's.
            now: seconds.
            same_as: the same moment on the clock of the source before, where that is known.
        """
        if source != self._source:
            self.timestamp_offset = (self._next_timestamp(now, same_as) - timestamp) & 0xFFFFFFFF
            self._source = source
        self._begins_at = index
        self.open_for = source
        self._offset = self._highest + 1 - index

    def _next_timestamp(self, now: float, same_as: int | None) -> int:
        """The listener's timestamp of the first packet of another source."""
        if self._last_at is None:
            return self._timestamp
        if same_as is not None:
            known = (same_as + self.timestamp_offset) & 0xFFFFFFFF
            if 0 < (known - self._timestamp) & 0xFFFFFFFF < LONGEST_STEP_S * self._clock_rate:
                return known
        return self._timestamp + max(1, int((now - self._last_at) * self._clock_rate))

    def end(self) -> None:
        """Nothing more of this stretch passes, not even again."""
        self._begins_at = self.open_for = None

    def place(self, index: int, timestamp: int, now: float) -> tuple[int, int] | None:
        """Sequence number and timestamp for the listener, or None if the packet is older than its stretch."""
        if self._begins_at is None or index < self._begins_at:
            return None
        placed = index + self._offset
        sequence = placed & 0xFFFF
        stamped = (timestamp + self.timestamp_offset) & 0xFFFFFFFF
        if placed > self._highest:
            self._highest = placed
            self.sequence = sequence
            self._timestamp = stamped
            self._last_at = now
        return sequence, stamped

    @property
    def timestamp(self) -> int:
        """The listener's, of the latest packet."""
        return self._timestamp

    def source_index(self, sequence: int) -> int | None:
        """The source's number of a packet the listener asks for again, if it belongs to this stretch."""
        if self._begins_at is None:
            return None
        index = self._highest + signed_distance(sequence, self._highest & 0xFFFF) - self._offset
        return index if self._begins_at <= index <= self._highest - self._offset else None
