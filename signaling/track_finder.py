"""To which layer of a seat a packet belongs: by its SSRC, or at first by what its header extensions name.

The intake takes what comes under a known SSRC; all else comes here.

A browser that sends layers names their SSRCs nowhere; the first packets of each carry its restriction id. A repeat is
unpacked here, so that the layer sees the packet that it had missed.
Source: RFC 8843, 9.2; RFC 8852 (RID); RFC 4588, 4 (repeats).
"""

from collections.abc import Mapping

import msgspec

from signaling.hot_path.intake import Intake
from signaling.incoming_track import IncomingTrack
from signaling.messages import KIND_OF, Track
from signaling.negotiation import (
    COUNTER_EXTENSION,
    LAYER_EXTENSION,
    LEVEL_EXTENSION,
    MID_EXTENSION,
    REPAIRED_LAYER_EXTENSION,
    Agreed,
    Agreement,
)
from signaling.published_track import PublishedTrack
from signaling.rtp import RtpPacket, extensions, original_of


class Found(msgspec.Struct, frozen=True, gc=False):
    """A packet and where it goes."""

    track: IncomingTrack | None
    packet: RtpPacket
    is_agreed: bool = True
    "False for a packet of no track, or in no codec, that was agreed; it goes nowhere."


class TrackFinder:
    """Knows the SSRCs of one connection."""

    def __init__(self) -> None:
        self.by_ssrc: dict[int, IncomingTrack] = {}
        self.intake: Intake[IncomingTrack] = Intake()
        "Takes the packets of all SSRCs that are known."
        self._repeats: dict[int, IncomingTrack] = {}
        self._tracks: Mapping[Track, PublishedTrack] = {}
        self._agreed: dict[Track, Agreed] = {}
        self._counter = 0

    def agree(self, tracks: Mapping[Track, PublishedTrack], agreement: Agreement) -> None:
        """Take what an answer says of SSRCs and extensions."""
        self._tracks = tracks
        layers = {layer for track in tracks.values() for layer in track.layers}
        self.by_ssrc = {ssrc: layer for ssrc, layer in self.by_ssrc.items() if layer in layers}
        self._agreed = {name: agreement.lines[name] for name in tracks if name in agreement.lines}
        self._counter = 0
        for name, agreed in self._agreed.items():
            self._counter = agreed.extensions.get(COUNTER_EXTENSION, self._counter)
            level = agreed.extensions.get(LEVEL_EXTENSION, 0) if KIND_OF[name] == "audio" else 0
            for layer in tracks[name].layers:
                layer.agree(agreed.payload_type, level)
            first = tracks[name].layers[0]
            if agreed.ssrc is not None and not agreed.layers and agreed.ssrc != first.ssrc:
                self._bind(first, agreed.ssrc)
            if agreed.repeats_ssrc is not None:
                self._repeats[agreed.repeats_ssrc] = first
        self._hold()

    def _bind(self, track: IncomingTrack, ssrc: int) -> None:
        if track.ssrc is not None and self.by_ssrc.get(track.ssrc) is track:  # two tracks may change their SSRCs
            del self.by_ssrc[track.ssrc]
        track.bind(ssrc)
        self.by_ssrc[ssrc] = track

    def _hold(self) -> None:
        self.intake.hold((track for track in self.by_ssrc.values() if track.track in self._agreed), self._counter)

    def find(self, packet: RtpPacket) -> Found:
        """Where a packet goes that the intake does not know.

        Raises:
            BadPacket: its extensions or its repeat cannot be read.
        """
        track = self.by_ssrc.get(packet.ssrc)
        repaired = self._repeats.get(packet.ssrc) if track is None else None
        if track is None and repaired is None:
            track, repaired = self._learn(packet, extensions(packet))
        if repaired is not None:
            original = original_of(packet, repaired.ssrc) if repaired.ssrc is not None else None
            return Found(repaired if original is not None else None, original or packet)
        agreed = self._agreed.get(track.track) if track is not None else None
        if agreed is None or packet.payload_type != agreed.payload_type:
            return Found(None, packet, is_agreed=False)
        return Found(track, packet)

    def _learn(self, packet: RtpPacket, found: dict[int, bytes]) -> tuple[IncomingTrack | None, IncomingTrack | None]:
        """The layer of an unknown SSRC, or the one whose repeats it carries, by what its extensions name."""
        for name, agreed in self._agreed.items():
            ids = agreed.extensions
            if found.get(ids.get(MID_EXTENSION, 0)) != (agreed.mid or name).encode():
                continue
            repaired = self._layer(name, found.get(ids.get(REPAIRED_LAYER_EXTENSION, 0)))
            if repaired is not None and packet.payload_type == agreed.repeats:
                self._repeats[packet.ssrc] = repaired
                return None, repaired
            layer_id = found.get(ids.get(LAYER_EXTENSION, 0)) if agreed.layers else b""
            layer = self._layer(name, layer_id)
            if layer is not None and layer.ssrc is None and packet.payload_type == agreed.payload_type:
                self._bind(layer, packet.ssrc)
                self._hold()
                return layer, None
        return None, None

    def _layer(self, name: Track, layer_id: bytes | None) -> IncomingTrack | None:
        return self._tracks[name].layer(layer_id.decode("ascii", "replace")) if layer_id is not None else None
