"""VP8 in RTP, as far as a forwarder and a scripted sender need it; nothing is decoded.

Source: RFC 7741, 4.2 (payload descriptor), 4.3 (payload header).
"""

from collections.abc import Iterator

_EXTENDED = 0x80
_STARTS_PARTITION = 0x10
_PARTITION = 0x07
_NOT_KEY = 0x01

MAX_PAYLOAD_BYTES = 1150
"Leaves room for headers, the SRTP tag and a tunnel on a 1280-byte path."


def starts_key_frame(data: bytes, at: int) -> bool:
    """Whether the payload that begins at this offset is the first packet of a key frame."""
    payload = at + _descriptor_bytes(data, at)
    if payload >= len(data):
        return False
    is_start = data[at] & _STARTS_PARTITION and not data[at] & _PARTITION
    return bool(is_start) and not data[payload] & _NOT_KEY


def _descriptor_bytes(data: bytes, at: int) -> int:
    if at >= len(data) or not data[at] & _EXTENDED:
        return 1
    if at + 2 >= len(data):
        return 2
    flags = data[at + 1]
    size = 2
    if flags & 0x80:  # picture id of 7 or 15 bits
        size += 2 if data[at + 2] & 0x80 else 1
    if flags & 0x40:  # TL0PICIDX
        size += 1
    if flags & 0x30:  # TID, KEYIDX
        size += 1
    return size


def payload_at(data: bytes, at: int) -> int:
    """Where the codec's own bytes begin behind the payload descriptor that begins at this offset."""
    return at + _descriptor_bytes(data, at)


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
