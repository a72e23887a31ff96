"""A packet in the shape of some listeners, where the fan-out can read it."""

from functools import lru_cache
from typing import Any

from signaling.hot_path.library import ffi, lib
from signaling.rtp import BadPacket, RtpPacket, Shape
from signaling.vp8 import Descriptor


class ShapedPacket:
    """Takes one packet after another."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct packet *")

    @property
    def size(self) -> int:
        """In octets."""
        return int(self.pointer.size)

    def take(self, packet: RtpPacket, shape: Shape, *, run: int = 0, index: int = 0, found: Descriptor) -> None:
        """Stand for this packet from now on, without contributing sources, and with only the extensions of the shape.

        Args:
            packet: as it came.
            shape: of the listeners.
            run: the stretch of the sender's numbers that it belongs to.
            index: its number without the wrap.
            found: what its payload says of a picture.

        Raises:
            BadPacket: its extensions cannot be read, or it is too long.
        """
        pointer, data = self.pointer, packet.data
        if not lib.shape_packet(pointer, data, len(data), packet.payload_at, in_c(shape)):
            raise BadPacket("no packet for listeners")
        pointer.run = run
        pointer.index = index
        pointer.picture_at, pointer.picture = found.picture_at, found.picture
        pointer.level_at, pointer.level = found.level_at, found.level


@lru_cache(maxsize=256)
def in_c(shape: Shape) -> Any:
    """A shape as C reads it, for as long as what is given is kept."""
    pointer = ffi.new("struct shape *", {"counter": shape.counter, "is_passing": bool(shape.passing)})
    for ours, theirs in shape.passing:
        pointer.passing[ours] = theirs
    return pointer
