"""A seat without a person: sends a film, receives everything, counts it. For the demo and for tests."""

import asyncio
import secrets
import time
from collections import deque

from signaling import rtcp, rtp
from signaling.arrivals import Arrivals
from signaling.dtls_srtp import Certificate
from signaling.ice_lite import Credentials
from signaling.messages import KIND_OF, TRACKS, Track
from signaling.missing_packets import MissingPackets
from signaling.negotiation import CODECS
from signaling.reception import Reception
from signaling.scripted.answer import Offered, answer, read_offer
from signaling.scripted.clip import Clip
from signaling.scripted.connection import ClientConnection
from signaling.scripted.player import NTP_EPOCH_S, TrackPlayer, UnixSeconds
from signaling.scripted.smoothness import Smoothness
from signaling.scripted.tone import tone_packets
from signaling.vp8 import starts_key_frame

OUR_SSRC = 1
"Of the feedback; our tracks have their own."
PACE_S = 0.02
REPORT_EVERY_S = 1.0
REMEMBERED = 4096
"Packets of each received track whose numbers are kept."


class ReceivedTrack:
    """What has come of one track of another seat."""

    def __init__(self, track: Track) -> None:
        self.kind = KIND_OF[track]
        self.key_frames = 0
        self.begins_with_key_frame = False
        self.sequences: deque[int] = deque(maxlen=REMEMBERED)
        "Unwrapped, in the order of arrival."
        self.timestamps: deque[int] = deque(maxlen=REMEMBERED)
        "Of the same packets."
        self.reception = Reception(CODECS[self.kind].clock_rate)
        self.missing = MissingPackets()
        self.smoothness = Smoothness(CODECS[self.kind].clock_rate)
        self._unwrapper = rtp.SequenceUnwrapper()

    @property
    def packets(self) -> int:
        """How many have come."""
        return self.reception.packets

    def receive(self, packet: rtp.RtpPacket, now: float) -> None:
        """Count one packet."""
        index = self._unwrapper.index(packet.sequence)
        if self.kind == "video":
            self.missing.arrived(index, now)
            is_key = starts_key_frame(packet.data, packet.payload_at)
            self.begins_with_key_frame |= is_key and not self.sequences
            self.key_frames += is_key
        self.sequences.append(index)
        self.timestamps.append(packet.timestamp)
        self.reception.arrived(index, packet.timestamp, len(packet.data), now)
        self.smoothness.arrived(packet, now, time.time() + NTP_EPOCH_S, self.reception.clock)


