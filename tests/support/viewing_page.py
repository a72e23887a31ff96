"""A viewer's page: what one alias has received through its feeds, over all its connections."""

from random import Random

import msgspec

from server.domain.fold import fold
from server.domain.ids import Alias
from server.domain.lines import Line, parse_line
from server.domain.state import EMPTY, RoomState, RoomView
from server.domain.visibility import viewer_of
from server.session.feed import Feed, StoredLine
from server.session.frames import CheckpointSigned, Lines
from tests.support.room_world import World


class Page:
    """Reads the frames of one connection after the other, and keeps all they bring."""

    def __init__(self, alias: Alias, room: RoomState, stored: list[StoredLine], chance: Random) -> None:
        self.alias = alias
        self.held: dict[int, bytes] = {}
        "Lines by place."
        self.hashes: dict[int, bytes] = {}
        "Leaf hashes by place."
        self.bytes = bytearray()
        "Every frame that came, one after the other."
        self._chance = chance
        self._feed = self._connected(room, stored)

    def on_entry(self, room: RoomState, stored: list[StoredLine], fresh: list[StoredLine]) -> None:
        """What comes of a new entry: live, or after a connection that was lost at this moment."""
        if self._chance.random() < 0.15:
            self._feed = self._connected(room, stored)
        else:
            self._feed.publish(fresh, room)
        if self._chance.random() < 0.15:
            self.checkpoint(len(stored))
        self._read()

    def checkpoint(self, size: int) -> None:
        """A signed head of this size arrives, with the hashes that are still lacking."""
        self._feed.checkpoint(f"checkpoint {size}", size)
        self._read()

    def view(self) -> RoomView:
        """What the received lines fold to."""
        return fold(parse_line(self.held[seq]) for seq in sorted(self.held))

    def _connected(self, room: RoomState, stored: list[StoredLine]) -> Feed:
        """A new connection; the page may have lost some of what it held, or all."""
        have = self._chance.choice((0, self._known(), self._chance.randint(0, self._known())))
        feed = Feed(viewer_of(self.alias, room), have)
        feed.begin(stored, room)
        self._feed = feed
        self._read()
        return feed

    def _known(self) -> int:
        """Lines from the first on of which the page holds the line or the hash."""
        size = 0
        while size in self.held or size in self.hashes:
            size += 1
        return size

    def _read(self) -> None:
        while not self._feed.frames.empty():
            frame = self._feed.frames.get_nowait()
            self.bytes += msgspec.msgpack.encode(frame)
            match frame:
                case Lines(lines=lines):
                    self.held |= {line.seq: line.raw for line in lines}
                case CheckpointSigned(hashes=hashes):
                    self.hashes |= {each.seq: each.hash for each in hashes}
                case _:
                    raise AssertionError(f"a feed does not send {frame} by itself")


class Replay:
    """A walk played again before the eyes of everybody who ever sat in the room."""

    def __init__(self, world: World, seed: int) -> None:
        self.room: RoomState = EMPTY
        self.stored: list[StoredLine] = []
        self.pages: dict[Alias, Page] = {}
        self._entries = iter(world.entries)
        self._raw = world.raw
        self._chance = Random(seed)

    def step(self) -> list[Line]:
        """Play one more entry to every page; nothing at the end."""
        entry = next(self._entries, [])
        fresh = [StoredLine(line, self._raw[line.seq]) for line in entry]
        self.stored += fresh
        self.room = fold(entry, self.room)
        if entry:
            for page in self.pages.values():
                page.on_entry(self.room, self.stored, fresh)
            for alias in self.room.seats.keys() - self.pages.keys():
                self.pages[alias] = Page(alias, self.room, self.stored, self._chance)
        return entry
