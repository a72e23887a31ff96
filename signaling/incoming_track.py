"""One encoding of a seat's track as it arrives: counted, kept for repeats, asked for what is missing."""

from itertools import count
from typing import Protocol

from signaling.key_frame_requests import KeyFrameRequests
from signaling.messages import KIND_OF, Track, TrackStats
from signaling.missing_packets import MissingPackets
from signaling.negotiation import CODECS
from signaling.packet_history import PacketHistory
from signaling.rate import Rate
from signaling.reception import Reception
from signaling.rtp import RtpPacket, SequenceUnwrapper, Shape, payload_offset, shaped
from signaling.vp8 import Descriptor, read

_runs = count(1)


class Listener(Protocol):
    """Whoever takes the packets of a track: a seat's stream, later a recorder."""

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        """Take a new packet; `index` is its sequence number without the wrap."""
        ...


class IncomingTrack:
    """One SSRC of one connection; `listeners` are the routes in force.

    Args:
        layer: the restriction id of a picture that comes in layers, else empty.
    """

    def __init__(self, source: str, track: Track, layer: str = "") -> None:
        self.source = source
        self.track = track
        self.kind = KIND_OF[track]
        self.layer = layer
        self.is_video = self.kind == "video"
        self.clock_rate = CODECS[self.kind].clock_rate
        self.listeners: list[Listener] = []
        self.key_frames = KeyFrameRequests()
        self.packets_asked = 0
        self.lines = 0
        "Height of the picture as of the last key frame; 0 for sound, and before the first."
        self.bind(None)

    def bind(self, ssrc: int | None) -> None:
        """Start counting afresh under an SSRC; None until it is known."""
        self.ssrc = ssrc
        self.run = next(_runs)
        "Tells this run of the sender's numbers and clock from any other in the process."
        self.history = PacketHistory()
        self.reception = Reception(self.clock_rate)
        self.rate = Rate()
        self.came_at = float("-inf")
        "When the last packet came."
        self._shaped: tuple[RtpPacket, Shape, bytes, int] | None = None
        self._described: tuple[RtpPacket, Descriptor] | None = None
        self._missing = MissingPackets()
        self._unwrapper = SequenceUnwrapper()

    def receive(self, packet: RtpPacket, now: float) -> None:
        """Note a packet and hand it to every listener; a repeat of one that came is dropped.

        A listener would give it the number that the first one had, and with it the same nonce (see `continuity.py`).
        """
        index = self._unwrapper.index(packet.sequence)
        if self.is_video and self.history.has_had(index):
            return
        self.reception.arrived(index, packet.timestamp, len(packet.data), now)
        self.rate.add(len(packet.data), now)
        self.came_at = now
        begins_key_frame = self.is_video and self._note_video(packet, index, now)
        for listener in self.listeners:
            listener.forward(packet, index, begins_key_frame, now)

    def _note_video(self, packet: RtpPacket, index: int, now: float) -> bool:
        self.history.keep(index, packet)
        self._missing.arrived(index, now)
        described = self.described(packet)
        if described.starts_key_frame:
            self.key_frames.arrived()
            self.lines = described.lines or self.lines
        return described.starts_key_frame

    def listen(self, listener: Listener) -> None:
        """Add a listener; one that is added while a packet is handed round gets the next one."""
        self.listeners = [*self.listeners, listener]

    def leave(self, listener: Listener) -> None:
        """Take a listener away; one that is taken away while a packet is handed round still gets that one."""
        self.listeners = [other for other in self.listeners if other is not listener]

    def described(self, packet: RtpPacket) -> Descriptor:
        """What the payload of a picture's packet says; the last one is remembered."""
        known = self._described
        if known is None or known[0] is not packet:
            known = self._described = (packet, read(packet.data, packet.payload_at))
        return known[1]

    def shaped(self, packet: RtpPacket, shape: Shape) -> tuple[bytes, int]:
        """The packet as listeners of this shape get it, and where its payload begins; the last one is remembered.

        Raises:
            BadPacket: its extensions cannot be read.
        """
        known = self._shaped
        if known is None or known[0] is not packet or known[1] is not shape:
            data = shaped(packet, shape)
            known = self._shaped = (packet, shape, data, payload_offset(data))
        return known[2], known[3]

    def due_repeats(self, now: float) -> list[int]:
        """16-bit sequence numbers to ask the sender for now."""
        due = [index & 0xFFFF for index in self._missing.due(now)]
        self.packets_asked += len(due)
        return due

    def stats(self) -> TrackStats:
        """The counters."""
        return TrackStats(
            source=self.source,
            track=self.track,
            layer=self.layer,
            lines=self.lines,
            packets=self.reception.packets,
            octets=self.reception.octets,
            lost=self.reception.lost,
            jitter_ms=self.reception.jitter_ms,
            key_frames_asked=self.key_frames.asked,
            packets_asked=self.packets_asked,
        )
