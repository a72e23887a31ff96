"""A listener's end of one track: a line of its pool, with one SSRC and one unbroken numbering for good."""

import struct
from typing import Any, Protocol

from signaling.allowance import Allowance
from signaling.continuity import Continuity
from signaling.datagram_batches import Destination, SendBatch
from signaling.downlink import Downlink
from signaling.incoming_track import IncomingTrack
from signaling.layer_choice import PAUSED
from signaling.negotiation import CODECS, Agreed, Line
from signaling.picture_numbers import PictureNumbers
from signaling.published_track import PublishedTrack, same_moment
from signaling.rtcp import ReportBlock, SenderReport
from signaling.rtp import COUNTER_AT, BadPacket, RtpPacket, Shape, build, padded, parse, rewrite_header, shaped
from signaling.vp8 import read

REPEATS_PER_REPORT = 1000
"Between two sender reports, one second; a listener that asks for more is broken or hostile."
LOSSES = (0.5, 4.0)
"How often a second a listener may ask for a key frame that all have to pay for, and how often at once."
PADDING_OCTETS = 255
"Of one packet: its length is told in an octet (RFC 3550, 5.1)."

_NUMBER = struct.Struct("!H")
_PADDING = bytes(PADDING_OCTETS - 1) + bytes([PADDING_OCTETS])


