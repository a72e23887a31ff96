"""One encoding of a seat's track as it arrives: kept for repeats, asked for what is missing.

Counted, told from repeats and forwarded it is in C (`hot_path/incoming.c`), before anything here.
"""

from itertools import count
from typing import Any, Protocol

from signaling import h264, vp8
from signaling.hot_path.intake import RECEIVED, taken
from signaling.hot_path.lanes import HasLane, Lanes
from signaling.hot_path.library import ffi, lib
from signaling.hot_path.shaped_packet import ShapedPacket, in_c
from signaling.key_frame_requests import KeyFrameRequests
from signaling.messages import KIND_OF, Track, TrackStats
from signaling.missing_packets import MissingPackets
from signaling.negotiation import CODECS, CodecName
from signaling.packet_history import PacketHistory
from signaling.rate import Rate
from signaling.reception import Reception
from signaling.rtcp import ReportBlock
from signaling.rtp import BadPacket, RtpPacket, Shape
from signaling.vp8 import Descriptor

MOST_MISSED = 0.25
"By a listener, for whose sake sound costs more; who misses more is not helped by it, or does not tell the truth."

_runs = count(1)


class Listener(Protocol):
    """Whoever takes the packets of a track one by one, such as a recorder."""

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        """Take a new packet; `index` is its sequence number without the wrap."""
        ...


class Stream(HasLane, Protocol):
    """A listener's stream, to which every packet is forwarded by the fan-out."""

    @property
    def fraction_lost(self) -> float:
        """Of what the listener should have got lately, 0 to 1."""
        ...

    @property
    def is_seen(self) -> bool:
        """Whether the sender may notice that somebody listens."""
        ...

    def begin(self, layer: "IncomingTrack", packet: RtpPacket, index: int, now: float) -> None:
        """Begin a stretch with this packet, unless one is under way."""
        ...


