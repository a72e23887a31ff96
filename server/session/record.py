"""A room's log in memory: lines, tree, folded state and accepted commands, grown entry by entry."""

from collections.abc import Iterable, Sequence

from server.domain.errors import EvidenceBroken
from server.domain.fold import fold
from server.domain.ids import Digest, RoomId
from server.domain.lines import parse_line
from server.domain.state import EMPTY, RoomState
from server.evidence.ledger import Ledger
from server.evidence.merkle import Head, MerkleTree, leaf_hash
from server.session.feed import StoredLine
from server.store.errors import RoomUnknown
from server.store.room_log import Entry, RoomLog


class Record:
    """Everything that follows from the lines of one room."""

    def __init__(self, room_id: RoomId) -> None:
        self.room_id = room_id
        self.room: RoomState = EMPTY
        self.tree = MerkleTree()
        self.ledger = Ledger()
        self.stored: list[StoredLine] = []

    @property
    def size(self) -> int:
        """Lines so far."""
        return len(self.stored)

    @property
    def last_at(self) -> int:
        """When the last line was written, in milliseconds; 0 before the first."""
        return self.stored[-1].line.head.at if self.stored else 0

    def root_at(self, size: int) -> Digest:
        """The root over the first `size` lines, in hexadecimal."""
        return Digest(self.tree.root(size).hex())

    def head_with(self, lines: Iterable[bytes]) -> Head:
        """The head after lines that are not taken yet."""
        return self.tree.extended_by(leaf_hash(line) for line in lines)

    def take(self, entry: Entry) -> Sequence[StoredLine]:
        """Add one entry; an entry that is known already changes nothing and gives no lines.

        Raises:
            EvidenceBroken: its lines do not give its head, or it does not follow.
        """
        if entry.head.size <= self.size:
            return ()
        if self.head_with(entry.lines) != entry.head:
            raise EvidenceBroken(f"Room {self.room_id}: the entry at {entry.head.size} does not give its tree head.")
        fresh = [StoredLine(parse_line(raw), raw) for raw in entry.lines]
        for each in fresh:
            self.tree.append(leaf_hash(each.raw))
        self.stored.extend(fresh)
        self.room = fold((each.line for each in fresh), self.room)
        self.ledger.take([each.line for each in fresh])
        return fresh


async def read_record(room_id: RoomId, log: RoomLog) -> Record:
    """A room's record as its log holds it now.

    Raises:
        RoomUnknown: there is no such room.
        EvidenceBroken: its log contradicts itself.
        StoreUnavailable: no answer.
    """
    record = Record(room_id)
    for entry in await log.read(room_id):
        record.take(entry)
    if not record.size:
        raise RoomUnknown(room=room_id)
    return record
