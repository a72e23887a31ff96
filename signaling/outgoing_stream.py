"""A listener's end of one track: a line of its pool, with one SSRC and one unbroken numbering for good."""

from typing import Any, Protocol

from signaling.allowance import Allowance
from signaling.continuity import Continuity
from signaling.datagram_batches import SendBatch
from signaling.downlink import Downlink
from signaling.hot_path.library import ffi, lib
from signaling.hot_path.shaped_packet import ShapedPacket
from signaling.hot_path.way import Way
from signaling.incoming_track import IncomingTrack
from signaling.layer_choice import PAUSED
from signaling.negotiation import CODECS, Agreed, Line
from signaling.picture_numbers import go_on
from signaling.published_track import PublishedTrack, is_coming, same_moment
from signaling.rtcp import ReportBlock, SenderReport
from signaling.rtp import RtpPacket, Shape, build, padded, parse
from signaling.vp8 import NOTHING

REPEATS_PER_REPORT = 1000
"Between two sender reports, one second; a listener that asks for more is broken or hostile."
LOSSES = (0.5, 4.0)
"How often a second a listener may ask for a key frame that all have to pay for, and how often at once."
PADDING_OCTETS = 255
"Of one packet: its length is told in an octet (RFC 3550, 5.1)."

_PADDING = bytes(PADDING_OCTETS - 1) + bytes([PADDING_OCTETS])


class Outlet(Protocol):
    """The listener's connection."""

    @property
    def way(self) -> Way:
        """How packets go out."""
        ...


class _Candidate:
    """Listens to the layer that a stream is to take next, until a key frame begins there."""

    def __init__(self, stream: "OutgoingStream", layer: IncomingTrack) -> None:
        self._stream = stream
        self.layer = layer

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        if begins_key_frame:
            self._stream.take(self.layer, packet, index, now)