class IncomingTrack:
    """One SSRC of one connection; `routes` are those in force, by what their listeners take.

    Args:
        layer: the restriction id of a picture that comes in layers, else empty.
    """

    def __init__(self, source: str, track: Track, layer: str = "") -> None:
        self.alias = source
        self.track = track
        self.kind = KIND_OF[track]
        self.layer = layer
        self.is_video = self.kind == "video"
        self.clock_rate = CODECS[self.kind].clock_rate
        self._shaped_packet = ShapedPacket()
        self.source: Any = ffi.new("struct source *", {"is_video": self.is_video, "is_followed": self.is_video})
        "What is done in C for every packet."
        self.source.packet = self._shaped_packet.pointer
        self.codec = "vp8" if self.is_video else "opus"
        self.routes: dict[Shape, Lanes[Stream]] = {}
        self._routes_in_c: tuple[object, ...] = ()
        self.listeners: list[Listener] = []
        self.key_frames = KeyFrameRequests()
        self.packets_asked = 0
        self.lines = 0
        "Height of the picture as of the last key frame; 0 for sound, and before the first."
        self.bind(None)

    @property
    def codec(self) -> CodecName:
        """How it comes."""
        return self._codec

    @codec.setter
    def codec(self, codec: CodecName) -> None:
        self._codec: CodecName = codec
        self.source.is_vp8 = codec == "vp8"

    def bind(self, ssrc: int | None) -> None:
        """Start counting afresh under an SSRC; None until it is known."""
        self.ssrc = ssrc
        self.run = next(_runs)
        "Tells this run of the sender's numbers and clock from any other in the process."
        lib.begin_source(self.source, ssrc or 0, self.run, self.clock_rate)
        self.history = PacketHistory()
        self.reception = Reception(self.clock_rate, ffi.addressof(self.source, "reception"))
        self.rate = Rate(ffi.addressof(self.source, "rate"))
        self._missing = MissingPackets()

    @property
    def came_at(self) -> float:
        """When the last packet came."""
        return float(self.source.came_at)

    def agree(self, payload_type: int, level_number: int) -> None:
        """Take how its packets are marked: by their type, and by the number of the extension with a level, if any."""
        self.source.payload_type, self.source.level_number = payload_type, level_number

    def receive(self, packet: RtpPacket, now: float) -> None:
        """Take a packet that did not come by the intake, and so has been neither counted nor forwarded."""
        taken.sequence, taken.timestamp, taken.payload_at = packet.sequence, packet.timestamp, packet.payload_at
        if lib.receive(self.source, packet.data, len(packet.data), taken, now) == RECEIVED:
            self._pass_on(packet, now)

    def took(self, data: bytes, now: float) -> None:
        """Follow a packet that the intake has taken and forwarded: `taken` tells of it."""
        packet = RtpPacket(
            taken.payload_type,
            bool(taken.marker),
            taken.sequence,
            taken.timestamp,
            taken.ssrc,
            taken.payload_at,
            data,
        )
        self._pass_on(packet, now)

    def _pass_on(self, packet: RtpPacket, now: float) -> None:
        index, are_waiting = taken.index, taken.waiting
        begins_key_frame = self.is_video and self._note_video(packet, index, now)
        if are_waiting and (begins_key_frame or not self.is_video):
            for lanes in self.routes.values():
                for stream in lanes.streams:
                    stream.begin(self, packet, index, now)
        for listener in self.listeners:
            listener.forward(packet, index, begins_key_frame, now)

    def _note_video(self, packet: RtpPacket, index: int, now: float) -> bool:
        self.history.keep(index, packet)
        self._missing.arrived(index, now)
        if self.codec == "vp8" and not taken.found.starts_key_frame:
            return False
        described = self.described(packet)
        if described.starts_key_frame:
            self.key_frames.arrived()
            self.lines = described.lines or self.lines
        return described.starts_key_frame

    def attach(self, stream: Stream, shape: Shape) -> None:
        """Forward to a stream in this shape from the next packet on."""
        self.routes.setdefault(shape, Lanes()).add(stream)
        self._follow_routes()

    def detach(self, stream: Stream) -> None:
        """Forward to it no more."""
        for shape, lanes in list(self.routes.items()):
            lanes.remove(stream)
            if not lanes.streams:
                del self.routes[shape]
        self._follow_routes()

    def _follow_routes(self) -> None:
        shapes = {shape: in_c(shape) for shape in self.routes}
        routes = ffi.new("struct route[]", len(shapes))
        for place, (shape, lanes) in enumerate(self.routes.items()):
            routes[place] = {"shape": shapes[shape], "lanes": lanes.array, "count": len(lanes.streams)}
        self.source.routes, self.source.count = routes, len(shapes)
        self._routes_in_c = routes, shapes

    def listen(self, listener: Listener) -> None:
        """Add a listener; one that is added while a packet is handed round gets the next one."""
        self._hand_to([*self.listeners, listener])

    def leave(self, listener: Listener) -> None:
        """Take a listener away; one that is taken away while a packet is handed round still gets that one."""
        self._hand_to([other for other in self.listeners if other is not listener])

    def _hand_to(self, listeners: list[Listener]) -> None:
        self.listeners = listeners
        self.source.is_followed = self.is_video or bool(listeners)

    def described(self, packet: RtpPacket) -> Descriptor:
        """What the payload of a picture's packet says."""
        read = h264.read if self.codec == "h264" else vp8.read
        return read(packet.data, packet.payload_at)

    def in_shape(self, packet: RtpPacket, index: int, shape: Shape) -> ShapedPacket | None:
        """The packet as listeners of this shape get it, until the next call; None if its extensions cannot be read."""
        found = self.described(packet) if self.is_video else vp8.NOTHING
        try:
            self._shaped_packet.take(packet, shape, run=self.run, index=index, found=found)
        except BadPacket:
            return None
        return self._shaped_packet

    def report(self, ssrc: int, now: float) -> ReportBlock:
        """How it comes, for its sender; of sound, too, what the worst off of those who hear it miss.

        A sender of Opus puts into each packet a spare of the one before when it is told of losses (RFC 6716, 2.1.7);
        nobody asks for a packet of sound again. Cumulative numbers, from which senders learn what their own way
        carries, stay those of that way. What somebody misses who is not to be noticed betrays nothing.
        """
        hearing = [] if self.is_video else [s for lanes in self.routes.values() for s in lanes.streams if s.is_seen]
        missed = [stream.fraction_lost for stream in hearing]
        return self.reception.block(ssrc, now, at_least=min(MOST_MISSED, max(missed, default=0.0)))

    def due_repeats(self, now: float) -> list[int]:
        """16-bit sequence numbers to ask the sender for now."""
        due = [index & 0xFFFF for index in self._missing.due(now)]
        self.packets_asked += len(due)
        return due

    def stats(self) -> TrackStats:
        """The counters."""
        return TrackStats(
            source=self.alias,
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
