"""The numbers of pictures in VP8 payloads, unbroken for a listener whose picture changes its layer.

Each layer numbers its pictures from a start of its own; a decoder takes them for one stream only if they go on by one.
Source: RFC 7741, 4.2 (PictureID, TL0PICIDX).
"""

import struct
from typing import Any

from signaling.vp8 import Descriptor

_PICTURES = 1 << 15
_LEVELS = 1 << 8
_NUMBER = struct.Struct("!H")
_LEVEL = struct.Struct("!B")


class PictureNumbers:
    """Maps the numbers of a layer to those of one listener."""

    def __init__(self) -> None:
        self._picture_offset = 0
        self._level_offset = 0

    @property
    def are_moved(self) -> bool:
        """Whether the listener's numbers are others than the layer's."""
        return bool(self._picture_offset or self._level_offset)

    def go_on(self, last: Descriptor, first: Descriptor) -> None:
        """Go on with another layer.

        Args:
            last: of the layer before, the latest packet that was sent.
            first: of the new one.
        """
        self._picture_offset = (last.picture + self._picture_offset + 1 - first.picture) % _PICTURES
        self._level_offset = (last.level + self._level_offset + 1 - first.level) % _LEVELS

    def write(self, view: Any, payload_at: int, found: Descriptor) -> None:
        """Renumber a packet whose payload begins at this offset, in place."""
        if not found.picture_at:
            return
        picture = (found.picture + self._picture_offset) % _PICTURES
        _NUMBER.pack_into(view, payload_at + found.picture_at, _PICTURES | picture)
        if found.level_at:
            _LEVEL.pack_into(view, payload_at + found.level_at, (found.level + self._level_offset) % _LEVELS)
