"""RTP headers in bytes: read and built; what a listener gets of one is made in `hot_path/shape.c`.

Source: RFC 3550, 5.1; header extensions RFC 8285; telling RTP from RTCP RFC 5761, 4.
"""

import struct

import msgspec

from signaling.hot_path.library import ffi, lib

MAX_RTP_BYTES = int(lib.MAX_RTP_BYTES)
"Longer datagrams are no honest RTP on a 1500-byte path."

_HEADER = struct.Struct("!BBHII")
_HAS_PADDING = 0x20

_MOST_EXTENSIONS = 64
_found = ffi.new("struct extension[]", _MOST_EXTENSIONS)
_header = ffi.new("struct taken *")

ExtensionMap = tuple[tuple[int, int], ...]
"Pairs (id at the source, id at the listener): the extensions that pass."


class Shape(msgspec.Struct, frozen=True):
    """Which header extensions a listener gets."""

    counter: int = 0
    "The listener's id of the transport-wide number, 0 if it takes none."
    passing: ExtensionMap = ()


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
    if not lib.read_header(data, len(data), _header):
        raise BadPacket("no RTP, or a header longer than the packet")
    return RtpPacket(
        _header.payload_type,
        bool(_header.marker),
        _header.sequence,
        _header.timestamp,
        _header.ssrc,
        _header.payload_at,
        data,
    )


def extensions(packet: RtpPacket) -> dict[int, bytes]:
    """The header extensions by their number.

    Raises:
        BadPacket: an element runs over the end.
    """
    data = packet.data
    count = lib.read_extensions(data, packet.payload_at, _found, _MOST_EXTENSIONS)
    if count < 0:
        raise BadPacket("truncated extension element")
    return {each.number: data[each.at : each.at + each.length] for each in _found[0:count]}


def original_of(repeat: RtpPacket, ssrc: int) -> RtpPacket | None:
    """The packet in a repeat (RFC 4588, 4), under the SSRC it had; None for padding, which has none.

    Raises:
        BadPacket: the repeat is too short for the number of its original.
    """
    data, at = repeat.data, repeat.payload_at
    if len(data) == at or data[0] & _HAS_PADDING:
        return None
    if len(data) < at + 2:
        raise BadPacket("a repeat without its number")
    sequence = int.from_bytes(data[at : at + 2])
    bare = data[:at] + data[at + 2 :]
    return RtpPacket(repeat.payload_type, repeat.marker, sequence, repeat.timestamp, ssrc, at, bare)


def build(payload: bytes, *, payload_type: int, marker: bool, sequence: int, timestamp: int, ssrc: int) -> bytes:
    """A plain packet without extensions."""
    second = payload_type | (0x80 if marker else 0)
    return _HEADER.pack(0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload


def padded(packet: bytes) -> bytes:
    """The packet with its payload declared as padding; the last octet of it is its length."""
    return bytes([packet[0] | _HAS_PADDING]) + packet[1:]


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
