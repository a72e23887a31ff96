"""The numbers of pictures in VP8 payloads, unbroken for a listener whose picture changes its layer.

Each layer numbers its pictures from a start of its own; a decoder takes them for one stream only if they go on by one.
Source: RFC 7741, 4.2 (PictureID, TL0PICIDX).
"""

from typing import Any

from signaling.vp8 import Descriptor

_PICTURES = 1 << 15
_LEVELS = 1 << 8


def go_on(lane: Any, first: Descriptor) -> None:
    """Have a lane go on with another layer, behind the latest packet that it has sent.

    Args:
        lane: a `struct lane`, which writes the numbers.
        first: of the new layer.
    """
    if lane.has_latest:
        lane.picture_offset = (lane.latest_picture + lane.picture_offset + 1 - first.picture) % _PICTURES
        lane.level_offset = (lane.latest_level + lane.level_offset + 1 - first.level) % _LEVELS
