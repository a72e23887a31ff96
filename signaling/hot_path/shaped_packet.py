"""A packet in the shape of some listeners, where the fan-out can read it."""

from typing import Any

from signaling.hot_path.library import ffi
from signaling.rtp import COUNTER_AT, RtpPacket, Shape, payload_offset
from signaling.vp8 import Descriptor


class ShapedPacket:
    """Takes one packet after another."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct packet *")
        self._data: Any = None

    def take(
        self, data: bytes, packet: RtpPacket, shape: Shape, *, run: int = 0, index: int = 0, found: Descriptor
    ) -> None:
        """Stand for this packet from now on.

        Args:
            data: what `rtp.shaped` made of it.
            packet: as it came.
            shape: of the listeners.
            run: the stretch of the sender's numbers that it belongs to.
            index: its number without the wrap.
            found: what its payload says of a picture.
        """
        pointer = self.pointer
        pointer.data = self._data = ffi.from_buffer("uint8_t[]", data)
        pointer.size = len(data)
        pointer.payload_at = payload_offset(data)
        pointer.counter_at = COUNTER_AT if shape.counter else 0
        pointer.run = run
        pointer.index = index
        pointer.timestamp = packet.timestamp
        pointer.marker = packet.marker << 7
        pointer.picture_at, pointer.picture = found.picture_at, found.picture
        pointer.level_at, pointer.level = found.level_at, found.level
