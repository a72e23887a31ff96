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
        self._picture: int | None = None  # highest given
        self._level = 0

    def begin(self, first: Descriptor) -> None:
        """Go on with another layer, whose first picture this is."""
        if self._picture is None:
            return
        self._picture_offset = (self._picture + 1 - first.picture) % _PICTURES
        self._level_offset = (self._level + 1 - first.level) % _LEVELS

    def write(self, view: Any, payload_at: int, found: Descriptor) -> None:
        """Renumber a packet whose payload begins at this offset, in place."""
        if not found.picture_at:
            return
        picture = (found.picture + self._picture_offset) % _PICTURES
        level = (found.level + self._level_offset) % _LEVELS
        if self._picture is None or (picture - self._picture) % _PICTURES < _PICTURES // 2:
            self._picture, self._level = picture, level
        if self._picture_offset:
            _NUMBER.pack_into(view, payload_at + found.picture_at, _PICTURES | picture)
        if self._level_offset and found.level_at:
            _LEVEL.pack_into(view, payload_at + found.level_at, level)
