"""A seat's camera or microphone as it arrives: counted, kept for repeats, asked for what is missing."""

from itertools import count
from typing import Protocol

from signaling.key_frame_requests import KeyFrameRequests
from signaling.messages import Kind, TrackStats
from signaling.missing_packets import MissingPackets
from signaling.negotiation import CODECS
from signaling.packet_history import PacketHistory
from signaling.reception import Reception
from signaling.rtp import RtpPacket, SequenceUnwrapper
from signaling.vp8 import starts_key_frame

_runs = count(1)


class Listener(Protocol):
    """Whoever takes the packets of a track: a seat's stream, later a recorder."""

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        """Take a new packet; `index` is its sequence number without the wrap."""
        ...


class IncomingTrack:
    """One track of one connection; `listeners` are the routes in force."""

    def __init__(self, source: str, kind: Kind) -> None:
        self.source = source
        self.kind = kind
        self.is_video = kind == "video"
        self.clock_rate = CODECS[kind].clock_rate
        self.listeners: list[Listener] = []
        self.key_frames = KeyFrameRequests()
        self.packets_asked = 0
        self.bind(None)

    def bind(self, ssrc: int | None) -> None:
        """Start counting afresh under an SSRC; None until it is known."""
        self.ssrc = ssrc
        self.run = next(_runs)
        "Tells this run of the sender's numbers and clock from any other in the process."
        self.history = PacketHistory()
        self.reception = Reception(self.clock_rate)
        self._missing = MissingPackets()
        self._unwrapper = SequenceUnwrapper()

    def receive(self, packet: RtpPacket, now: float) -> None:
        """Note a packet and hand it to every listener."""
        index = self._unwrapper.index(packet.sequence)
        self.reception.arrived(index, packet.timestamp, len(packet.data), now)
        begins_key_frame = self.is_video and self._note_video(packet, index, now)
        for listener in self.listeners:
            listener.forward(packet, index, begins_key_frame, now)

    def _note_video(self, packet: RtpPacket, index: int, now: float) -> bool:
        self.history.keep(index, packet)
        self._missing.arrived(index, now)
        begins_key_frame = starts_key_frame(packet.data, packet.payload_at)
        if begins_key_frame:
            self.key_frames.arrived()
        return begins_key_frame

    def due_repeats(self, now: float) -> list[int]:
        """16-bit sequence numbers to ask the sender for now."""
        due = [index & 0xFFFF for index in self._missing.due(now)]
        self.packets_asked += len(due)
        return due

    def stats(self) -> TrackStats:
        """The counters."""
        return TrackStats(
            source=self.source,
            kind=self.kind,
            packets=self.reception.packets,
            octets=self.reception.octets,
            lost=self.reception.lost,
            jitter_ms=self.reception.jitter_ms,
            key_frames_asked=self.key_frames.asked,
            packets_asked=self.packets_asked,
        )
