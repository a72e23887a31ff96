"""VP8 in RTP, as far as a forwarder and a scripted sender need it; nothing is decoded.

What a payload says is read in C (`hot_path/vp8.c`).

Source: RFC 7741, 4.2 (payload descriptor), 4.3 (payload header); RFC 6386, 9.1 (size in a key frame).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from signaling.hot_path.library import ffi, lib

_EXTENDED = 0x80
_STARTS_PARTITION = 0x10
_PARTITION = 0x07
_NOT_KEY = 0x01

MAX_PAYLOAD_BYTES = 1150
"Leaves room for headers, the SRTP tag and a tunnel on a 1280-byte path."


class Descriptor(msgspec.Struct, frozen=True, gc=False):
    """What a forwarder reads of a payload."""

    starts_key_frame: bool
    "Whether this is the first packet of a key frame."
    lines: int
    "Height of the picture, on the first packet of a key frame; else 0."
    picture_at: int
    "Distance of a 15-bit picture number from the start of the payload; 0 if there is none."
    picture: int
    level_at: int
    "The same of the running number of base pictures (TL0PICIDX); 0 if there is none."
    level: int


NOTHING = Descriptor(False, 0, 0, 0, 0, 0)

_found: Any = ffi.new("struct descriptor *")


def read(data: bytes, at: int) -> Descriptor:
    """The descriptor of the payload that begins at this offset; of a broken one nothing is known."""
    lib.read_vp8(data, len(data), at, _found)
    return Descriptor(
        bool(_found.starts_key_frame), _found.lines, _found.picture_at, _found.picture, _found.level_at, _found.level
    )


def starts_key_frame(data: bytes, at: int) -> bool:
    """Whether the payload that begins at this offset is the first packet of a key frame."""
    return read(data, at).starts_key_frame


def payload_at(data: bytes, at: int) -> int:
    """Where the codec's own bytes begin behind the payload descriptor that begins at this offset."""
    lib.read_vp8(data, len(data), at, _found)
    return at + int(_found.size)


def starts_frame(data: bytes, at: int) -> bool:
    """Whether the payload that begins at this offset is the first packet of a frame."""
    return at < len(data) and bool(data[at] & _STARTS_PARTITION) and not data[at] & _PARTITION


def picture_size(frame: bytes) -> tuple[int, int] | None:
    """Width and height in a key frame; none of another frame. Source: RFC 6386, 9.1."""
    if not is_key_frame(frame) or frame[3:6] != b"\x9d\x01\x2a" or len(frame) < 10:
        return None
    return int.from_bytes(frame[6:8], "little") & 0x3FFF, int.from_bytes(frame[8:10], "little") & 0x3FFF


def is_key_frame(frame: bytes) -> bool:
    """Whether an encoded frame is a key frame."""
    return bool(frame) and not frame[0] & _NOT_KEY


def payloads(frame: bytes, picture_id: int) -> Iterator[bytes]:
    """The RTP payloads of one encoded frame; the last one takes the marker."""
    for at in range(0, len(frame), MAX_PAYLOAD_BYTES):
        first = _EXTENDED | (_STARTS_PARTITION if at == 0 else 0)
        descriptor = bytes([first, 0x80]) + (0x8000 | picture_id & 0x7FFF).to_bytes(2)
        yield descriptor + frame[at : at + MAX_PAYLOAD_BYTES]
