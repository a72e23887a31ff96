"""From RTP packets to what a file holds: whole VP8 or H.264 pictures, and Opus packets. Nothing is decoded.

Source: RFC 7741, 4.2 (VP8 payload descriptor); RFC 6184, 5 (H.264);
RFC 7587, 4.2 (one Opus packet a payload); RFC 6464 (audio level).
"""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from signaling import h264
from signaling.recording.packet_order import Arrival
from signaling.rtp import BadPacket, RtpPacket, extensions
from signaling.vp8 import is_key_frame, payload_at, picture_size, starts_frame

_HAS_PADDING = 0x20


MOST_PARTS = 4096
"Of a frame: some 4.7 MB. A sender that never ends a frame must not fill our memory."


class Unit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One block of a file: a frame or a packet of sound."""

    data: bytes
    timestamp: int
    "32 bits, in units of the codec's clock."
    arrived: float
    "When its first packet came, in seconds of our clock."
    is_key: bool = True
    "Whether a piece may begin with it."
    size: tuple[int, int] | None = None
    "Width and height, of a key frame."
    parameters: bytes | None = None
    "What a decoder of H.264 has to know (avcC), of a key frame."
    level: int | None = None
    "Of sound, in -dBov: 0 is the loudest, 127 silence; none where the sender does not say."


class Units(Protocol):
    """Makes units from packets in their order."""

    missing: int
    "Packets that never came."
    broken: int
    "Units that were left out because a part of them is missing."

    def take(self, arrival: Arrival) -> Iterator[Unit]:
        """The units that are whole with this packet."""
        ...


def payload_of(packet: RtpPacket) -> bytes:
    """The payload without padding; empty for a packet that only probes the line."""
    data = packet.data
    end = len(data) - (data[-1] if data[0] & _HAS_PADDING else 0)
    return data[packet.payload_at : max(packet.payload_at, end)]


class SoundUnits:
    """Each packet is a unit.

    Args:
        level_id: the number of the audio level's header extension; none where it was not agreed.
    """

    def __init__(self, level_id: int | None) -> None:
        self.missing = 0
        self.broken = 0
        self._level_id = level_id

    def take(self, arrival: Arrival) -> Iterator[Unit]:
        """The packet, unless it is empty."""
        self.missing += arrival.lost
        data = payload_of(arrival.packet)
        if data:
            level = self._level(arrival.packet)
            yield Unit(data=data, timestamp=arrival.packet.timestamp, arrived=arrival.at, level=level)

    def _level(self, packet: RtpPacket) -> int | None:
        if self._level_id is None:
            return None
        try:
            found = extensions(packet).get(self._level_id)
        except BadPacket:
            return None
        return found[0] & 0x7F if found else None


class PictureUnits:
    """Frames are put together from their packets; one with a hole is left out.

    The rest of a frame that had begun before the first packet is nothing that has been broken.
    """

    def __init__(self) -> None:
        self.missing = 0
        self.broken = 0
        self._parts: list[bytes] = []
        self._timestamp = 0
        self._arrived = 0.0
        self._has_begun = False
        self._broken_at: int | None = None

    def take(self, arrival: Arrival) -> Iterator[Unit]:
        """The frame that ends with this packet."""
        packet, data = arrival.packet, payload_of(arrival.packet)
        if arrival.lost:
            self.missing += arrival.lost
            self._give_up()
        if not data:
            return
        if starts_frame(data, 0):
            self._give_up()
            self._timestamp, self._arrived = packet.timestamp, arrival.at
            self._has_begun = True
        elif not self._parts or packet.timestamp != self._timestamp:
            self._give_up()
            if self._has_begun:
                self._note_broken(packet.timestamp)
            return
        self._parts.append(data[payload_at(data, 0) :])
        if len(self._parts) > MOST_PARTS:
            self._give_up()
            return
        if packet.marker:
            frame = b"".join(self._parts)
            self._parts = []
            yield Unit(
                data=frame,
                timestamp=self._timestamp,
                arrived=self._arrived,
                is_key=is_key_frame(frame),
                size=picture_size(frame),
            )

    def _give_up(self) -> None:
        """Leave out a frame that has begun: its end has not come."""
        if self._parts:
            self._parts = []
            self._note_broken(self._timestamp)

    def _note_broken(self, timestamp: int) -> None:
        if timestamp != self._broken_at:
            self._broken_at = timestamp
            self.broken += 1


class H264Units:
    """Pictures are put together from their packets; one with a hole, or without its end, is left out."""

    def __init__(self) -> None:
        self.missing = 0
        self.broken = 0
        self._units = h264.Units()
        self._timestamp: int | None = None
        self._arrived = 0.0
        self._has_hole = False
        self._parts = 0

    def take(self, arrival: Arrival) -> Iterator[Unit]:
        """The picture that ends with this packet."""
        packet, data = arrival.packet, payload_of(arrival.packet)
        if arrival.lost:
            self.missing += arrival.lost
            self._has_hole = True
        if not data:
            return
        if packet.timestamp != self._timestamp:
            self._begin(packet.timestamp, arrival)
        self._parts += 1
        if self._parts > MOST_PARTS:
            self._has_hole, self._units = True, h264.Units()
        else:
            self._units.take(data)
        if packet.marker:
            yield from self._finished()

    def _begin(self, timestamp: int, arrival: Arrival) -> None:
        if self._timestamp is not None:  # the one before it has no end
            self.broken += 1
        self._has_hole = bool(arrival.lost)
        self._timestamp, self._arrived, self._units = timestamp, arrival.at, h264.Units()
        self._parts = 0

    def _finished(self) -> Iterator[Unit]:
        timestamp, units = self._timestamp, self._units
        self._timestamp, self._units = None, h264.Units()
        if timestamp is None or self._has_hole or units.is_broken:
            self.broken += 1
            return
        picture = h264.picture_of(units.whole())
        if picture.data:
            yield Unit(
                data=picture.data,
                timestamp=timestamp,
                arrived=self._arrived,
                is_key=picture.is_key and picture.parameters is not None,
                size=picture.size,
                parameters=picture.parameters,
            )