class Outlet(Protocol):
    """The listener's connection."""

    destination: Destination | None

    def protect(self, pointer: Any, length: int) -> int:
        """Encrypt in place; 0 if it cannot be."""
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
    """

    def __init__(
        self, line: Line, outlet: Outlet, downlink: Downlink, batch: SendBatch, *, sequence: int, timestamp: int
    ) -> None:
        self.source = line.source
        self.track = line.track
        self.kind = line.kind
        self.ssrc = line.ssrc or 0
        self.packets = 0
        self.octets = 0
        self.resent = 0
        self.fraction_lost = 0.0
        self.round_trip_ms: float | None = None
        self.is_paused = False
        self._repeats_ssrc = line.repeats or 0
        self._outlet = outlet
        self._downlink = downlink
        self._batch = batch
        self._published: PublishedTrack | None = None
        self._layer: IncomingTrack | None = None
        self._candidate: _Candidate | None = None
        self._payload_type = CODECS[line.kind].payload_type
        self._repeats: int | None = None  # payload type of the repeats
        self._repeats_sequence = sequence
        self._shape = Shape()
        self._continuity = Continuity(sequence=sequence, timestamp=timestamp, clock_rate=CODECS[line.kind].clock_rate)
        self._pictures = PictureNumbers()
        self._latest: RtpPacket | None = None  # of the picture, as it came
        self._numbered_run: int | None = None
        self._repeats_left = REPEATS_PER_REPORT
        self._losses = Allowance(*LOSSES)
        self._reported: tuple[int, float] | None = None  # middle of the NTP time, when sent

    @property
    def layer(self) -> IncomingTrack | None:
        """The layer that it forwards, while the route is in force and not paused."""
        return self._layer

    @property
    def published(self) -> PublishedTrack | None:
        """What it is attached to, while the route is in force."""
        return self._published

    def attach(self, published: PublishedTrack, agreed: Agreed, shape: Shape) -> None:
        """Start forwarding: sound at once, a picture from the next key frame of its lowest layer."""
        self._published, self._shape = published, shape
        self._payload_type, self._repeats = agreed.payload_type, agreed.repeats
        self._follow(published.layers[0])

    def detach(self) -> None:
        """Stop: not a packet more, no repeats, no reports."""
        self._stop()
        self._published = None
        self.is_paused = False

    def _stop(self) -> None:
        self._forget_candidate()
        if self._layer is not None:
            self._layer.leave(self)
            self._layer = None
        self._continuity.end()

    def _follow(self, layer: IncomingTrack) -> None:
        self._layer = layer
        layer.listen(self)
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
            before.leave(self)
        self._layer = layer
        layer.listen(self)
        same_as = same_moment(before, packet.timestamp, layer) if before is not None else None
        self._begin(layer, packet, index, now, same_as)
        self.forward(packet, index, begins_key_frame=True, now=now)

    @property
    def target(self) -> IncomingTrack | None:
        """The layer that it forwards, or will with the next key frame."""
        return self._candidate.layer if self._candidate is not None else self._layer

    # -- packets -------------------------------------------------------------------------------------------------------

    def forward(self, packet: RtpPacket, index: int, begins_key_frame: bool, now: float) -> None:
        """Send a new packet of the layer."""
        layer = self._layer
        if layer is None:
            return
        continuity = self._continuity
        if continuity.open_for != layer.run:
            if layer.is_video and not begins_key_frame:
                return
            self._begin(layer, packet, index, now)
        place = continuity.place(index, packet.timestamp, now)
        if place is None:
            return
        if layer.is_video and place[0] == continuity.sequence:
            self._latest = packet
        self._send(layer, packet, place, now)

    def _begin(
        self, layer: IncomingTrack, packet: RtpPacket, index: int, now: float, same_as: int | None = None
    ) -> None:
        """Go on with what begins with this packet."""
        self._continuity.begin(layer.run, index, packet.timestamp, now, same_as=same_as)
        if layer.is_video and layer.run != self._numbered_run:
            self._numbered_run = layer.run
            if self._latest is not None:
                self._pictures.go_on(read(self._latest.data, self._latest.payload_at), layer.described(packet))

    def repeat(self, sequences: tuple[int, ...], now: float) -> None:
        """Send again what the listener asks for, if it belongs to the route in force."""
        layer = self._layer
        if layer is None or self._continuity.open_for != layer.run:
            return
        for sequence in sequences:
            index = self._continuity.source_index(sequence)
            packet = layer.history.find(index) if index is not None else None
            if packet is None or index is None or self._repeats_left == 0:
                continue
            if self._send_again(layer, packet, index, now):
                self.resent += 1
                self._repeats_left -= 1

    def lost_picture(self, now: float) -> None:
        """The listener asks for a key frame; one that asks on and on is not heard each time."""
        if self._layer is not None and self._losses.take(now):
            self._layer.key_frames.for_loss()

    def pad(self, octets: int, now: float) -> int:
        """Send at least so many octets of padding in the stream of repeats; gives how many were sent."""
        destination = self._outlet.destination
        if destination is None or self._repeats is None or self._published is None:
            return 0
        padding = build(_PADDING, payload_type=self._repeats, marker=False, sequence=0, timestamp=0, ssrc=0)
        data = shaped(parse(padded(padding)), self._shape)
        sent = 0
        while sent < octets:
            pointer, view = self._batch.claim()
            view[: len(data)] = data
            self._rewrite_repeat(view, self._repeats, self._continuity.timestamp)
            if not self._commit(pointer, view, len(data), destination, now):
                break
            sent += len(data)
        return sent

    def _rewrite_repeat(self, view: Any, second_byte: int, timestamp: int) -> None:
        self._repeats_sequence = (self._repeats_sequence + 1) & 0xFFFF
        rewrite_header(view, second_byte, self._repeats_sequence, timestamp, self._repeats_ssrc)

    def _send_again(self, layer: IncomingTrack, packet: RtpPacket, index: int, now: float) -> bool:
        place = self._continuity.place(index, packet.timestamp, now)
        if place is None:
            return False
        if self._repeats is None:
            return self._send(layer, packet, place, now)
        return self._send_repeat(layer, packet, place, now)

    def _send(self, layer: IncomingTrack, packet: RtpPacket, place: tuple[int, int], now: float) -> bool:
        """Send under the track's own number; the same packet is the same to the byte whenever it is sent."""
        destination = self._outlet.destination
        if destination is None:
            return False
        try:
            data, payload_at = layer.shaped(packet, self._shape)
        except BadPacket:
            return False
        size = len(data)
        pointer, view = self._batch.claim()
        view[:size] = data
        rewrite_header(view, packet.marker << 7 | self._payload_type, place[0], place[1], self.ssrc)
        if self._pictures.are_moved:
            self._pictures.write(view, payload_at, layer.described(packet))
        if not self._commit(pointer, view, size, destination, now):
            return False
        self.packets += 1
        self.octets += size
        return True

    def _send_repeat(self, layer: IncomingTrack, packet: RtpPacket, place: tuple[int, int], now: float) -> bool:
        """Send in the stream of repeats, behind the number it had. Source: RFC 4588, 4."""
        destination = self._outlet.destination
        if destination is None or self._repeats is None:
            return False
        try:
            data, payload_at = layer.shaped(packet, self._shape)
        except BadPacket:
            return False
        sequence, timestamp = place
        pointer, view = self._batch.claim()
        size = len(data) + _NUMBER.size
        view[:size] = data[:payload_at] + _NUMBER.pack(sequence) + data[payload_at:]
        self._rewrite_repeat(view, packet.marker << 7 | self._repeats, timestamp)
        if self._pictures.are_moved:
            self._pictures.write(view, payload_at + _NUMBER.size, layer.described(packet))
        return self._commit(pointer, view, size, destination, now)

    def _commit(self, pointer: Any, view: Any, size: int, destination: Destination, now: float) -> bool:
        if self._shape.counter:
            _NUMBER.pack_into(view, COUNTER_AT, self._downlink.sent.note(size, now) & 0xFFFF)
        length = self._outlet.protect(pointer, size)
        if not length:
            return False
        self._batch.commit(length, destination)
        return True

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
