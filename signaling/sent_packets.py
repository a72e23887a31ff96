"""What was sent to one seat, in groups of a few milliseconds, until its feedback has told of it.

The judgement of the way looks at groups, not at packets, so a packet costs no more here than a number and a sum.
"""

from typing import Any

from signaling.hot_path.library import ffi, lib

GROUP_S = 0.01
"Twice that of draft-ietf-rmcat-gcc-02, 5.1: a seat's dozen tracks come at all times, and half the groups cost half."


class SentPackets:
    """One seat's; time is an argument, in seconds."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct sent *", {"group_s": GROUP_S})
        "Where packets are counted; the last `GROUPS` groups are remembered, some ten seconds."

    @property
    def number(self) -> int:
        """Of packets sent so far; the number of the last one."""
        return int(self.pointer.number)

    def note(self, octets: int, now: float) -> None:
        """Count a packet, as the fan-out does."""
        lib.note(self.pointer, octets, now)
