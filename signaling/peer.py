"""A seat's peer connection: its lines, the tracks that come in and the streams that go out."""

import secrets
from collections.abc import Collection, Iterable
from typing import Protocol

from signaling import rtcp
from signaling.arrivals import Arrivals
from signaling.downlink import Downlink
from signaling.host import Host, draw_ssrc
from signaling.hot_path.intake import RECEIVED, UNKNOWN, taken
from signaling.link import Link
from signaling.messages import KIND_OF, GoneReason, Kind, Shown, Track
from signaling.negotiation import Agreement, CodecName, Line, mid_of, offer, read_answer, shape_for, with_sources
from signaling.outgoing_stream import OutgoingStream
from signaling.picture_budget import PictureBudget
from signaling.published_track import PublishedTrack
from signaling.rtp import BadPacket, parse
from signaling.track_finder import TrackFinder

OUR_SSRC = 1
"The sender of our feedback; we have no stream of our own."
REPORT_EVERY_S = 1.0

_CONNECTION_BITS = 48


class PeerOwner(Protocol):
    """The room a seat sits in."""

    def peer_connected(self, peer: "Peer") -> None:
        """Its routes can start."""
        ...

    def peer_lost(self, peer: "Peer", reason: GoneReason) -> None:
        """Its routes must end."""
        ...

    def sound_heard(self, peer: "Peer", level: int, now: float) -> None:
        """Packets of its sound have come, the loudest of this level."""
        ...

    def speaker(self, among: Collection[str]) -> str | None:
        """Who of these seats speaks, or spoke last."""
        ...

    def pictures_paused(self, peer: "Peer", pictures: list[tuple[str, Track]]) -> None:
        """These pictures are held back, because its way does not carry them; no others."""
        ...


