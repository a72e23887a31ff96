"""One unbroken numbering for a listener over all stretches of a source.

A route stops and starts, a camera reconnects with other numbers: the listener must see one stream without gaps of
our making. A stretch is a run of source packets with one offset. Its laws:

* a number is given to one packet only, for ever: with AES-GCM the number is the nonce, and two different packets under
  one nonce give the key away. So a packet from before its stretch is dropped, and a repeated one is byte-identical;
* within one source the timestamps keep their offset, so a pause shows as time gone by;
* a new source goes on at the time that has passed since the last packet.

Source: RFC 7714, 8.1 (the nonce is made of SSRC, roll-over counter and sequence number).
"""

from signaling.rtp import signed_distance


class Continuity:
    """Maps unwrapped source numbers to those of one listener; time is an argument, in seconds."""

    def __init__(self, *, sequence: int, timestamp: int, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._highest = sequence + 0x10000
        self._timestamp = timestamp
        self._last_at: float | None = None
        self._source: int | None = None
        self._begins_at: int | None = None
        self._offset = 0
        self.timestamp_offset = 0
        "Added to the source's timestamps, in sender reports too."

    def is_open_for(self, source: int) -> bool:
        """Whether a stretch of this run of a sender's clock is under way."""
        return self._begins_at is not None and self._source == source

    def begin(self, source: int, index: int, timestamp: int, now: float) -> None:
        """Start a stretch with this packet; `source` tells one run of the sender's clock from another."""
        if source != self._source:
            passed = 0 if self._last_at is None else max(1, int((now - self._last_at) * self._clock_rate))
            self.timestamp_offset = (self._timestamp + passed - timestamp) & 0xFFFFFFFF
            self._source = source
        self._begins_at = index
        self._offset = self._highest + 1 - index

    def end(self) -> None:
        """Nothing more of this stretch passes, not even again."""
        self._begins_at = None

    def place(self, index: int, timestamp: int, now: float) -> tuple[int, int] | None:
        """Sequence number and timestamp for the listener, or None if the packet is older than its stretch."""
        if self._begins_at is None or index < self._begins_at:
            return None
        placed = index + self._offset
        stamped = (timestamp + self.timestamp_offset) & 0xFFFFFFFF
        if placed > self._highest:
            self._highest = placed
            self._timestamp = stamped
            self._last_at = now
        return placed & 0xFFFF, stamped

    def source_index(self, sequence: int) -> int | None:
        """The source's number of a packet the listener asks for again, if it belongs to this stretch."""
        if self._begins_at is None:
            return None
        index = self._highest + signed_distance(sequence, self._highest & 0xFFFF) - self._offset
        return index if self._begins_at <= index <= self._highest - self._offset else None
