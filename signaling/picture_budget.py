"""Spends what a seat's way carries on the pictures it shows, and probes for more when it would show them better."""

from collections.abc import Callable, Collection, Iterable

from signaling.downlink import Downlink
from signaling.layer_choice import PAUSED, Choice, Picture, choose, wanted_bps
from signaling.messages import Shown
from signaling.outgoing_stream import OutgoingStream
from signaling.published_track import PublishedTrack

CHOOSE_SELDOM_S = 1.0
"Instead of each time, while every picture comes as it is shown, and the way carries much more."
PLENTY = 1.5
"So many times what all of it takes."
OFTEN_AT_FIRST = 25
"Choices at the quick pace after a change of what is shown or sent: layers come one after the other."
RESUME_AFTER_S = 2.0
"A picture that was paused waits so long, so that it does not flicker."

Speaker = Callable[[Collection[str]], str | None]
"Who of some seats speaks, or spoke last."


class PictureBudget:
    """One seat's; time is an argument, in seconds.

    Where the way carries much more than is shown there is little to choose: then it is done seldom, until something
    changes.

    Args:
        downlink: the seat's.
    """

    def __init__(self, downlink: Downlink) -> None:
        self._downlink = downlink
        self._shown: dict[Picture, Shown] = {}
        self._choice: Choice = {}
        self._paused: list[Picture] = []
        self._paused_at: dict[Picture, float] = {}
        self._choose_at = 0.0
        self._plenty_bps: float | None = None
        "While choices are seldom: with less than this one is due at once."
        self._often = OFTEN_AT_FIRST

    def show(self, shown: Iterable[Shown]) -> None:
        """Take what the page shows now."""
        self._shown = {(view.source, view.track): view for view in shown}
        self.look_again()

    def look_again(self) -> None:
        """Choose soon, and often for a while: there are other pictures, or others are shown."""
        self._choose_at = 0.0
        self._often = OFTEN_AT_FIRST

    def spend(self, streams: Collection[OutgoingStream], speaker: Speaker, now: float) -> list[Picture] | None:
        """Give every stream its layer; the paused pictures if they are others than before."""
        if now < self._choose_at and not self._is_short and not any(stream.is_stalled(now) for stream in streams):
            return None
        pictures = {
            (stream.source, stream.track): (stream, stream.published)
            for stream in streams
            if stream.kind == "video" and stream.published is not None
        }
        offered = {picture: published.offered(now) for picture, (_, published) in pictures.items()}
        budget = self._for_pictures(streams, now)
        heard = {stream.source for stream in streams if stream.kind == "audio" and stream.layer is not None}
        choice = choose(budget, offered, self._shown, self._choice, speaker(heard))
        for picture, (stream, published) in pictures.items():
            choice[picture] = self._settle(picture, choice.get(picture, PAUSED), now)
            _apply(stream, published, choice[picture], now)
        self._choice = choice
        wanted = wanted_bps(offered, self._shown)
        self._probe(streams, wanted, now)
        paused = [picture for picture in pictures if choice[picture] is PAUSED and self._is_shown(picture)]
        is_plenty = not paused and (budget is None or budget >= PLENTY * wanted)
        self._wait(PLENTY * wanted if is_plenty else None, now)
        return self._news(paused)

    @property
    def _is_short(self) -> bool:
        """Whether the way carries less than what made it look plenty."""
        budget, plenty = self._downlink.budget_bps, self._plenty_bps
        return budget is not None and plenty is not None and budget < plenty

    def _wait(self, plenty_bps: float | None, now: float) -> None:
        """Until the next choice; `plenty_bps` is what pictures need to leave nothing to be chosen."""
        self._plenty_bps = None if self._often else plenty_bps
        self._often = max(0, self._often - 1)
        self._choose_at = now + (CHOOSE_SELDOM_S if self._plenty_bps is not None else 0.0)

    def _is_shown(self, picture: Picture) -> bool:
        return picture not in self._shown or self._shown[picture].lines > 0

    def _for_pictures(self, streams: Collection[OutgoingStream], now: float) -> float | None:
        budget = self._downlink.budget_bps
        if budget is None:
            return None
        sound = sum(
            layer.rate.bps(now) for stream in streams if stream.kind == "audio" and (layer := stream.layer) is not None
        )
        return max(0.0, budget - sound)

    def _settle(self, picture: Picture, number: int | None, now: float) -> int | None:
        """A picture that does not fit stays away for a while."""
        if number is PAUSED:
            if self._is_shown(picture):
                self._paused_at[picture] = now
            return PAUSED
        return PAUSED if now - self._paused_at.get(picture, -RESUME_AFTER_S) < RESUME_AFTER_S else number

    def _probe(self, streams: Collection[OutgoingStream], pictures_bps: float, now: float) -> None:
        def pad(octets: int) -> int:
            """In the first stream that can carry it."""
            return next((sent for stream in streams if (sent := stream.pad(octets, now))), 0)

        self._downlink.probe(pictures_bps, pad, now)

    def _news(self, paused: Iterable[Picture]) -> list[Picture] | None:
        names = sorted(paused)
        if names == self._paused:
            return None
        self._paused = names
        return names


def _apply(stream: OutgoingStream, published: PublishedTrack, number: int | None, now: float) -> None:
    layers = published.sending(now)
    wanted = layers[min(number, len(layers) - 1)] if number is not None else None
    if wanted is not stream.target or stream.is_paused is not (wanted is None):
        stream.choose(wanted)
