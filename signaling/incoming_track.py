"""One encoding of a seat's track as it arrives: counted, kept for repeats, asked for what is missing."""

from itertools import count
from typing import Protocol

from signaling import h264, vp8
from signaling.hot_path.lanes import HasLane, Lanes
from signaling.hot_path.shaped_packet import ShapedPacket
from signaling.key_frame_requests import KeyFrameRequests
from signaling.messages import KIND_OF, Track, TrackStats
from signaling.missing_packets import MissingPackets
from signaling.negotiation import CODECS, CodecName
from signaling.packet_history import PacketHistory
from signaling.rate import Rate
from signaling.reception import Reception
from signaling.rtp import BadPacket, RtpPacket, SequenceUnwrapper, Shape
from signaling.vp8 import Descriptor

_runs = count(1)


class Listener(Protocol):
    """Whoever takes the packets of a track one by one, such as a recorder."""

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        """Take a new packet; `index` is its sequence number without the wrap."""
        ...


class Stream(HasLane, Protocol):
    """A listener's stream, to which every packet is forwarded by the fan-out."""

    def begin(self, layer: "IncomingTrack", packet: RtpPacket, index: int, now: float) -> None:
        """Begin a stretch with this packet, unless one is under way."""
        ...


class IncomingTrack:
    """One SSRC of one connection; `routes` are those in force, by what their listeners take.

    Args:
        layer: the restriction id of a picture that comes in layers, else empty.
    """

    def __init__(self, source: str, track: Track, layer: str = "") -> None:
        self.source = source
        self.track = track
        self.kind = KIND_OF[track]
        self.layer = layer
        self.codec: CodecName = "vp8" if self.kind == "video" else "opus"
        self.is_video = self.kind == "video"
        self.clock_rate = CODECS[self.kind].clock_rate
        self.routes: dict[Shape, Lanes[Stream]] = {}
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
        self._shaped_packet = ShapedPacket()
        self._shaped: tuple[RtpPacket, Shape] | None = None
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
        self._fan_out(packet, index, begins_key_frame, now)
        for listener in self.listeners:
            listener.forward(packet, index, begins_key_frame, now)

    def _fan_out(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        for shape, lanes in self.routes.items():
            shaped_packet = self.in_shape(packet, index, shape)
            if shaped_packet is None:
                continue
            are_waiting = lanes.fan_out(shaped_packet, now)
            if are_waiting and (begins_key_frame or not self.is_video):
                for stream in lanes.streams:
                    stream.begin(self, packet, index, now)

    def _note_video(self, packet: RtpPacket, index: int, now: float) -> bool:
        self.history.keep(index, packet)
        self._missing.arrived(index, now)
        described = self.described(packet)
        if described.starts_key_frame:
            self.key_frames.arrived()
            self.lines = described.lines or self.lines
        return described.starts_key_frame

    def attach(self, stream: Stream, shape: Shape) -> None:
        """Forward to a stream in this shape from the next packet on."""
        self.routes.setdefault(shape, Lanes()).add(stream)

    def detach(self, stream: Stream) -> None:
        """Forward to it no more."""
        for shape, lanes in list(self.routes.items()):
            lanes.remove(stream)
            if not lanes.streams:
                del self.routes[shape]

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
            read = h264.read if self.codec == "h264" else vp8.read
            known = self._described = (packet, read(packet.data, packet.payload_at))
        return known[1]

    def in_shape(self, packet: RtpPacket, index: int, shape: Shape) -> ShapedPacket | None:
        """The packet as listeners of this shape get it, until the next call; None if its extensions cannot be read."""
        known = self._shaped
        if known is not None and known[0] is packet and known[1] is shape:
            return self._shaped_packet
        found = self.described(packet) if self.is_video else vp8.NOTHING
        self._shaped = None
        try:
            self._shaped_packet.take(packet, shape, run=self.run, index=index, found=found)
        except BadPacket:
            return None
        self._shaped = packet, shape
        return self._shaped_packet

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
