"""A camera's G.711 as frames that aiortc encodes to Opus."""

from collections.abc import Iterator
from fractions import Fraction

import av

from signaling.pulling.description import SoundCodec
from signaling.rtp import RtpPacket

RATE = 8000
MAX_GAP = 10 * RATE
"Samples; a longer jump of the timestamps is a new beginning."


class Sound:
    """Decodes packets in order."""

    def __init__(self, codec: SoundCodec) -> None:
        self._decoder = av.AudioCodecContext.create(codec, "r")
        self._decoder.layout, self._decoder.sample_rate = "mono", RATE
        self._at = 0
        self._next: int | None = None

    def take(self, packet: RtpPacket) -> Iterator[av.AudioFrame]:
        """The frames of a packet: int16, shape (1, samples), 8 kHz, at their time from the first one."""
        payload = packet.data[packet.payload_at :]
        if not payload:
            return
        if self._next is not None:
            hole = packet.timestamp - self._next & 0xFFFFFFFF
            self._at += hole if hole < MAX_GAP else 0
        self._next = packet.timestamp + len(payload) & 0xFFFFFFFF
        for frame in self._decoder.decode(av.Packet(payload)):
            frame.pts, frame.time_base = self._at, Fraction(1, RATE)
            self._at += frame.samples
            yield frame
