"""The rooms that are live on this node: each is opened from its log when somebody first asks for it."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

import structlog
from msgspec import Struct

from server.domain.errors import EvidenceBroken
from server.domain.ids import RoomId
from server.evidence.cosignatures import Cosigner
from server.evidence.notes import NoteSigner
from server.session.checkpointer import Checkpointer
from server.session.record import Record, read_record
from server.session.room_session import RoomSession
from server.session.surroundings import Surroundings
from server.store.log_reader import LogReader
from server.store.room_log import Entry
from server.store.signed_heads import SignedHeads
from server.task_end import end_tasks

_log = structlog.get_logger(__name__)


class LiveRoom(Struct, frozen=True):
    """A session with the tasks that feed it."""

    session: RoomSession
    tasks: tuple[asyncio.Task[None], ...]


class LiveRooms:
    """Opens rooms and keeps them; closes all of them at the end."""

    def __init__(
        self,
        around: Surroundings,
        reader: LogReader,
        heads: SignedHeads,
        *,
        log_signer: Callable[[RoomId], NoteSigner],
        witness: Cosigner,
    ) -> None:
        self._around = around
        self._reader = reader
        self._heads = heads
        self._log_signer = log_signer
        self._witness = witness
        self._rooms: dict[RoomId, LiveRoom] = {}
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End every room's connections and tasks; the rooms themselves stand in the log."""
        for room_id in list(self._rooms):
            await self._close(room_id)

    async def session(self, room_id: RoomId) -> RoomSession:
        """The live session of a room; one that had stopped is opened from its log again.

        Raises:
            RoomUnknown: there is no such room.
            EvidenceBroken: its log contradicts itself, or a head that was signed.
            StoreUnavailable: no answer.
        """
        async with self._opening:
            live = self._rooms.get(room_id)
            if live is not None and live.session.stopped is not None:
                await self._close(room_id)
                live = None
            if live is None:
                live = self._rooms[room_id] = await self._open(room_id)
            return live.session

    async def _open(self, room_id: RoomId) -> LiveRoom:
        record = await read_record(room_id, self._around.log)
        await self._demand_signed_head(record)
        signer = self._log_signer(room_id)
        _demand_own_key(record, signer)
        checkpointer = Checkpointer(room_id, self._heads, log=signer, witness=self._witness, clock=self._around.clock)
        session = RoomSession(record, self._around, checkpointer)
        session.ask_for_checkpoint()
        await self._around.enforce(room_id, record.room)
        tasks = (
            asyncio.create_task(self._follow(session, record.size)),
            asyncio.create_task(session.sign_checkpoints()),
        )
        return LiveRoom(session, tasks)

    async def _demand_signed_head(self, record: Record) -> None:
        """A log shorter than, or other than, a head that was signed is broken evidence."""
        signed = await self._heads.latest(record.room_id)
        if signed is not None and (signed.size > record.size or record.tree.root(signed.size) != signed.root):
            raise EvidenceBroken(f"Room {record.room_id}: the log does not hold the signed head of size {signed.size}.")

    async def _follow(self, session: RoomSession, size: int) -> None:
        with self._reader.follow(session.room_id, size) as following:
            try:
                async for entry in following:
                    await self._take(session, entry)
            except EvidenceBroken as error:
                session.stop(error)

    async def _take(self, session: RoomSession, entry: Entry) -> None:
        """Hand on an entry; a mistake of ours ends no room: whoever wrote the entry, or the next one, tries again.

        Raises:
            EvidenceBroken: it contradicts the record.
        """
        try:
            await session.take(entry)
        except EvidenceBroken:
            raise
        except Exception:
            _log.exception("entry_not_handed_on", room=session.room_id, size=entry.head.size)

    async def _close(self, room_id: RoomId) -> None:
        live = self._rooms.pop(room_id)
        live.session.feeds.close("server_stopping", "The server is stopping; the page will come back by itself.")
        await end_tasks(*live.tasks)


def _demand_own_key(record: Record, signer: NoteSigner) -> None:
    """The room's first event names the key that signs its heads: with another key we could only disown them."""
    opening = record.room.opening
    if opening is None or opening.log_key != signer.key.vkey:
        raise EvidenceBroken(f"Room {record.room_id}: this server does not hold the room's log key.")
