"""All that one seat sends, packet by packet: read, counted and forwarded in C, which then tells what it was."""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

from signaling.hot_path.library import ffi, lib

MOST_TRACKS = int(lib.MOST_TRACKS)
REPEATED, RECEIVED, UNKNOWN = int(lib.REPEATED), int(lib.RECEIVED), int(lib.UNKNOWN)
"A repeat that goes nowhere; a packet of one of the sources; one of none that is known."
MALFORMED, NOT_AGREED = int(lib.MALFORMED), int(lib.NOT_AGREED)

taken: Any = ffi.new("struct taken *")
"What the last packet was: there is one thread, and one packet at a time."


class HasSource(Protocol):
    """A track that a seat sends, under one SSRC."""

    source: Any
    "Its `struct source`."


Track = TypeVar("Track", bound=HasSource)


class Intake(Generic[Track]):
    """One connection's."""

    def __init__(self) -> None:
        self.pointer: Any = ffi.new("struct intake *", {"loudest": -1})
        self.tracks: list[Track] = []
        "By the place that `taken` tells."

    def hold(self, tracks: Iterable[Track], counter: int) -> None:
        """Know these tracks, and no others; more than `MOST_TRACKS` are unknown.

        Args:
            tracks: each with an SSRC of its own.
            counter: the number of the header extension with the transport-wide number, 0 if there is none.
        """
        self.tracks = list(tracks)[:MOST_TRACKS]
        self.pointer.counter = counter
        self.pointer.count = len(self.tracks)
        for place, track in enumerate(self.tracks):
            self.pointer.sources[place] = track.source

    def loudest(self) -> int | None:
        """The level of the loudest packet since the last call; None if there was none with a level."""
        level = int(self.pointer.loudest)
        self.pointer.loudest = -1
        return level if level >= 0 else None

    def noted(self) -> Iterator[tuple[int, float]]:
        """The transport-wide numbers that have come since the last call, each with the time of its arrival."""
        pointer = self.pointer
        for n in range(pointer.noted):
            yield pointer.numbers[n], pointer.arrived[n]
        pointer.noted = 0
