"""What comes to a load seat: counted and dropped; a sampled seat decrypts it and takes its age."""

import struct
import time
from typing import Any

from signaling import rtcp
from signaling.rtp import BadPacket
from tests.benchmarks.media.description import TRANSPORT_WIDE_EXTENSION
from tests.benchmarks.media.drain import SLOT_BYTES, Drain, stamp_arrivals
from tests.benchmarks.media.feedback import Feedback
from tests.benchmarks.media.path import Path
from tests.benchmarks.media.sent_track import STAMP, STAMP_MARK, SentTrack, TransportCount

MAX_BLOCKS = 31
OUR_SSRC = 1
_RTP = struct.Struct("!BBHII")
_EXTENSION = struct.Struct("!HH")
_NUMBER = struct.Struct("!H")


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
        self.feedback: Feedback | None = None
        "Where the server numbers its packets and wants to hear of them."
        self.fd = path.sock.fileno()
        self._streams: dict[int, _Stream] = {}
        incoming = [line for line in path.lines if not line.is_ours]
        self._payload_types = {line.payload_type for line in incoming}
        self._counter = next((line.extensions.get(TRANSPORT_WIDE_EXTENSION, 0) for line in incoming), 0)
        if self._counter:
            self.feedback = Feedback()
        self.is_stamped = is_sampled or self.feedback is not None
        if self.is_stamped:
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
                    self._rtp(drain, slot, second, ssrc, sequence)
            if count < len(drain.pointers):
                break
        return others

    def _rtp(self, drain: Drain, slot: int, second: int, ssrc: int, sequence: int) -> None:
        arrived_ns = drain.arrived_ns(slot) if self.is_stamped else 0
        if self.feedback is not None:
            number = self._number(drain, slot * SLOT_BYTES)
            if number is not None:
                self.feedback.arrived(number, arrived_ns)
        if second & 0x7F not in self._payload_types:
            return  # a repeat, or padding: not forwarded
        stream = self._streams.get(ssrc)
        if stream is None:
            stream = self._streams[ssrc] = _Stream(sequence)
        stream.sequence = sequence
        stream.packets += 1
        self.packets += 1
        if self.is_sampled:
            self._sample(drain, slot, arrived_ns)

    def _number(self, drain: Drain, at: int) -> int | None:
        """The packet's number on its connection, looked for in the one-byte form (RFC 8285, 4.2)."""
        profile, words = _EXTENSION.unpack_from(drain.view, at + _RTP.size)
        if not ord(drain.view[at]) & 0x10 or profile != 0xBEDE:
            return None
        place, end = at + _RTP.size + _EXTENSION.size, at + _RTP.size + _EXTENSION.size + 4 * words
        while place < end:
            element = ord(drain.view[place])
            if element >> 4 == self._counter:
                return int(_NUMBER.unpack_from(drain.view, place + 1)[0])
            place += 2 + (element & 0x0F) if element else 1
        return None

    def _sample(self, drain: Drain, slot: int, arrived_ns: int) -> None:
        at = slot * SLOT_BYTES
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

    def tell(self) -> None:
        """Give transport-wide feedback, where it is wanted."""
        if self.feedback is not None:
            for message in self.feedback.due(OUR_SSRC, next(iter(self._streams), 0)):
                self.path.send(message)

    def report(self) -> None:
        """Say how the streams arrive, and where the own clocks stand."""
        now = time.monotonic()
        blocks = tuple(stream.block(ssrc, now) for ssrc, stream in self._streams.items())[:MAX_BLOCKS]
        packets = [rtcp.receiver_report(rtcp.ReceiverReport(ssrc=OUR_SSRC, blocks=blocks))] if blocks else []
        packets += [rtcp.sender_report(track.report(), "load") for track in self.tracks]
        for compound in rtcp.compounds(packets):
            self.path.send(compound)
