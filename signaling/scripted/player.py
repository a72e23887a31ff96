"""Plays a clip as RTP, for ever, with numbers and timestamps that never jump. Time is an argument, in seconds."""

from collections import deque
from collections.abc import Iterable
from typing import NewType

from signaling import rtp, vp8
from signaling.messages import KIND_OF, Track
from signaling.negotiation import CODECS
from signaling.packet_history import PacketHistory
from signaling.rtcp import NTP_FRACTION, SenderReport
from signaling.scripted.clip import SOUNDS_PER_SECOND, Clip

NTP_EPOCH_S = 2_208_988_800
"From 1900 to 1970."

UnixSeconds = NewType("UnixSeconds", float)


class TrackPlayer:
    """One track of a clip under one SSRC."""

    def __init__(self, clip: Clip, track: Track, ssrc: int, started_at: float) -> None:
        self.kind = KIND_OF[track]
        self.ssrc = ssrc
        self.key_frames_asked = 0
        self._clip = clip
        self.started_at = started_at
        "When the first unit plays."
        self._per_second = clip.frames_per_second if self.kind == "video" else SOUNDS_PER_SECOND
        self._played = 0
        "Units (frames or sounds) since the start."
        self._cursor = 0
        "The next unit in the clip."
        self._instead: deque[bytes] = deque()
        "Units that are played before the clip goes on."
        self._sequence = 0
        self.packets = 0
        "Sent so far, without repeats."
        self._octets = 0
        self._history = PacketHistory()

    def due(self, now: float) -> list[bytes]:
        """The packets to send by now."""
        packets: list[bytes] = []
        while self.started_at + self._played / self._per_second <= now:
            packets += self._next_unit()
        return packets

    def _next_unit(self) -> list[bytes]:
        units = self._clip.frames if self.kind == "video" else self._clip.sounds
        unit = self._instead.popleft() if (is_other := bool(self._instead)) else units[self._cursor]
        payloads = list(vp8.payloads(unit, self._played)) if self.kind == "video" else [unit]
        packets = [self._packet(payload, is_last=payload is payloads[-1]) for payload in payloads]
        self._played += 1
        self._cursor = (self._cursor + (not is_other)) % len(units)
        return packets

    def play_instead(self, units: Iterable[bytes]) -> None:
        """Play these next; then the clip goes on where it was."""
        self._instead.extend(units)

    def _packet(self, payload: bytes, *, is_last: bool) -> bytes:
        packet = rtp.build(
            payload,
            payload_type=CODECS[self.kind].payload_type,
            marker=is_last and self.kind == "video",
            sequence=self._sequence,
            timestamp=self._played * CODECS[self.kind].clock_rate // self._per_second,
            ssrc=self.ssrc,
        )
        self._history.keep(self._sequence & 0xFFFF, rtp.parse(packet))
        self._sequence += 1
        self.packets += 1
        self._octets += len(payload)
        return packet

    def ask_key_frame(self) -> None:
        """Go on with the clip's next key frame."""
        self.key_frames_asked += 1
        self._cursor = self._clip.next_key_frame(self._cursor)

    def repeat(self, sequences: tuple[int, ...]) -> list[bytes]:
        """Those of these packets that are still known."""
        found = (self._history.find(sequence) for sequence in sequences)
        return [packet.data for packet in found if packet is not None]

    def report(self, now: float, wall: UnixSeconds) -> SenderReport:
        """Where the track's clock stands."""
        elapsed = now - self.started_at
        return SenderReport(
            ssrc=self.ssrc,
            ntp=int((wall + NTP_EPOCH_S) * NTP_FRACTION),
            rtp_timestamp=int(elapsed * CODECS[self.kind].clock_rate) & 0xFFFFFFFF,
            packets=self.packets,
            octets=self._octets,
        )
