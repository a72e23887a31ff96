"""A listener's end of one track: a line of its pool, with one SSRC and one unbroken numbering for good."""

from typing import Any, Protocol

from signaling.continuity import Continuity
from signaling.datagram_batches import Destination, SendBatch, copy_into
from signaling.incoming_track import IncomingTrack
from signaling.messages import Kind
from signaling.negotiation import CODECS
from signaling.rtcp import ReportBlock, SenderReport
from signaling.rtp import BadPacket, ExtensionMap, RtpPacket, clean, rewrite_header

REPEATS_PER_REPORT = 1000
"Between two sender reports, one second; a listener that asks for more is broken or hostile."


class Outlet(Protocol):
    """The listener's connection."""

    destination: Destination | None

    def protect(self, pointer: Any, length: int) -> int:
        """Encrypt in place; 0 if it cannot be."""
        ...


class OutgoingStream:
    """Forwards the track it is attached to; detached it sends nothing."""

    def __init__(
        self, source: str, kind: Kind, ssrc: int, outlet: Outlet, batch: SendBatch, *, sequence: int, timestamp: int
    ) -> None:
        self.source = source
        self.kind = kind
        self.ssrc = ssrc
        self.packets = 0
        self.octets = 0
        self.resent = 0
        self.fraction_lost = 0.0
        self.round_trip_ms: float | None = None
        self._outlet = outlet
        self._batch = batch
        self._track: IncomingTrack | None = None
        self._payload_type = CODECS[kind].payload_type
        self._passing: ExtensionMap = ()
        self._continuity = Continuity(sequence=sequence, timestamp=timestamp, clock_rate=CODECS[kind].clock_rate)
        self._repeats_left = REPEATS_PER_REPORT
        self._reported: tuple[int, float] | None = None  # middle of the NTP time, when sent

    @property
    def track(self) -> IncomingTrack | None:
        """What it forwards, while the route is in force."""
        return self._track

    def attach(self, track: IncomingTrack, payload_type: int, passing: ExtensionMap) -> None:
        """Start forwarding: sound at once, a picture from its next key frame."""
        self._track, self._payload_type, self._passing = track, payload_type, passing
        track.listeners.append(self)
        if track.is_video:
            track.key_frames.for_new_listener()

    def detach(self) -> None:
        """Stop: not a packet more, no repeats, no reports."""
        if self._track is not None:
            self._track.listeners.remove(self)
            self._track = None
        self._continuity.end()

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        """Send a new packet of the attached track."""
        track = self._track
        if track is None:
            return
        if not self._continuity.is_open_for(track.run):
            if track.is_video and not begins_key_frame:
                return
            self._continuity.begin(track.run, index, packet.timestamp, now)
        place = self._continuity.place(index, packet.timestamp, now)
        if place is not None:
            self._send(packet, place)

    def repeat(self, sequences: tuple[int, ...], now: float) -> None:
        """Send again what the listener asks for, byte for byte, if it belongs to the route in force."""
        track = self._track
        if track is None or not self._continuity.is_open_for(track.run):
            return
        for sequence in sequences:
            index = self._continuity.source_index(sequence)
            packet = track.history.find(index) if index is not None else None
            if packet is None or index is None or self._repeats_left == 0:
                continue
            place = self._continuity.place(index, packet.timestamp, now)
            if place is not None and self._send(packet, place):
                self.resent += 1
                self._repeats_left -= 1

    def _send(self, packet: RtpPacket, place: tuple[int, int]) -> bool:
        destination = self._outlet.destination
        if destination is None:
            return False
        try:
            data = clean(packet, self._passing)
        except BadPacket:
            return False
        pointer, view = self._batch.claim()
        copy_into(pointer, data)
        rewrite_header(view, packet.marker << 7 | self._payload_type, *place, self.ssrc)
        length = self._outlet.protect(pointer, len(data))
        if not length:
            return False
        self._batch.commit(length, destination)
        self.packets += 1
        self.octets += len(data)
        return True

    def report(self, now: float) -> SenderReport | None:
        """The source's clock in this stream's timestamps, once both are known; also opens the next second's repeats."""
        self._repeats_left = REPEATS_PER_REPORT
        track = self._track
        clock = track.reception.clock if track is not None and self._continuity.is_open_for(track.run) else None
        if clock is None:
            return None
        ntp, timestamp = clock.at(now, CODECS[self.kind].clock_rate)
        self._reported = (ntp >> 16 & 0xFFFFFFFF, now)
        return SenderReport(
            ssrc=self.ssrc,
            ntp=ntp,
            rtp_timestamp=(timestamp + self._continuity.timestamp_offset) & 0xFFFFFFFF,
            packets=self.packets,
            octets=self.octets,
        )

    def heard_block(self, block: ReportBlock, now: float) -> None:
        """Note how the stream arrives at the listener."""
        self.fraction_lost = block.fraction_lost / 256
        if self._reported is not None and block.last_report == self._reported[0]:
            self.round_trip_ms = max(0.0, 1000 * (now - self._reported[1] - block.delay / 65536))
