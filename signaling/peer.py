"""A seat's peer connection: its lines, the tracks that come in and the streams that go out."""

import secrets
from collections.abc import Iterable
from typing import Protocol

from signaling import rtcp
from signaling.host import Host, draw_ssrc
from signaling.incoming_track import IncomingTrack
from signaling.link import Link
from signaling.messages import GoneReason, Kind
from signaling.negotiation import MID_EXTENSION, Agreement, Line, offer, passing, read_answer, with_sources
from signaling.outgoing_stream import OutgoingStream
from signaling.rtp import BadPacket, RtpPacket, extensions, parse

OUR_SSRC = 1
"The sender of our feedback; we have no stream of our own."
REPORT_EVERY_S = 1.0


class PeerOwner(Protocol):
    """The room a seat sits in."""

    def peer_connected(self, peer: "Peer") -> None:
        """Its routes can start."""
        ...

    def peer_lost(self, peer: "Peer", reason: GoneReason) -> None:
        """Its routes must end."""
        ...


class Peer:
    """One connection of one alias; who reconnects is a new peer."""

    def __init__(self, alias: str, lines: tuple[Line, ...], host: Host, owner: PeerOwner) -> None:
        self.alias = alias
        self.connection = secrets.randbits(48)
        self.revision = 1
        self.link = Link(host.port, host.certificate, host.new_credentials(), self)
        self.tracks: dict[Kind, IncomingTrack] = {}
        self.streams: dict[tuple[str, Kind], OutgoingStream] = {}
        self._host = host
        self._owner = owner
        self._lines = lines
        self._agreement: Agreement | None = None
        self._tracks_by_ssrc: dict[int, IncomingTrack] = {}
        self._streams_by_ssrc: dict[int, OutgoingStream] = {}
        self._report_at = 0.0
        self._make_ends()

    def _make_ends(self) -> None:
        """A track or a stream for each line that has none."""
        for line in self._lines:
            if line.ssrc is None:
                self.tracks.setdefault(line.kind, IncomingTrack(self.alias, line.kind))
            elif line.ssrc not in self._streams_by_ssrc:
                stream = OutgoingStream(
                    line.source,
                    line.kind,
                    line.ssrc,
                    self.link,
                    self._host.port.batch,
                    sequence=secrets.randbits(15),
                    timestamp=secrets.randbits(32),
                )
                self.streams[line.source, line.kind] = self._streams_by_ssrc[line.ssrc] = stream

    @property
    def publishing(self) -> frozenset[Kind]:
        """The tracks it agreed to send."""
        return frozenset(kind for kind in self.tracks if self._has_agreed(kind))

    @property
    def receiving(self) -> frozenset[tuple[str, Kind]]:
        """(source, kind) of the lines it agreed to take."""
        return frozenset(
            (line.source, line.kind) for line in self._lines if line.ssrc is not None and self._has_agreed(line.mid)
        )

    def _has_agreed(self, mid: str) -> bool:
        return self._agreement is not None and mid in self._agreement.lines

    def extension_id(self, kind: Kind, uri: str) -> int | None:
        """The number of a header extension in the track of a kind, where it was agreed."""
        agreed = self._agreement.lines.get(kind) if self._agreement is not None else None
        return agreed.extensions.get(uri) if agreed is not None else None

    def offer(self) -> str:
        """The SDP for the present revision."""
        endpoint = self._host.endpoint(self.link.credentials)
        return offer(self._lines, endpoint, connection=self.connection, revision=self.revision)

    def offer_again(self, sources: Iterable[str]) -> str:
        """The SDP of a new revision: an ICE restart, with lines for sources that had none."""
        self.revision += 1
        self._lines = with_sources(self._lines, (s for s in sources if s != self.alias), draw_ssrc)
        self._make_ends()
        self.link.restart_ice(self._host.new_credentials())
        return self.offer()

    def accept(self, answer: str) -> None:
        """Take the page's answer to the present revision.

        Raises:
            BadAnswer: it does not fit; nothing has changed.
        """
        self._agreement = read_answer(answer, self._lines)
        for kind, track in self.tracks.items():
            agreed = self._agreement.lines.get(kind)
            if agreed is not None and agreed.ssrc is not None and agreed.ssrc != track.ssrc:
                self._bind(track, agreed.ssrc)
        self.link.answered(self._agreement.fingerprint)

    def _bind(self, track: IncomingTrack, ssrc: int) -> None:
        if track.ssrc is not None:
            del self._tracks_by_ssrc[track.ssrc]
        track.bind(ssrc)
        self._tracks_by_ssrc[ssrc] = track

    def attach(self, source: "Peer", kind: Kind) -> None:
        """Start forwarding a track of another seat to this one; both have agreed to it."""
        if self._agreement is None or source._agreement is None:
            return
        ours, theirs = self._agreement.lines[f"{source.alias}-{kind}"], source._agreement.lines[kind]
        self.streams[source.alias, kind].attach(source.tracks[kind], ours.payload_type, passing(theirs, ours))

    def detach(self, source: str, kind: Kind) -> None:
        """Stop forwarding a track to this seat."""
        self.streams[source, kind].detach()

    def link_connected(self) -> None:
        """ICE and DTLS stand."""
        self._owner.peer_connected(self)

    def link_lost(self, reason: GoneReason) -> None:
        """The connection is of no use any more."""
        self._owner.peer_lost(self, reason)

    def receive_rtp(self, data: bytes, now: float) -> None:
        """Forward a packet of this seat to whom its routes name."""
        try:
            packet = parse(data)
            track = self._tracks_by_ssrc.get(packet.ssrc) or self._track_by_mid(packet)
        except BadPacket:
            return
        if track is not None:
            track.receive(packet, now)

    def _track_by_mid(self, packet: RtpPacket) -> IncomingTrack | None:
        """The track an unknown SSRC belongs to by its MID extension, if that has no SSRC yet."""
        for kind, track in self.tracks.items():
            agreed = self._agreement.lines.get(kind) if self._agreement is not None else None
            number = agreed.extensions.get(MID_EXTENSION) if agreed is not None else None
            if number is not None and track.ssrc is None and extensions(packet).get(number) == kind.encode():
                self._bind(track, packet.ssrc)
                return track
        return None

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """Take reports, and requests for repeats and key frames."""
        try:
            reports = rtcp.parse(data)
        except BadPacket:
            return
        for report in reports:
            match report:
                case rtcp.SenderReport():
                    track = self._tracks_by_ssrc.get(report.ssrc)
                    if track is not None:
                        track.reception.heard_report(report, now)
                    self._heard_blocks(report.blocks, now)
                case rtcp.ReceiverReport():
                    self._heard_blocks(report.blocks, now)
                case rtcp.Nack() | rtcp.PictureLoss():
                    self._feedback(report, now)

    def _heard_blocks(self, blocks: Iterable[rtcp.ReportBlock], now: float) -> None:
        for block in blocks:
            stream = self._streams_by_ssrc.get(block.ssrc)
            if stream is not None:
                stream.heard_block(block, now)

    def _feedback(self, report: rtcp.Nack | rtcp.PictureLoss, now: float) -> None:
        stream = self._streams_by_ssrc.get(report.media_ssrc)
        if stream is None or stream.track is None:
            return
        if isinstance(report, rtcp.Nack):
            stream.repeat(report.lost, now)
        else:
            stream.track.key_frames.for_loss()

    def tick(self, now: float) -> None:
        """Ask for key frames and for what is missing, and report once a second."""
        for ssrc, track in self._tracks_by_ssrc.items():
            if track.key_frames.due(now):
                self.link.send_rtcp(rtcp.picture_loss(OUR_SSRC, ssrc))
            lost = track.due_repeats(now)
            if lost:
                self.link.send_rtcp(rtcp.nack(OUR_SSRC, ssrc, lost))
        if now >= self._report_at:
            self._report_at = now + REPORT_EVERY_S
            self._report(now)

    def _report(self, now: float) -> None:
        blocks = tuple(
            track.reception.block(ssrc, now) for ssrc, track in self._tracks_by_ssrc.items() if track.reception.packets
        )
        packets = [rtcp.receiver_report(rtcp.ReceiverReport(ssrc=OUR_SSRC, blocks=blocks))]
        for stream in self.streams.values():
            report = stream.report(now)
            if report is not None:
                packets.append(rtcp.sender_report(report, stream.source))
        for compound in rtcp.compounds(packets):
            self.link.send_rtcp(compound)
