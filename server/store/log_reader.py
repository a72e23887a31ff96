"""The one blocking reader of a node: a single `XREAD` over all its rooms hands new entries to whoever follows them.

Why an entry that `XREAD` returns is on disk (one server, `appendfsync always`): the entry and the answers that carry
it, to its writer and to us alike, come to be in the same turn of the server's event loop. Before it sleeps, the
server first calls `flushAppendOnlyFile`, which under `always` returns only after `fsync` (and ends the process if
that fails), and only then `handleClientsWithPendingWrites`; what does not fit a socket at once is written in a later
turn, behind the same barrier. So we never see an entry that a power cut could take back.
Source: Redis 7.0 and Valkey 9.1, `beforeSleep` in server.c, `AE_BARRIER` in networking.c.

The block is short instead of long: a room that is added or removed waits at most one round, and nothing has to
interrupt a blocking read. A cancelled read would leave its answer in the connection for the next request to find
(redis-py#2663), so the connection belongs to the reader alone and is thrown away with it, and after every error.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import structlog

from server.domain.ids import RoomId
from server.store.connection import Store
from server.store.encryption import RoomCiphers
from server.store.errors import StoreUnavailable, StoreUnwritable
from server.store.room_log import Entry, RawEntry, entry_id, log_key, open_entry
from server.task_end import end_tasks

BLOCK_MS = 100
"How long a round waits for entries, and so the longest wait of a room that is added."

PAGE = 64
"Entries of one room in one round at most."

IDLE_STREAM = "nothing"
"Never written: lets a reader without rooms block, and prove that it lives, like any other."

_log = structlog.get_logger(__name__)


class Following:
    """The entries of one room from a given size on, in order: iterate over it."""

    def __init__(self, room: RoomId, after_size: int, ciphers: RoomCiphers) -> None:
        self.room = room
        self.asked_id = entry_id(after_size)
        "The last entry that has arrived here."
        self._size = after_size
        self._ciphers = ciphers
        self._arrived: asyncio.Queue[RawEntry] = asyncio.Queue()

    def take(self, entries: list[RawEntry]) -> None:
        """Holds entries ready for the follower."""
        for raw in entries:
            self._arrived.put_nowait(raw)
            self.asked_id = raw[0].decode()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Entry:
        """The next entry; a cancelled wait loses none.

        Raises:
            LogContradicted: it does not fit the entry before it.
            SealBroken: it cannot be opened.
        """
        cipher = await self._ciphers.cipher_of(self.room)
        entry = open_entry(cipher, await self._arrived.get(), self._size)
        self._size = entry.head.size
        return entry


class LogReader:
    """Runs while it is entered; `follow` adds a room at any time."""

    def __init__(
        self, url: str, ciphers: RoomCiphers, *, timeout_s: float = 5.0, pauses_s: tuple[float, float] = (0.05, 2.0)
    ) -> None:
        """Takes the address of the store; `pauses_s` are the first and the longest wait before a new connection."""
        self._store = Store(url, timeout_s=BLOCK_MS / 1000 + timeout_s, connections=1)
        self._ciphers = ciphers
        self._pauses_s = pauses_s
        self._followings: dict[RoomId, Following] = {}
        self._last_round_s: float | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await end_tasks(self._task)
        await self._store.disconnect()

    @contextmanager
    def follow(self, room: RoomId, after_size: int = 0) -> Iterator[Following]:
        """Follows a room from the entry on that ended at this size; one follower a room.

        Raises:
            ValueError: the room is being followed on this node; a bug.
        """
        if room in self._followings:
            raise ValueError(f"room {room} is followed twice")
        self._followings[room] = Following(room, after_size, self._ciphers)
        try:
            yield self._followings[room]
        finally:
            del self._followings[room]

    @property
    def silence_s(self) -> float:
        """Seconds since the last round that was answered: under a second in health, infinite before the first."""
        return float("inf") if self._last_round_s is None else time.monotonic() - self._last_round_s

    async def _run(self) -> None:
        first_s, longest_s = self._pauses_s
        pause_s = first_s
        while True:
            try:
                await self._round()
                pause_s = first_s
            except (StoreUnavailable, StoreUnwritable) as error:
                _log.warning("log_reader_disconnected", error=str(error), pause_s=pause_s)
                await self._store.disconnect()
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, longest_s)

    async def _round(self) -> None:
        """Asks for news of the rooms that are followed now, and hands them to exactly those followers."""
        asked = {log_key(room).encode(): following for room, following in self._followings.items()}
        ids = [following.asked_id for following in asked.values()]
        news: list[tuple[bytes, list[RawEntry]]] | None = await self._store.ask(
            "XREAD", "COUNT", PAGE, "BLOCK", BLOCK_MS, "STREAMS", IDLE_STREAM, *asked, "0-0", *ids
        )
        self._last_round_s = time.monotonic()
        for key, entries in news or []:
            asked[key].take(entries)
