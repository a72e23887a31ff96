"""What comes to a load seat: counted and dropped; a sampled seat decrypts it and takes its age."""

import struct
import time
from typing import Any

from signaling import rtcp
from signaling.rtp import BadPacket
from tests.benchmarks.media.drain import SLOT_BYTES, Drain, stamp_arrivals
from tests.benchmarks.media.path import Path
from tests.benchmarks.media.sent_track import STAMP, STAMP_MARK, SentTrack, TransportCount

MAX_BLOCKS = 31
OUR_SSRC = 1
_RTP = struct.Struct("!BBHII")


class _Stream:
    """One SSRC."""

    __slots__ = ("before", "cycles", "first", "heard_at", "last_report", "packets", "sequence")

    def __init__(self, sequence: int) -> None:
        self.first = self.sequence = self.before = sequence
        self.packets = self.cycles = self.last_report = 0
        self.heard_at = 0.0

    def block(self, ssrc: int, now: float) -> rtcp.ReportBlock:
        if self.sequence < self.before:
            self.cycles += 1 << 16
        self.before = self.sequence
        highest = self.cycles + self.sequence
        return rtcp.ReportBlock(
            ssrc=ssrc,
            fraction_lost=0,
            lost=highest - self.first + 1 - self.packets,
            highest=highest,
            jitter=0,
            last_report=self.last_report,
            delay=int((now - self.heard_at) * 65536) if self.last_report else 0,
        )


class LoadSeat:
    """One path with what it sends and what has come over it."""

    def __init__(self, path: Path, *, is_sampled: bool) -> None:
        count = TransportCount()
        self.path = path
        self.tracks = [SentTrack(path, line, count) for line in path.lines if line.is_ours]
        self.packets = 0
        "RTP only."
        self.undecryptable = 0
        self.ages_ns: list[int] = []
        self.is_sampled = is_sampled
        self.fd = path.sock.fileno()
        self._streams: dict[int, _Stream] = {}
        if is_sampled:
            stamp_arrivals(path.sock)

    def take(self, drain: Drain, now: float) -> list[bytes]:
        """Take what waits; what is neither RTP nor RTCP is given back."""
        others: list[bytes] = []
        while count := drain.take(self.fd):
            for slot in range(count):
                at = slot * SLOT_BYTES
                first, second, sequence, _, ssrc = _RTP.unpack_from(drain.view, at)
                if first < 128:
                    others.append(drain.view[at : at + drain.length(slot)])
                elif 192 <= second <= 223:
                    self._rtcp(drain.view[at : at + drain.length(slot)], now)
                else:
                    self._rtp(ssrc, sequence)
                    if self.is_sampled:
                        self._sample(drain, slot)
            if count < len(drain.pointers):
                break
        return others

    def _rtp(self, ssrc: int, sequence: int) -> None:
        stream = self._streams.get(ssrc)
        if stream is None:
            stream = self._streams[ssrc] = _Stream(sequence)
        stream.sequence = sequence
        stream.packets += 1
        self.packets += 1

    def _sample(self, drain: Drain, slot: int) -> None:
        arrived_ns, at = drain.arrived_ns(slot), slot * SLOT_BYTES
        size = self.path.dtls.unprotect(drain.pointers[slot], drain.length(slot))
        plain: Any = drain.view[at : at + size]
        found = plain.find(STAMP_MARK)
        if found < 0:
            self.undecryptable += 1
        elif arrived_ns:
            self.ages_ns.append(arrived_ns - STAMP.unpack_from(plain, found + len(STAMP_MARK))[0])

    def _rtcp(self, datagram: bytes, now: float) -> None:
        plain = self.path.dtls.open(datagram)
        try:
            reports = rtcp.parse(plain or b"")
        except BadPacket:
            return
        for report in reports:
            if isinstance(report, rtcp.SenderReport) and report.ssrc in self._streams:
                stream = self._streams[report.ssrc]
                stream.last_report, stream.heard_at = report.ntp >> 16 & 0xFFFFFFFF, now
            elif isinstance(report, rtcp.PictureLoss):
                for track in self.tracks:
                    track.key_frame_asked |= track.ssrc == report.media_ssrc

    def report(self) -> None:
        """Say how the streams arrive, and where the own clocks stand."""
        now = time.monotonic()
        blocks = tuple(stream.block(ssrc, now) for ssrc, stream in self._streams.items())[:MAX_BLOCKS]
        packets = [rtcp.receiver_report(rtcp.ReceiverReport(ssrc=OUR_SSRC, blocks=blocks))] if blocks else []
        packets += [rtcp.sender_report(track.report(), "load") for track in self.tracks]
        for compound in rtcp.compounds(packets):
            self.path.send(compound)
