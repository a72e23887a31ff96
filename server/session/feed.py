"""What one connected viewer is sent: the visible lines of the room, and the hashes of the others at checkpoints."""

import asyncio
from collections.abc import Sequence

from server.domain.audiences import Audience
from server.domain.lines import Line
from server.domain.state import RoomState
from server.domain.visibility import OPENING_EVENTS, Viewer, is_visible
from server.evidence.merkle import leaf_hash
from server.session.frames import AnyToSeat, CheckpointSigned, Goodbye, Lines, PlacedHash, PlacedLine

QUEUE_LIMIT = 1_000
"Frames that wait for a viewer; one that is slower is cut off and resumes by `seq`."


class StoredLine:
    """A line with its bytes."""

    __slots__ = ("line", "raw")

    def __init__(self, line: Line, raw: bytes) -> None:
        self.line = line
        self.raw = raw


class Feed:
    """The frames for one connection, in order. `frames` ends with None once the feed is closed."""

    def __init__(self, viewer: Viewer, have: int) -> None:
        self.viewer = viewer
        self.frames: asyncio.Queue[AnyToSeat | None] = asyncio.Queue()
        self.closed = asyncio.Event()
        self._have = have
        self._next = 0
        "The place of the first line that has not been looked at yet."
        self._hidden: list[StoredLine] = []
        self._hashed = have

    def begin(self, stored: Sequence[StoredLine], room: RoomState) -> None:
        """Send what the viewer lacks: lines from `have` on, and older ones that a reveal may have opened since."""
        shown = []
        for each in stored:
            if is_visible(each.line, self.viewer, room):
                if each.line.seq >= self._have or is_openable(each.line):
                    shown.append(each)
            else:
                self._hidden.append(each)
        self._next = len(stored)
        self._send_lines(shown)

    def publish(self, fresh: Sequence[StoredLine], room: RoomState) -> None:
        """Send what is visible of new lines, and what they open of the older ones; lines that `begin` knew are none."""
        fresh = [each for each in fresh if each.line.seq >= self._next]
        self._next += len(fresh)
        shown: list[StoredLine] = []
        if any(isinstance(each.line.event, OPENING_EVENTS) for each in fresh):
            shown = [each for each in self._hidden if is_visible(each.line, self.viewer, room)]
            opened = {each.line.seq for each in shown}
            self._hidden = [each for each in self._hidden if each.line.seq not in opened]
        for each in fresh:
            (shown if is_visible(each.line, self.viewer, room) else self._hidden).append(each)
        self._send_lines(shown)

    def checkpoint(self, note: str, size: int) -> None:
        """Send a signed head with the hidden lines' hashes that the viewer does not hold yet."""
        hashes = tuple(
            PlacedHash(each.line.seq, leaf_hash(each.raw))
            for each in self._hidden
            if self._hashed <= each.line.seq < size
        )
        self._hashed = max(self._hashed, size)
        self.send(CheckpointSigned(note=note, hashes=hashes))

    def send(self, frame: AnyToSeat) -> None:
        """Queue a frame; a viewer with too many waiting is cut off, and gets none of them."""
        if self.is_closed:
            return
        self.frames.put_nowait(frame)
        if self.frames.qsize() >= QUEUE_LIMIT:
            while not self.frames.empty():
                self.frames.get_nowait()
            self.close("too_slow", "The connection is too slow; it will be resumed.")

    @property
    def is_closed(self) -> bool:
        """Whether the last frame is queued."""
        return self.closed.is_set()

    def close(self, code: str, text: str) -> None:
        """Say why, and end the feed."""
        if not self.is_closed:
            self.frames.put_nowait(Goodbye(code=code, text=text))
            self.frames.put_nowait(None)
            self.closed.set()

    def _send_lines(self, shown: Sequence[StoredLine]) -> None:
        if shown:
            self.send(Lines(lines=tuple(PlacedLine(each.line.seq, each.raw) for each in shown)))


def is_openable(line: Line) -> bool:
    """Whether a line may have been hidden from somebody at first."""
    return line.event.audience is not Audience.EVERYONE
