"""The streams that get a track in the same shape."""

from typing import Any, Generic, Protocol, TypeVar

from signaling.hot_path.library import ffi, lib
from signaling.hot_path.shaped_packet import ShapedPacket


class HasLane(Protocol):
    """A listener's stream."""

    lane: Any
    "Its `struct lane`."


Stream = TypeVar("Stream", bound=HasLane)


class Lanes(Generic[Stream]):
    """An array for the fan-out, made anew when a stream comes or goes."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self._array: Any = ffi.NULL

    def add(self, stream: Stream) -> None:
        """Take one more."""
        self._hold([*self.streams, stream])

    def remove(self, stream: Stream) -> None:
        """Let one go."""
        self._hold([other for other in self.streams if other is not stream])

    def _hold(self, streams: list[Stream]) -> None:
        self.streams = streams
        self._array = ffi.new("struct lane *[]", [stream.lane for stream in streams])

    def fan_out(self, packet: ShapedPacket, now: float) -> int:
        """Send a new packet to all whose stretch it belongs to; gives how many wait for a stretch to begin."""
        return int(lib.fan_out(self._array, len(self.streams), packet.pointer, now))
