"""What a seat sends of one track: one encoding, or the same picture in several layers."""

from signaling.incoming_track import IncomingTrack
from signaling.layer_choice import Layer
from signaling.messages import Track, TrackStats
from signaling.negotiation import CODECS, Agreed

SENDING_WITHIN_S = 1.5
"A layer without a packet for so long is not sent at present: a browser stops layers that its way does not carry."

_HALF = 1 << 31


class PublishedTrack:
    """The layers, lowest first; a track without layers has one."""

    def __init__(self, source: str, track: Track) -> None:
        self.source = source
        self.track = track
        self.layers: tuple[IncomingTrack, ...] = (IncomingTrack(source, track),)

    def agree(self, agreed: Agreed) -> None:
        """Take the layers that an answer will send; those that were there stay as they are."""
        names = agreed.layers or ("",)
        if names != tuple(layer.layer for layer in self.layers):
            self.layers = tuple(IncomingTrack(self.source, self.track, name) for name in names)
        for layer in self.layers:
            if layer.is_video:
                layer.codec = agreed.codec

    def layer(self, name: str) -> IncomingTrack | None:
        """The layer with this restriction id; without one, the only one."""
        return next((layer for layer in self.layers if layer.layer == name), None)

    def sending(self, now: float) -> list[IncomingTrack]:
        """The layers that come at present, lowest first; the lowest counts always."""
        first, *others = self.layers
        return [first, *(layer for layer in others if is_coming(layer, now))]

    def recorded(self, now: float) -> IncomingTrack:
        """The layer to be recorded: the second lowest, which shows a face, or the lowest while that is not sent."""
        return self.sending(now)[:2][-1]

    def offered(self, now: float) -> list[Layer]:
        """The layers that come at present, as choices."""
        return [Layer(layer.lines, layer.rate.bps(now)) for layer in self.sending(now)]

    def stats(self) -> list[TrackStats]:
        """The counters of every layer."""
        return [layer.stats() for layer in self.layers]


def is_coming(layer: IncomingTrack, now: float) -> bool:
    """Whether packets of it have come lately."""
    return now - layer.came_at < SENDING_WITHIN_S


def same_moment(before: IncomingTrack, timestamp: int, after: IncomingTrack) -> int | None:
    """The timestamp on the clock of one layer that is the same moment as one on another's, if both clocks are known."""
    ours, theirs = before.reception.clock, after.reception.clock
    if ours is None or theirs is None:
        return None
    rate = CODECS[after.kind].clock_rate
    since_report = (timestamp - theirs.rtp_timestamp + _HALF) % (2 * _HALF) - _HALF
    apart_s = (theirs.ntp - ours.ntp) / (1 << 32)
    return round(ours.rtp_timestamp + apart_s * rate + since_report) & 0xFFFFFFFF