class OutgoingStream:
    """Forwards the track it is attached to, one layer at a time; detached it sends nothing.

    Args:
        line: the listener's.
        outlet: the listener's connection.
        downlink: the numbering of that connection.
        batch: takes what is to be sent.
        sequence: where the numbering begins.
        timestamp: where its clock begins.
        is_seen: whether the sender may notice that somebody listens.
    """

    def __init__(
        self,
        line: Line,
        outlet: Outlet,
        downlink: Downlink,
        batch: SendBatch,
        *,
        sequence: int,
        timestamp: int,
        is_seen: bool = True,
    ) -> None:
        self.source = line.source
        self.track = line.track
        self.kind = line.kind
        self.ssrc = line.ssrc or 0
        self.resent = 0
        self.fraction_lost = 0.0
        self.is_seen = is_seen
        self.round_trip_ms: float | None = None
        self.is_paused = False
        self._kept = outlet, batch  # the lane points into them
        self._downlink = downlink
        self.lane: Any = ffi.new("struct lane *")
        self.lane.batch, self.lane.way, self.lane.sent = batch.pointer, outlet.way.pointer, downlink.sent.pointer
        self.lane.ssrc, self.lane.repeats_ssrc = self.ssrc, line.repeats or 0
        self.lane.repeats_sequence = sequence
        self._published: PublishedTrack | None = None
        self._layer: IncomingTrack | None = None
        self._candidate: _Candidate | None = None
        self._has_repeats = False
        self._shape = Shape()
        self._continuity = Continuity(
            sequence=sequence,
            timestamp=timestamp,
            clock_rate=CODECS[line.kind].clock_rate,
            numbering=ffi.addressof(self.lane, "numbering"),
        )
        self._numbered_run: int | None = None
        self._repeats_left = REPEATS_PER_REPORT
        self._losses = Allowance(*LOSSES)
        self._reported: tuple[int, float] | None = None  # middle of the NTP time, when sent

    @property
    def packets(self) -> int:
        """Sent, without repeats."""
        return int(self.lane.packets)

    @property
    def octets(self) -> int:
        """Sent, without repeats."""
        return int(self.lane.octets)

    @property
    def layer(self) -> IncomingTrack | None:
        """The layer that it forwards, while the route is in force and not paused."""
        return self._layer

    def is_stalled(self, now: float) -> bool:
        """Whether the layer that it forwards is a picture's and does not come any more."""
        return self._layer is not None and self._layer.is_video and not is_coming(self._layer, now)

    @property
    def published(self) -> PublishedTrack | None:
        """What it is attached to, while the route is in force."""
        return self._published

    def attach(self, published: PublishedTrack, agreed: Agreed, shape: Shape) -> None:
        """Start forwarding: sound at once, a picture from the next key frame of its lowest layer."""
        self._published, self._shape = published, shape
        self.lane.payload_type, self.lane.repeats_type = agreed.payload_type, agreed.repeats or 0
        self._has_repeats = agreed.repeats is not None
        self._follow(published.layers[0])

    def detach(self) -> None:
        """Stop: not a packet more, no repeats, no reports."""
        self._stop()
        self._published = None
        self.is_paused = False

    def _stop(self) -> None:
        self._forget_candidate()
        if self._layer is not None:
            self._layer.detach(self)
            self._layer = None
        self._continuity.end()

    def _follow(self, layer: IncomingTrack) -> None:
        self._layer = layer
        layer.attach(self, self._shape)
        if layer.is_video:
            layer.key_frames.for_new_listener()

    def _forget_candidate(self) -> None:
        if self._candidate is not None:
            self._candidate.layer.leave(self._candidate)
            self._candidate = None

    # -- layers --------------------------------------------------------------------------------------------------------

    def choose(self, layer: IncomingTrack | None) -> None:
        """Go over to another layer with its next key frame; `None` pauses the picture at once."""
        if self._published is None:
            return
        self.is_paused = layer is PAUSED
        if layer is None:
            self._stop()
        elif self._layer is None:
            self._follow(layer)
        elif layer is self._layer:
            self._forget_candidate()
        elif self._candidate is None or self._candidate.layer is not layer:
            self._forget_candidate()
            self._candidate = _Candidate(self, layer)
            layer.listen(self._candidate)
            layer.key_frames.for_new_listener()

    def take(self, layer: IncomingTrack, packet: RtpPacket, index: int, now: float) -> None:
        """Go over to a layer whose key frame begins with this packet."""
        before = self._layer
        self._forget_candidate()
        if before is not None:
            before.detach(self)
        self._layer = layer
        layer.attach(self, self._shape)
        same_as = same_moment(before, packet.timestamp, layer) if before is not None else None
        self._begin(layer, packet, index, now, same_as)

    @property
    def target(self) -> IncomingTrack | None:
        """The layer that it forwards, or will with the next key frame."""
        return self._candidate.layer if self._candidate is not None else self._layer

    # -- packets -------------------------------------------------------------------------------------------------------

    def begin(self, layer: IncomingTrack, packet: RtpPacket, index: int, now: float) -> None:
        """Begin a stretch with this packet, unless one is under way."""
        if self._continuity.open_for != layer.run:
            self._begin(layer, packet, index, now)

    def _begin(
        self, layer: IncomingTrack, packet: RtpPacket, index: int, now: float, same_as: int | None = None
    ) -> None:
        self._continuity.begin(layer.run, index, packet.timestamp, now, same_as=same_as)
        if layer.is_video and layer.run != self._numbered_run:
            self._numbered_run = layer.run
            go_on(self.lane, layer.described(packet))
        shaped_packet = layer.in_shape(packet, index, self._shape)
        if shaped_packet is not None:
            lib.send_packet(self.lane, shaped_packet.pointer, now)

    def repeat(self, sequences: tuple[int, ...], now: float) -> None:
        """Send again what the listener asks for, if it belongs to the route in force."""
        layer = self._layer
        if layer is None or self._continuity.open_for != layer.run:
            return
        send = lib.send_repeat if self._has_repeats else lib.send_packet
        copies = 2 if self._has_repeats and self._downlink.bandwidth.is_noisy else 1
        for sequence in sequences:
            index = self._continuity.source_index(sequence)
            packet = layer.history.find(index) if index is not None else None
            if packet is None or index is None or self._repeats_left <= 0:
                continue
            shaped_packet = layer.in_shape(packet, index, self._shape)
            sent = sum(send(self.lane, shaped_packet.pointer, now) for _ in range(copies)) if shaped_packet else 0
            self.resent += sent
            self._repeats_left -= sent

    def lost_picture(self, now: float) -> None:
        """The listener asks for a key frame; one that asks on and on is not heard each time."""
        if self._layer is not None and self._losses.take(now):
            self._layer.key_frames.for_loss()

    def pad(self, octets: int, now: float) -> int:
        """Send at least so many octets of padding in the stream of repeats; gives how many were sent."""
        if not self._has_repeats or self._published is None:
            return 0
        padding = build(_PADDING, payload_type=0, marker=False, sequence=0, timestamp=0, ssrc=0)
        shaped_packet = ShapedPacket()
        shaped_packet.take(parse(padded(padding)), self._shape, found=NOTHING)
        sent = 0
        while sent < octets and lib.send_padding(self.lane, shaped_packet.pointer, now):
            sent += shaped_packet.size
        return sent

    # -- reports -------------------------------------------------------------------------------------------------------

    def report(self, now: float) -> SenderReport | None:
        """The source's clock in this stream's timestamps, once both are known; also opens the next second's repeats."""
        self._repeats_left = REPEATS_PER_REPORT
        layer = self._layer
        clock = layer.reception.clock if layer is not None and self._continuity.open_for == layer.run else None
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
