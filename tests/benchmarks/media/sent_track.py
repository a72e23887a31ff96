"""A track that a load seat sends: packets of one size at one pace, as a forwarder sees those of a camera or microphone.

Each payload carries the wall-clock time of its sending behind a mark, for whoever decrypts it at the other end.
Pictures are of `PACKETS_PER_PICTURE` packets with the header extensions that the server agreed to; a key frame comes
each second and when the server asks. The packets are evenly spaced: a server wakes up for each one.
"""

import struct
import time

import cffi  # type: ignore[import-untyped] # as in signaling/datagram_batches.py

from signaling.messages import Kind
from signaling.negotiation import CODECS, LEVEL_EXTENSION
from signaling.rtcp import NTP_FRACTION, SenderReport
from signaling.scripted.player import NTP_EPOCH_S
from tests.benchmarks.media.description import TRANSPORT_WIDE_EXTENSION, Line
from tests.benchmarks.media.path import Path

PACKET_BYTES: dict[Kind, int] = {"audio": 112, "video": 1112}
"Before encryption and without extensions."
PACKETS_PER_PICTURE = 5
STAMP_MARK = b"\xa5sent\x5a"
STAMP = struct.Struct("!Q")
"Nanoseconds since 1970, behind the mark."

_NUMBERS = struct.Struct("!BHI")
_ffi = cffi.FFI()


class TransportCount:
    """The numbers of a path's packets for transport-wide feedback: one count for all its tracks."""

    def __init__(self) -> None:
        self.next = 0


class SentTrack:
    """One track; `pace` may be changed while it is sent."""

    def __init__(self, path: Path, line: Line, count: TransportCount) -> None:
        self.kind = line.kind
        self.ssrc = path.ssrcs[line.kind]
        self.pace = 50.0
        "Packets per second."
        self.sent = 0
        self.key_frame_asked = False
        self._path = path
        self._count = count
        self._payload_type = line.payload_type
        self._timestamp = 0
        self._picture = 0
        self._key_frame_at = 0.0
        self._is_key_frame = True
        self._packet = self._template(line.extensions)
        self._buffer = bytearray(2048)
        self._view = memoryview(self._buffer)
        self._pointer = _ffi.from_buffer(self._buffer)

    def _template(self, extensions: dict[str, int]) -> bytes:
        block = b""
        if LEVEL_EXTENSION in extensions:
            block += bytes([extensions[LEVEL_EXTENSION] << 4, 0x80 | 30])
        self._transport_at = 0
        if TRANSPORT_WIDE_EXTENSION in extensions:
            self._transport_at = 12 + 4 + len(block) + 1
            block += bytes([extensions[TRANSPORT_WIDE_EXTENSION] << 4 | 1, 0, 0])
        block += bytes(-len(block) % 4)
        head = struct.pack("!BBHII", 0x90 if block else 0x80, 0, 0, 0, self.ssrc)
        if block:
            head += struct.pack("!HH", 0xBEDE, len(block) // 4) + block
        self._payload_at = len(head)
        payload = (b"\x90\x80\x80\x00\x00" if self.kind == "video" else b"") + STAMP_MARK
        self._stamp_at = len(head) + len(payload)
        return head + payload.ljust(PACKET_BYTES[self.kind] - 12, b"\x5a")

    def send(self, now: float) -> float:
        """Send the next packet; gives the seconds until the one after it."""
        buffer, length = self._buffer, len(self._packet)
        buffer[:length] = self._packet
        marker = self._describe(now) if self.kind == "video" else 0
        _NUMBERS.pack_into(buffer, 1, marker | self._payload_type, self.sent & 0xFFFF, self._timestamp & 0xFFFFFFFF)
        if self._transport_at:
            struct.pack_into("!H", buffer, self._transport_at, self._count.next & 0xFFFF)
            self._count.next += 1
        STAMP.pack_into(buffer, self._stamp_at, time.time_ns())
        self.sent += 1
        if marker or self.kind == "audio":
            self._timestamp = int(now * CODECS[self.kind].clock_rate)
        size = self._path.protect(self._pointer, length)
        self._path.put(self._view[:size])
        return 1 / self.pace

    def _describe(self, now: float) -> int:
        """Write the VP8 descriptor and payload header (RFC 7741, 4.2 and 4.3); gives the marker bit."""
        place = self.sent % PACKETS_PER_PICTURE
        if place == 0:
            self._picture = (self._picture + 1) & 0x7FFF
            self._is_key_frame = self.key_frame_asked or now >= self._key_frame_at
            if self._is_key_frame:
                self.key_frame_asked, self._key_frame_at = False, now + 1.0
        struct.pack_into(
            "!BBHB",
            self._buffer,
            self._payload_at,
            0x90 if place == 0 else 0x80,
            0x80,
            0x8000 | self._picture,
            0x10 if self._is_key_frame else 0x11,
        )
        return 0x80 if place == PACKETS_PER_PICTURE - 1 else 0

    def report(self) -> SenderReport:
        """Where the track's clock stands."""
        return SenderReport(
            ssrc=self.ssrc,
            ntp=int((time.time() + NTP_EPOCH_S) * NTP_FRACTION),
            rtp_timestamp=int(time.monotonic() * CODECS[self.kind].clock_rate) & 0xFFFFFFFF,
            packets=self.sent,
            octets=self.sent * PACKET_BYTES[self.kind],
        )