class ScriptedPeer:
    """One seat; give it the server's offers and send its answers back.

    Args:
        clip: what it sends on the lines the server asks for.
        tells_arrivals: whether it tells the server when each packet came, so that the server judges its line; without
            that it is sent everything, and costs half as much.
    """

    def __init__(self, clip: Clip, *, tells_arrivals: bool = False) -> None:
        self.received: dict[tuple[str, Track], ReceivedTrack] = {}
        "By alias and track, in the present connection."
        self.players: dict[Track, TrackPlayer] = {}
        "What it sends, once connected."
        self._clip = clip
        self._tells_arrivals = tells_arrivals
        self._certificate = Certificate()
        self._connection = ClientConnection(self._certificate, self._receive)
        self._offered: Offered | None = None
        self._arrivals = Arrivals()
        self._connecting: asyncio.Task[None] | None = None
        self._playing: asyncio.Task[None] | None = None

    @property
    def connection(self) -> ClientConnection:
        """The present connection."""
        return self._connection

    async def answer(self, offer: str) -> str:
        """Answer an offer; a new session ends the connection before it, the same one renews it."""
        offered = read_offer(offer)
        if self._offered is not None and self._offered.session == offered.session:
            fresh = Credentials(secrets.token_hex(4), secrets.token_hex(12))
            self._connection.renew(fresh, offered.credentials)
            ssrcs: dict[Track, int] = {track: player.ssrc for track, player in self.players.items()}
        else:
            await self.close()
            played = [track for track in TRACKS if track in offered.wanted and self._clip.version(track) is not None]
            ssrcs = {track: secrets.randbits(32) for track in played}
            self._connection = ClientConnection(self._certificate, self._receive)
            self.received, self.players, self._arrivals = {}, {}, Arrivals()
            self._connecting = asyncio.create_task(self._connect(offered, ssrcs))
        self._offered = offered
        return answer(
            offered,
            self._connection.credentials,
            self._certificate.fingerprint,
            ssrcs,
            tells_arrivals=self._tells_arrivals,
        )

    async def _connect(self, offered: Offered, ssrcs: dict[Track, int]) -> None:
        await self._connection.open((offered.host, offered.port), offered.credentials)
        await self._connection.connect(offered.fingerprint)
        started_at = asyncio.get_running_loop().time()
        self.players = {
            track: TrackPlayer(clip, track, ssrc, started_at)
            for track, ssrc in ssrcs.items()
            if (clip := self._clip.version(track)) is not None
        }
        self._playing = asyncio.create_task(self._play())

    async def connected(self) -> None:
        """Wait until packets flow.

        Raises:
            HandshakeFailed: the server showed another certificate.
        """
        if self._connecting is not None:
            await asyncio.shield(self._connecting)

    async def move(self) -> None:
        """Go on from another local address."""
        if self._offered is not None:
            await self._connection.open((self._offered.host, self._offered.port), self._offered.credentials)

    def sound_tone(self) -> None:
        """Play the tone of a talk in place of the film's sound, in the protected version as well."""
        for player in self.players.values():
            if player.kind == "audio":
                player.play_instead(tone_packets())

    def ask_key_frame(self, source: str) -> None:
        """Say that the picture of another seat is lost."""
        for ssrc, key in (self._offered.streams if self._offered else {}).items():
            if key == (source, "video"):
                self._connection.send(rtcp.picture_loss(OUR_SSRC, ssrc))

    async def _play(self) -> None:
        loop = asyncio.get_running_loop()
        report_at = loop.time()
        while True:
            now = loop.time()
            for player in self.players.values():
                for packet in player.due(now):
                    self._connection.send(packet)
            self._ask_for_missing(now)
            for body in self._arrivals.due(now):
                self._connection.send(rtcp.transport_wide(OUR_SSRC, 0, body))
            if now >= report_at:
                report_at = now + REPORT_EVERY_S
                self._report(now)
            await asyncio.sleep(PACE_S)

    def _report(self, now: float) -> None:
        wall = UnixSeconds(time.time())
        blocks = tuple(
            self.received[key].reception.block(ssrc, now)
            for ssrc, key in (self._offered.streams if self._offered else {}).items()
            if key in self.received
        )
        compound = rtcp.receiver_report(rtcp.ReceiverReport(ssrc=OUR_SSRC, blocks=blocks[:31]))
        for player in self.players.values():
            compound += rtcp.sender_report(player.report(now, wall), "scripted")
        self._connection.send(compound)

    def _ask_for_missing(self, now: float) -> None:
        for ssrc, key in (self._offered.streams if self._offered else {}).items():
            lost = self.received[key].missing.due(now) if key in self.received else []
            if lost:
                self._connection.send(rtcp.nack(OUR_SSRC, ssrc, [index & 0xFFFF for index in lost]))

    def _receive(self, data: bytes) -> None:
        now = asyncio.get_running_loop().time()
        try:
            if rtp.is_rtcp(data[1]):
                for report in rtcp.parse(data):
                    self._heard(report, now)
            else:
                self._count(rtp.parse(data), now)
        except rtp.BadPacket:
            return

    def _count(self, packet: rtp.RtpPacket, now: float) -> None:
        offered = self._offered
        if offered is None:
            return
        counter = rtp.extensions(packet).get(offered.counter) if self._tells_arrivals else None
        if counter is not None:
            self._arrivals.arrived(int.from_bytes(counter), now)
        key, repeated = offered.streams.get(packet.ssrc), offered.repeats.get(packet.ssrc)
        original = packet if repeated is None else rtp.original_of(packet, repeated)
        key = key if repeated is None else offered.streams.get(repeated)
        if key is not None and original is not None:
            self.received.setdefault(key, ReceivedTrack(key[1])).receive(original, now)

    def _heard(self, report: rtcp.Report, now: float) -> None:
        match report:
            case rtcp.SenderReport():
                key = self._offered.streams.get(report.ssrc) if self._offered is not None else None
                if key in self.received:
                    self.received[key].reception.heard_report(report, now)
            case rtcp.Nack():
                for player in self._players_of(report.media_ssrc):
                    for packet in player.repeat(report.lost):
                        self._connection.send(packet)
            case rtcp.PictureLoss():
                for player in self._players_of(report.media_ssrc):
                    player.ask_key_frame()
            case rtcp.ReceiverReport() | rtcp.TransportFeedback():
                pass

    def _players_of(self, ssrc: int) -> list[TrackPlayer]:
        return [player for player in self.players.values() if player.ssrc == ssrc]

    async def close(self) -> None:
        """Stop sending and say goodbye."""
        for task in (self._connecting, self._playing):
            if task is not None:
                task.cancel()
        self._connecting = self._playing = None
        await self._connection.close()
