"""Puts a camera's pictures together from its packets, each key frame behind its parameter sets. Nothing is decoded.

What a browser cannot show is noticed here: pictures that refer to later ones (B-frames) come out of order.
Source: RFC 6184, 5.1 (timestamp and marker); ITU-T H.264, 7.3.3 (slice header), table 7-6 (types of slices).
"""

from collections.abc import Iterable

import msgspec

from signaling.h264 import IDR, PICTURE_PARAMETERS, SEQUENCE_PARAMETERS, Units, slice_type
from signaling.rtp import RtpPacket

CLOCK = 90_000
RARE_S = 4.5
"Between key frames; a piece of a recording is closed at the first one after 4 s."
LONGEST_STEP_S = 10
"Between pictures."
MAX_PICTURE_BYTES = 4 << 20
_SLICES = frozenset({1, IDR})
_KEPT = frozenset({1, IDR, 6})
"Units that a picture is made of: slices, and what is said about them."
_B = 1


class HasBFrames(ValueError):
    """A picture refers to a later one."""


class CameraPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, its units behind start codes."""

    data: bytes
    at: int
    "In 1/90000 s from the first one."
    is_key: bool


class Pictures:
    """Takes packets in order; what a hole has broken is left out, up to the next key frame."""

    def __init__(self, parameters: Iterable[bytes]) -> None:
        self._parameters = {unit[0] & 0x1F: unit for unit in parameters}
        self._units = Units()
        self._size = 0
        self._stamp: int | None = None
        self._sequence: int | None = None
        self._has_hole = False
        "Something of this picture may be missing."
        self._is_whole = False
        "Nothing is missing since the last key frame."
        self._at = 0
        self._last: tuple[int, float] | None = None
        "Timestamp of the last picture, and when it came."
        self._last_key_at: int | None = None
        self.has_rare_key_frames = False

    def take(self, packet: RtpPacket, now: float) -> CameraPicture | None:
        """The picture that is whole with this packet, which came at `now`, in seconds.

        Raises:
            HasBFrames: browsers could not show it.
        """
        is_after_hole = self._sequence is not None and packet.sequence != self._sequence + 1 & 0xFFFF
        self._sequence = packet.sequence
        ended = None
        if self._stamp not in (None, packet.timestamp):  # its end was not marked
            self._has_hole |= is_after_hole
            ended = self._end(now)
        self._has_hole |= is_after_hole
        self._stamp = packet.timestamp
        self._size += len(packet.data)
        if self._size <= MAX_PICTURE_BYTES:
            self._units.take(packet.data[packet.payload_at : _end_of(packet.data)])
        else:
            self._has_hole = True
        return self._end(now) if packet.marker and ended is None else ended

    def _end(self, now: float) -> CameraPicture | None:
        units, is_broken, stamp = self._units.whole(), self._units.is_broken, self._stamp or 0
        is_broken |= self._has_hole
        self._units, self._size, self._stamp, self._has_hole = Units(), 0, None, False
        units = [unit for unit in units if unit]
        for unit in units:
            if unit[0] & 0x1F in (SEQUENCE_PARAMETERS, PICTURE_PARAMETERS):
                self._parameters[unit[0] & 0x1F] = unit
        slices = [unit for unit in units if unit[0] & 0x1F in _SLICES]
        if not slices:
            self._is_whole &= not is_broken
            return None
        if any(slice_type(unit) == _B for unit in slices):
            raise HasBFrames
        is_key = any(unit[0] & 0x1F == IDR for unit in slices)
        at = self._time(stamp, now)
        if is_key:
            self._note_key(at)
        self._is_whole = (is_key or self._is_whole) and not is_broken
        if not self._is_whole:
            return None
        kept = [unit for unit in units if unit[0] & 0x1F in _KEPT]
        if is_key:
            kinds = (SEQUENCE_PARAMETERS, PICTURE_PARAMETERS)
            kept = [*(self._parameters[kind] for kind in kinds if kind in self._parameters), *kept]
        return CameraPicture(data=b"".join(b"\0\0\0\1" + unit for unit in kept), at=at, is_key=is_key)

    def _time(self, stamp: int, now: float) -> int:
        """By the camera's timestamps; by our clock where they stand still or leap, as those of some cameras do."""
        if self._last is not None:
            last_stamp, last_now = self._last
            step = stamp - last_stamp & 0xFFFFFFFF
            self._at += step if 0 < step <= LONGEST_STEP_S * CLOCK else max(1, round((now - last_now) * CLOCK))
        self._last = stamp, now
        return self._at

    def _note_key(self, at: int) -> None:
        if self._last_key_at is not None:
            self.has_rare_key_frames = at - self._last_key_at > RARE_S * CLOCK
        self._last_key_at = at


def _end_of(data: bytes) -> int:
    """Where the payload ends: before the padding."""
    return len(data) - (data[-1] if data[0] & 0x20 else 0)
