"""The streams that get a track in the same shape."""

from typing import Any, Generic, Protocol, TypeVar

from signaling.hot_path.library import ffi


class HasLane(Protocol):
    """A listener's stream."""

    lane: Any
    "Its `struct lane`."


Stream = TypeVar("Stream", bound=HasLane)


class Lanes(Generic[Stream]):
    """An array for the fan-out, made anew when a stream comes or goes."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self.array: Any = ffi.NULL
        "Their lanes in C."

    def add(self, stream: Stream) -> None:
        """Take one more."""
        self._hold([*self.streams, stream])

    def remove(self, stream: Stream) -> None:
        """Let one go."""
        self._hold([other for other in self.streams if other is not stream])

    def _hold(self, streams: list[Stream]) -> None:
        self.streams = streams
        self.array = ffi.new("struct lane *[]", [stream.lane for stream in streams])