class Peer:
    """One connection of one alias; who reconnects is a new peer."""

    def __init__(self, alias: str, lines: tuple[Line, ...], host: Host, owner: PeerOwner) -> None:
        self.alias = alias
        self.connection = secrets.randbits(_CONNECTION_BITS)
        self.revision = 1
        self.link = Link(host.port, host.certificate, host.new_credentials(), self)
        self.tracks: dict[Track, PublishedTrack] = {}
        self.streams: dict[tuple[str, Track], OutgoingStream] = {}
        self.downlink = Downlink()
        self.downlink.be_told_by(self.link.entrance)
        self.budget = PictureBudget(self.downlink)
        self._arrivals = Arrivals()
        self._finder = TrackFinder()
        self.link.entrance.lead_to(self._finder.intake.pointer)
        self._host = host
        self._owner = owner
        self._lines = lines
        self._agreement: Agreement | None = None
        self._answered = 0  # the last revision that was
        self._streams_by_ssrc: dict[int, OutgoingStream] = {}
        self._report_at = 0.0
        self.is_sending = False
        "Whether any packet of its tracks is expected."
        self._make_ends()

    def _make_ends(self) -> None:
        """A track or a stream for each line that has none; who sends nothing, as supervisors do, listens unseen."""
        is_seen = any(line.ssrc is None for line in self._lines)
        for line in self._lines:
            if line.ssrc is None:
                self.tracks.setdefault(line.track, PublishedTrack(self.alias, line.track))
            elif line.ssrc not in self._streams_by_ssrc:
                stream = OutgoingStream(
                    line,
                    self.link,
                    self.downlink,
                    self._host.port.batch,
                    sequence=secrets.randbits(15),
                    timestamp=secrets.randbits(32),
                    is_seen=is_seen,
                )
                self.streams[line.source, line.track] = self._streams_by_ssrc[line.ssrc] = stream

    @property
    def is_answered(self) -> bool:
        """Whether the present offer has got its answer: there is only one to each."""
        return self._answered == self.revision

    @property
    def publishing(self) -> frozenset[Track]:
        """The tracks it agreed to send."""
        return frozenset(track for track in self.tracks if self._has_agreed(track))

    @property
    def receiving(self) -> frozenset[tuple[str, Track]]:
        """(source, track) of the lines it agreed to take."""
        return frozenset(
            (line.source, line.track) for line in self._lines if line.ssrc is not None and self._has_agreed(line.mid)
        )

    def _has_agreed(self, mid: str) -> bool:
        return self._agreement is not None and mid in self._agreement.lines

    @property
    def taken(self) -> list[tuple[Kind, str]]:
        """Each line that was agreed, as the other side calls it."""
        lines = self._agreement.lines if self._agreement is not None else {}
        return [(line.kind, lines[line.mid].mid or line.mid) for line in self._lines if line.mid in lines]

    def extension_id(self, track: Track, uri: str) -> int | None:
        """The number of a header extension in an own track, where it was agreed."""
        agreed = self._agreement.lines.get(track) if self._agreement is not None else None
        return agreed.extensions.get(uri) if agreed is not None else None

    def codec(self, track: Track) -> CodecName | None:
        """How an own track comes, where it was agreed."""
        agreed = self._agreement.lines.get(track) if self._agreement is not None else None
        if agreed is None:
            return None
        return "opus" if KIND_OF[track] == "audio" else agreed.codec

    def offer(self) -> str:
        """The SDP for the present revision."""
        endpoint = self._host.endpoint(self.link.credentials)
        return offer(self._lines, endpoint, connection=self.connection, revision=self.revision)

    def offer_again(self, sources: Iterable[tuple[str, Track]], cameras: Collection[str] = ()) -> str:
        """The SDP of a new revision: an ICE restart, with lines for tracks that had none."""
        self.revision += 1
        others = (source for source in sources if source[0] != self.alias)
        self._lines = with_sources(self._lines, others, draw_ssrc, cameras)
        self._make_ends()
        self.link.restart_ice(self._host.new_credentials())
        return self.offer()

    def accept(self, answer: str) -> None:
        """Take the page's answer to the present revision.

        Raises:
            BadAnswer: it does not fit; nothing has changed.
        """
        self.agree(read_answer(answer, self._lines))

    def agree(self, agreement: Agreement) -> None:
        """Take what both sides have come to."""
        self._agreement = agreement
        self._answered = self.revision
        self.is_sending = bool(self.publishing)
        for track, published in self.tracks.items():
            agreed = self._agreement.lines.get(track)
            if agreed is not None:
                published.agree(agreed)
        self._finder.agree(self.tracks, self._agreement)
        self.link.answered(agreement.fingerprint, agreement.role)

    def attach(self, source: "Peer", track: Track) -> bool:
        """Start forwarding a track of another seat to this one; both have agreed to it.

        Returns:
            Whether this one takes the codec in which it comes; else nothing is sent.
        """
        if self._agreement is None or source._agreement is None:
            return True
        theirs = source._agreement.lines[track]
        ours = self._agreement.lines[mid_of(source.alias, track)].for_codec(theirs.codec)
        if ours is None:
            return False
        stream = self.streams[source.alias, track]
        stream.attach(source.tracks[track], ours, shape_for(theirs, ours, KIND_OF[track]))
        self.budget.look_again()
        return True

    def detach(self, source: str, track: Track) -> None:
        """Stop forwarding a track to this seat."""
        self.streams[source, track].detach()

    def link_connected(self) -> None:
        """ICE and DTLS stand."""
        self._owner.peer_connected(self)

    def link_moved(self, now: float) -> None:
        """Have every picture begin anew: asking for each packet that is missing would take longer."""
        for stream in self.streams.values():
            if stream.kind == "video":
                stream.lost_picture(now)

    def link_lost(self, reason: GoneReason) -> None:
        """The connection is of no use any more."""
        self._owner.peer_lost(self, reason)

    def follow_rtp(self, data: bytes, result: int, now: float) -> None:
        """Do what is left about a packet that the intake has looked at, and has forwarded if it could."""
        if result == RECEIVED:
            self._finder.intake.tracks[taken.place].took(data, now)
        elif result == UNKNOWN:
            self._receive_unknown(data, now)

    def _receive_unknown(self, data: bytes, now: float) -> None:
        """The first packets of a layer, and repeats."""
        try:
            found = self._finder.find(parse(data))
        except BadPacket:
            self.link.drops["malformed"] += 1
            return
        if not found.is_agreed:
            self.link.drops["not_agreed"] += 1
        if found.track is not None:
            found.track.receive(found.packet, now)

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """Take reports, and requests for repeats and key frames."""
        try:
            self._follow(rtcp.parse(data), now)
        except BadPacket:
            self.link.drops["malformed"] += 1

    def _take_feedback(self, body: bytes) -> None:
        """Gather what it tells of the way; what follows from that can wait a moment."""
        packets = self.downlink.take(body)
        self.link.entrance.owe(packets / rtcp.NUMBERS_LIKE_A_PACKET)

    def _follow(self, reports: Collection[rtcp.Report], now: float) -> None:
        self.link.entrance.owe(rtcp.work(reports))
        for report in reports:
            match report:
                case rtcp.SenderReport():
                    track = self._finder.by_ssrc.get(report.ssrc)
                    if track is not None:
                        track.reception.heard_report(report, now)
                    self._heard_blocks(report.blocks, now)
                case rtcp.ReceiverReport():
                    self._heard_blocks(report.blocks, now)
                case rtcp.Nack() | rtcp.PictureLoss():
                    self._feedback(report, now)
                case rtcp.TransportFeedback():
                    self._take_feedback(report.body)

    def _heard_blocks(self, blocks: Iterable[rtcp.ReportBlock], now: float) -> None:
        for block in blocks:
            stream = self._streams_by_ssrc.get(block.ssrc)
            if stream is not None:
                stream.heard_block(block, now)

    def _feedback(self, report: rtcp.Nack | rtcp.PictureLoss, now: float) -> None:
        stream = self._streams_by_ssrc.get(report.media_ssrc)
        if stream is None or stream.layer is None:
            return
        if isinstance(report, rtcp.Nack):
            stream.repeat(report.lost, now)
        else:
            stream.lost_picture(now)

    def show(self, shown: Iterable[Shown]) -> None:
        """Take what the page shows now."""
        self.budget.show(shown)

    def ask(self, now: float) -> None:
        """Ask for key frames and for what is missing of what it sends, and tell what has come, and how loud."""
        level = self._finder.intake.loudest()
        if level is not None:
            self._owner.sound_heard(self, level, now)
        for ssrc, track in self._finder.by_ssrc.items():
            if track.key_frames.due(now):
                self.link.send_rtcp(rtcp.picture_loss(OUR_SSRC, ssrc))
            lost = track.due_repeats(now)
            if lost:
                self.link.send_rtcp(rtcp.nack(OUR_SSRC, ssrc, lost))
        if not self._arrivals.is_time(now):
            return
        for number, arrived in self._finder.intake.noted():
            self._arrivals.arrived(number, arrived)
        for body in self._arrivals.due(now):
            self.link.send_rtcp(rtcp.transport_wide(OUR_SSRC, next(iter(self._finder.by_ssrc), 0), body))

    def take_turn(self, now: float) -> None:
        """Judge the way by the feedback that has come, choose the layers that it gets, report once a second."""
        self.downlink.heard(now)
        paused = self.budget.spend(self.streams.values(), self._owner.speaker, now)
        if paused is not None:
            self._owner.pictures_paused(self, paused)
        if now >= self._report_at:
            self._report_at = now + REPORT_EVERY_S
            self._report(now)

    def _report(self, now: float) -> None:
        blocks = tuple(
            track.report(ssrc, now) for ssrc, track in self._finder.by_ssrc.items() if track.reception.packets
        )
        packets = [rtcp.receiver_report(rtcp.ReceiverReport(ssrc=OUR_SSRC, blocks=blocks))]
        for stream in self.streams.values():
            report = stream.report(now)
            if report is not None:
                packets.append(rtcp.sender_report(report, stream.source))
        for compound in rtcp.compounds(packets):
            self.link.send_rtcp(compound)
