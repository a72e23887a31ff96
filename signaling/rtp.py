"""RTP headers in bytes: read, cleaned of what must not pass, rewritten for a listener.

Source: RFC 3550, 5.1; header extensions RFC 8285; telling RTP from RTCP RFC 5761, 4.
"""

import struct

import msgspec

HEADER_BYTES = 12
MAX_RTP_BYTES = 1600
"Longer datagrams are no honest RTP on a 1500-byte path."

_HEADER = struct.Struct("!BBHII")
_EXTENSION = struct.Struct("!HH")
_REWRITTEN = struct.Struct("!BHII")
_ONE_BYTE_PROFILE = 0xBEDE
_TWO_BYTE_PROFILE = 0x1000
_HAS_EXTENSION = 0x10
_COUNT_CSRC = 0x0F

ExtensionMap = tuple[tuple[int, int], ...]
"Pairs (id at the source, id at the listener): the extensions that pass."


class BadPacket(ValueError):
    """The bytes are no RTP or RTCP packet."""


class RtpPacket(msgspec.Struct, frozen=True, gc=False):
    """One packet with its payload untouched."""

    payload_type: int
    marker: bool
    sequence: int
    "16 bits."
    timestamp: int
    "32 bits, in units of the codec's clock."
    ssrc: int
    payload_at: int
    "Offset of the payload in `data`."
    data: bytes


def is_rtcp(second_byte: int) -> bool:
    """Whether a packet with version 2 is RTCP; payload types 64 to 95 are never RTP."""
    return 192 <= second_byte <= 223


def parse(data: bytes) -> RtpPacket:
    """The packet in a decrypted datagram.

    Raises:
        BadPacket: it is truncated or not version 2.
    """
    if len(data) < HEADER_BYTES or data[0] >> 6 != 2:
        raise BadPacket("no RTP header")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    payload_at = HEADER_BYTES + 4 * (first & _COUNT_CSRC)
    if first & _HAS_EXTENSION:
        if len(data) < payload_at + 4:
            raise BadPacket("truncated extension header")
        payload_at += 4 + 4 * _EXTENSION.unpack_from(data, payload_at)[1]
    if len(data) < payload_at:
        raise BadPacket("header longer than the packet")
    return RtpPacket(second & 0x7F, second >= 0x80, sequence, timestamp, ssrc, payload_at, data)


def extensions(packet: RtpPacket) -> dict[int, bytes]:
    """The header extensions by their id.

    Raises:
        BadPacket: an element runs over the end.
    """
    if not packet.data[0] & _HAS_EXTENSION:
        return {}
    at = HEADER_BYTES + 4 * (packet.data[0] & _COUNT_CSRC)
    profile = _EXTENSION.unpack_from(packet.data, at)[0]
    body = packet.data[at + 4 : packet.payload_at]
    if profile == _ONE_BYTE_PROFILE:
        return _elements(body, id_shift=4)
    if profile & 0xFFF0 == _TWO_BYTE_PROFILE:
        return _elements(body, id_shift=0)
    return {}


def _elements(body: bytes, *, id_shift: int) -> dict[int, bytes]:
    """Elements of one byte (`id_shift` 4: id and length share it) or two bytes of header (`id_shift` 0)."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(body):
        if body[at] == 0:
            at += 1
            continue
        if id_shift:
            number, length, at = body[at] >> 4, (body[at] & 0x0F) + 1, at + 1
            if number == 15:  # Source: RFC 8285, 4.2: stop here
                break
        else:
            if at + 2 > len(body):
                raise BadPacket("truncated extension element")
            number, length, at = body[at], body[at + 1], at + 2
        if at + length > len(body):
            raise BadPacket("truncated extension element")
        found[number] = body[at : at + length]
        at += length
    return found


def clean(packet: RtpPacket, passing: ExtensionMap) -> bytes:
    """The packet without contributing sources, and with only the extensions that pass, under the listener's ids.

    Raises:
        BadPacket: its extensions cannot be read.
    """
    first = packet.data[0]
    if not first & (_HAS_EXTENSION | _COUNT_CSRC):
        return packet.data
    found = extensions(packet) if passing else {}
    kept = b"".join(
        bytes([(theirs << 4) | (len(found[ours]) - 1)]) + found[ours]
        for ours, theirs in passing
        if ours in found and 1 <= len(found[ours]) <= 16
    )
    payload = packet.data[packet.payload_at :]
    bare = first & ~(_HAS_EXTENSION | _COUNT_CSRC)
    if not kept:
        return bytes([bare]) + packet.data[1:HEADER_BYTES] + payload
    kept += bytes(-len(kept) % 4)
    head = bytes([bare | _HAS_EXTENSION]) + packet.data[1:HEADER_BYTES]
    return head + _EXTENSION.pack(_ONE_BYTE_PROFILE, len(kept) // 4) + kept + payload


def rewrite_header(buffer: object, second_byte: int, sequence: int, timestamp: int, ssrc: int) -> None:
    """Write marker and payload type, sequence number, timestamp and SSRC into a writable packet, in place."""
    _REWRITTEN.pack_into(buffer, 1, second_byte, sequence, timestamp, ssrc)  # type: ignore[arg-type]


def build(payload: bytes, *, payload_type: int, marker: bool, sequence: int, timestamp: int, ssrc: int) -> bytes:
    """A plain packet without extensions."""
    second = payload_type | (0x80 if marker else 0)
    return _HEADER.pack(0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload


class SequenceUnwrapper:
    """Counts 16-bit numbers on past their wrap, from wherever the first one stands."""

    def __init__(self) -> None:
        self._highest: int | None = None

    def index(self, sequence: int) -> int:
        """The number without its wrap: the one nearest to the highest so far."""
        if self._highest is None:
            self._highest = sequence + 0x10000  # so that an earlier packet is not negative
            return self._highest
        index = self._highest + signed_distance(sequence, self._highest)
        self._highest = max(self._highest, index)
        return index


def signed_distance(sequence: int, reference: int) -> int:
    """How far a 16-bit number lies after a reference, from -32768 to 32767."""
    return ((sequence - reference + 0x8000) & 0xFFFF) - 0x8000
