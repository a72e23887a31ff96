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

from typing import Any

from signaling.hot_path.library import ffi, lib
from signaling.rtp import signed_distance

NEVER = float("-inf")
LONGEST_STEP_S = 5
"Two clocks that lie further apart are not trusted."


class Continuity:
    """Maps unwrapped source numbers to those of one listener; time is an argument, in seconds.

    A run, which tells one stretch of a sender's clock from another, is any number but 0.
    """

    def __init__(self, *, sequence: int, timestamp: int, clock_rate: int, numbering: Any = None) -> None:
        self._clock_rate = clock_rate
        self._numbering = numbering if numbering is not None else ffi.new("struct numbering *")
        "Where the fan-out reads and counts on."
        self._numbering.highest = sequence + 0x10000
        self._numbering.timestamp = timestamp
        self._numbering.last_at = NEVER
        self._source: int | None = None

    @property
    def open_for(self) -> int | None:
        """The run of a sender's clock of which a stretch is under way."""
        return self._numbering.run or None

    @property
    def sequence(self) -> int:
        """The latest number given."""
        return int(self._numbering.highest & 0xFFFF)

    @property
    def timestamp(self) -> int:
        """The listener's, of the latest packet."""
        return int(self._numbering.timestamp)

    @property
    def timestamp_offset(self) -> int:
        """Added to the source's timestamps, in sender reports too."""
        return int(self._numbering.timestamp_offset)

    def begin(self, source: int, index: int, timestamp: int, now: float, *, same_as: int | None = None) -> None:
        """Start a stretch with this packet.

        Args:
            source: tells one run of the sender's clock from another.
            index: the packet's unwrapped number.
            timestamp: the packet's.
            now: seconds.
            same_as: the same moment on the clock of the source before, where that is known.
        """
        numbering = self._numbering
        if source != self._source:
            numbering.timestamp_offset = (self._next_timestamp(now, same_as) - timestamp) & 0xFFFFFFFF
            self._source = source
        numbering.begins_at = index
        numbering.offset = numbering.highest + 1 - index
        numbering.run = source

    def _next_timestamp(self, now: float, same_as: int | None) -> int:
        """The listener's timestamp of the first packet of another source."""
        last_at = self._numbering.last_at
        if last_at == NEVER:
            return self.timestamp
        if same_as is not None:
            known = (same_as + self.timestamp_offset) & 0xFFFFFFFF
            if 0 < (known - self.timestamp) & 0xFFFFFFFF < LONGEST_STEP_S * self._clock_rate:
                return known
        return self.timestamp + max(1, int((now - last_at) * self._clock_rate))

    def end(self) -> None:
        """Nothing more of this stretch passes, not even again."""
        self._numbering.run = 0

    def place(self, index: int, timestamp: int, now: float) -> tuple[int, int] | None:
        """Sequence number and timestamp for the listener, or None if the packet is older than its stretch."""
        placed = ffi.new("uint16_t *"), ffi.new("uint32_t *")
        return (placed[0][0], placed[1][0]) if lib.place(self._numbering, index, timestamp, now, *placed) else None

    def source_index(self, sequence: int) -> int | None:
        """The source's number of a packet the listener asks for again, if it belongs to this stretch."""
        numbering = self._numbering
        if not numbering.run:
            return None
        highest = int(numbering.highest)
        index = highest + signed_distance(sequence, highest & 0xFFFF) - numbering.offset
        return index if numbering.begins_at <= index <= highest - numbering.offset else None
