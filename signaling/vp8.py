"""VP8 in RTP, as far as a forwarder and a scripted sender need it; nothing is decoded.

Source: RFC 7741, 4.2 (payload descriptor), 4.3 (payload header); RFC 6386, 9.1 (size in a key frame).
"""

from collections.abc import Iterator

import msgspec

_EXTENDED = 0x80
_STARTS_PARTITION = 0x10
_PARTITION = 0x07
_NOT_KEY = 0x01
_HAS_PICTURE = 0x80
_HAS_LEVEL = 0x40
_HAS_TEMPORAL = 0x20
_HAS_KEY_INDEX = 0x10
_HEIGHT_AT = 8
"In a key frame: 3 bytes of tag, 3 of start code, 2 of width."

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


def read(data: bytes, at: int) -> Descriptor:
    """The descriptor of the payload that begins at this offset; of a broken one nothing is known."""
    if at >= len(data):
        return NOTHING
    size, picture_at, level_at = _places(data, at)
    payload = at + size
    if payload >= len(data):
        return NOTHING
    is_start = data[at] & _STARTS_PARTITION and not data[at] & _PARTITION
    is_key = bool(is_start) and not data[payload] & _NOT_KEY
    height = data[payload + _HEIGHT_AT : payload + _HEIGHT_AT + 2] if is_key else b""
    return Descriptor(
        starts_key_frame=is_key,
        lines=int.from_bytes(height, "little") & 0x3FFF if len(height) == 2 else 0,
        picture_at=picture_at,
        picture=(data[at + 2] & 0x7F) << 8 | data[at + 3] if picture_at else 0,
        level_at=level_at,
        level=data[at + level_at] if level_at else 0,
    )


def _places(data: bytes, at: int) -> tuple[int, int, int]:
    """Size of a descriptor, and where in it a 15-bit picture number and the running number of base pictures stand."""
    if not data[at] & _EXTENDED:
        return 1, 0, 0
    if at + 2 >= len(data):
        return 2, 0, 0
    flags = data[at + 1]
    size, picture_at, level_at = 2, 0, 0
    if flags & _HAS_PICTURE:
        picture_at = 2 if data[at + 2] & 0x80 else 0
        size += 2 if picture_at else 1
    if flags & _HAS_LEVEL:
        level_at = size
        size += 1
    if flags & (_HAS_TEMPORAL | _HAS_KEY_INDEX):
        size += 1
    return size, picture_at, level_at


def starts_key_frame(data: bytes, at: int) -> bool:
    """Whether the payload that begins at this offset is the first packet of a key frame."""
    return read(data, at).starts_key_frame


def payload_at(data: bytes, at: int) -> int:
    """Where the codec's own bytes begin behind the payload descriptor that begins at this offset."""
    return at + _places(data, at)[0]


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
