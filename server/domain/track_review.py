"""What is wrong with a recorded track, told from its pieces one by one: gaps, still and black pictures, silence.

The thresholds stand here and nowhere else. They are set so that a working camera before a person who reads, and a
working microphone in a quiet room, give nothing to tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from server.domain.ids import Alias, Millis
from server.domain.recording_presence import Presence
from server.domain.recordings import CONTINUOUS, MediaTrack, PieceLook, Stretch, Stretches, TrackCheck

GAP_FROM_MS: Final = 2_000
"A shorter hole, between two pieces or within one, is a change of connection or of layer, as every picture has them."
STILL_FROM_MS: Final = 30_000
"Nobody sits so still for longer; a picture that stands is a frozen camera, a photograph, or an empty seat."
DARK_FROM_MS: Final = 8_000
"Two pieces: a hand before the camera is gone by then, a closed shutter is not."
SILENT_FROM_MS: Final = 60_000
"Some microphones hold their breath between two words (noise gates), none does for a minute."

MOVED_BY: Final = 8
"Steps of brightness, of 255: coding the same picture again changes a small one's dots by less."
MOVED_DOTS: Final = 4
"So many dots of the small picture, out of 3600, are a hand's breadth: fewer are no movement."
DARK_BELOW: Final = 32
"Brightness of a dot that shows nothing: above the noise of a covered camera, below the face of somebody in a dim room."
LIT_DOTS: Final = 36
"One dot in a hundred: a status lamp in the dark is still a black picture."
SILENT_AT: Final = 100
"-dBov: below what 16 bits can hold (96 dB), so that no sound of a microphone, however quiet the room, is as low."

SHOWN: Final = 5
"Stretches of a kind that are named one by one, the longest."

_SCREENS: Final = (MediaTrack.SCREEN, MediaTrack.DESKTOP)
_PICTURES: Final = (MediaTrack.VIDEO, MediaTrack.MASKED_VIDEO, *_SCREENS)

_DARK_DOTS: Final = bytes(range(DARK_BELOW))


class _Run:
    """Stretches of what goes on from piece to piece, as far as each is long enough to count."""

    def __init__(self, shortest_ms: int) -> None:
        self.stretches: list[Stretch] = []
        self._shortest_ms = shortest_ms
        self._open: Stretch | None = None

    def go_on(self, begins_at: Millis, ends_at: Millis) -> None:
        """It is so during this time."""
        since = begins_at if self._open is None else self._open.begins_at
        self._open = Stretch(begins_at=since, ends_at=ends_at)

    def stop(self) -> None:
        """It is not so any more."""
        self.stretches = self.so_far
        self._open = None

    @property
    def so_far(self) -> list[Stretch]:
        """The stretches that count, that which may still go on included."""
        last = self._open
        counts = last is not None and last.ends_at - last.begins_at >= self._shortest_ms
        return [*self.stretches, last] if last is not None and counts else self.stretches


class TrackReview:
    """Takes the pieces of one track in the order of their numbers.

    A screen stands still when nobody works at it, and is black while it sleeps: of a shared one only the length is
    told, since it comes and goes; of a desktop the gaps as well.
    """

    def __init__(self, alias: Alias, kind: MediaTrack) -> None:
        self._alias = alias
        self._kind = kind
        self._recorded: list[Stretch] = []
        self._recorded_ms = 0
        self._unreadable = 0
        self._still = _Run(STILL_FROM_MS)
        self._dark = _Run(DARK_FROM_MS)
        self._silent = _Run(SILENT_FROM_MS)
        self._reference: PieceLook | None = None
        "The picture that the later ones are held against."

    def take(self, look: PieceLook | None) -> None:
        """Take the next piece; none for a file that is no piece."""
        if look is None:
            self._unreadable += 1
            return
        holes = [pause for pause in look.pauses if pause[1] - pause[0] >= GAP_FROM_MS]
        self._recorded_ms += look.ends_at - look.begins_at - sum(end - begin for begin, end in holes)
        if self._recorded and look.begins_at - self._recorded[-1].ends_at >= GAP_FROM_MS:
            self._break()
        since = look.begins_at
        for begin, end in holes:
            self._cover(since, begin)
            since = end
        self._cover(since, look.ends_at)
        if self._kind in _PICTURES:
            self._watch(look)
        else:
            self._listen(look)

    def _break(self) -> None:
        """What came before a gap does not go on after it."""
        for run in (self._still, self._dark, self._silent):
            run.stop()
        self._reference = None

    def _cover(self, begins_at: Millis, ends_at: Millis) -> None:
        if self._recorded and begins_at - self._recorded[-1].ends_at < GAP_FROM_MS:
            last = self._recorded.pop()
            begins_at, ends_at = min(last.begins_at, begins_at), max(last.ends_at, ends_at)
        self._recorded.append(Stretch(begins_at=begins_at, ends_at=ends_at))

    def _listen(self, look: PieceLook) -> None:
        if look.level is None:
            self._unreadable += 1
        if look.level is not None and look.level >= SILENT_AT:
            self._silent.go_on(look.begins_at, look.ends_at)
        else:
            self._silent.stop()

    def _watch(self, look: PieceLook) -> None:
        if not look.picture:
            self._unreadable += 1
            self._break()
        elif self._kind in _SCREENS:
            return
        elif is_dark(look.picture):
            self._dark.go_on(look.begins_at, look.ends_at)
            self._still.stop()
            self._reference = None
        else:
            self._dark.stop()
            self._compare(look)

    def _compare(self, look: PieceLook) -> None:
        before = self._reference
        if before is not None and not has_moved(before.picture, look.picture):
            self._still.go_on(before.begins_at, look.begins_at)
        else:
            self._still.stop()
            self._reference = look

    def check(self, presence: Presence, open_ms: int = 0) -> TrackCheck:
        """What the pieces so far come to, for a seat that was to be recorded at these times.

        Args:
            presence: when that was.
            open_ms: how long after the last piece no gap is told, since the next one may be open still.
        """
        due = presence.due.get((self._alias, self._kind), ())
        missed = without(due, self._recorded_with(open_ms)) if self._kind in CONTINUOUS else ()
        silent = self._silent.so_far
        return TrackCheck(
            alias=self._alias,
            kind=self._kind,
            due_ms=_length(due),
            recorded_ms=self._recorded_ms,
            gaps=stretches(gap for gap in missed if _length([gap]) >= GAP_FROM_MS),
            still=stretches(self._still.so_far),
            dark=stretches(self._dark.so_far),
            silent=stretches(silent),
            silent_apart_ms=_length(silent) - _length(without(silent, presence.apart)),
            unreadable=self._unreadable,
        )

    def _recorded_with(self, open_ms: int) -> list[Stretch]:
        if not self._recorded:
            return []
        *before, last = self._recorded
        return [*before, Stretch(begins_at=last.begins_at, ends_at=Millis(last.ends_at + open_ms))]


def is_dark(picture: bytes) -> bool:
    """Whether a small picture shows nothing but black."""
    return len(picture.translate(None, _DARK_DOTS)) < LIT_DOTS


def has_moved(before: bytes, after: bytes) -> bool:
    """Whether two small pictures show different things."""
    return sum(abs(one - other) > MOVED_BY for one, other in zip(before, after, strict=True)) >= MOVED_DOTS


def stretches(found: Iterable[Stretch]) -> Stretches:
    """All of them in figures, the longest by name."""
    every = list(found)
    longest = sorted(every, key=lambda each: each.begins_at - each.ends_at)[:SHOWN]
    return Stretches(total_ms=_length(every), longest=tuple(sorted(longest, key=lambda each: each.begins_at)))


def without(spans: Sequence[Stretch], taken: Sequence[Stretch]) -> Iterator[Stretch]:
    """What of these stretches no other one covers; both in the order of time."""
    for span in spans:
        since = span.begins_at
        for other in taken:
            if other.ends_at <= since or other.begins_at >= span.ends_at:
                continue
            if other.begins_at > since:
                yield Stretch(begins_at=since, ends_at=other.begins_at)
            since = max(since, other.ends_at)
        if since < span.ends_at:
            yield Stretch(begins_at=since, ends_at=span.ends_at)


def _length(spans: Iterable[Stretch]) -> int:
    return sum(span.ends_at - span.begins_at for span in spans)
