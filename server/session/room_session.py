"""One live room: commands in, lines out.

Writing: under one lock a command is checked, decided, sealed and appended; it is acknowledged once its entry has come
back from the log. Reading: entries arrive from the node's reader, durable by then, are folded and sent to the feeds.
A checkpoint follows at once where the phase moved or lines opened, and otherwise within a second.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import structlog

from server.domain.commands import CloseRoom
from server.domain.errors import AppendConflict, AppendUncertain, EvidenceBroken, Rejection
from server.domain.events import AnyEvent
from server.domain.ids import Alias, Millis, RoomId, Seq
from server.domain.plan import SignedCommand
from server.domain.rejections import ForeignAlias
from server.domain.rules.checks import present_seat
from server.domain.state import RoomState
from server.domain.visibility import OPENING_EVENTS, viewer_of
from server.evidence.sealing import open_command
from server.session.checkpointer import Checkpointer
from server.session.command_entries import CommandEntries
from server.session.feed import Feed, StoredLine
from server.session.feeds import Feeds
from server.session.frames import Accepted
from server.session.record import Record
from server.session.server_notes import ServerNotes, own_lines
from server.session.surroundings import Surroundings
from server.store.errors import StoreUnavailable, StoreUnwritable
from server.store.room_log import Entry

CHECKPOINT_PAUSE_S = 1.0
"Between checkpoints while lines arrive that move no phase."

READER_PATIENCE_S = 2.0
"How long a writer waits for its own entry to come back before it reads the log itself."

CONFLICT_TRIES = 8
"How often a command is decided again when other writers were first."

_log = structlog.get_logger(__name__)


class RoomStopped(Rejection):
    """The room stands still until its log can be trusted again."""

    code = "room_stopped"
    sentence = "The room has been stopped: {reason}"


class RoomSession:
    """The live object of one room on this node."""

    def __init__(self, record: Record, around: Surroundings, checkpointer: Checkpointer) -> None:
        self.record = record
        self._around = around
        self._checkpointer = checkpointer
        self._writing = asyncio.Lock()
        self._taking = asyncio.Lock()
        self._grown = asyncio.Condition()
        self._checkpoint_due = asyncio.Event()
        self._checkpoint_urgent = asyncio.Event()
        self._note: tuple[str, int] | None = None
        self._entries = CommandEntries(record, around)
        self.feeds = Feeds()
        self._told_size = record.size
        "Lines that the feeds have been given; what the later ones forbid is not in force yet."
        self._told_room = record.room
        self._has_ended_recording = False
        self.stopped: EvidenceBroken | AppendUncertain | None = None

    @property
    def room(self) -> RoomState:
        """The room as its durable lines tell it."""
        return self.record.room

    @property
    def room_id(self) -> RoomId:
        """The room's id."""
        return self.record.room_id

    @property
    def signed_size(self) -> int:
        """How many lines the latest checkpoint covers."""
        return self._note[1] if self._note else 0

    # -- writing -------------------------------------------------------------------------------------------------

    async def submit(self, alias: Alias, signed: SignedCommand) -> Accepted:
        """Carry out a signed command; on return its lines are durable and on their way to the viewers.

        An accepted command that comes again gets its first answer. The caller shields this from cancellation: a
        command that is under way is finished, whoever still listens.

        Raises:
            Rejection: the rules forbid it, or the store cannot write; nothing has changed.
        """
        async with self._writing:
            try:
                return await self._submitted(alias, signed)
            finally:
                await self._record_on()

    async def _submitted(self, alias: Alias, signed: SignedCommand) -> Accepted:
        has_spoken = False
        for _ in range(CONFLICT_TRIES):
            self._demand_running()
            received = open_command(signed, self.room)
            if received.envelope.by != alias:
                raise ForeignAlias(by=received.envelope.by, alias=alias)
            earlier = self.record.ledger.earlier_answer(received, signed)
            if earlier is not None:
                return Accepted(n=received.envelope.n, first=earlier.first, last=earlier.last)
            entry = await self._entries.entry_of(received, signed)
            first = Seq(self.record.size)
            if isinstance(received.command, CloseRoom) and not has_spoken:
                has_spoken = await self._say_last_words()
            if self.record.size > first:
                continue
            if entry is not None and await self._append(entry):
                return Accepted(n=received.envelope.n, first=first, last=Seq(entry.head.size - 1))
        raise StoreUnavailable

    async def note(self, notes: ServerNotes) -> None:
        """Write what the server itself has seen; on return it is durable and on its way to the viewers.

        Raises:
            StoreUnavailable, StoreUnwritable, RoomStopped: it is not written.
        """
        async with self._writing:
            for _ in range(CONFLICT_TRIES):
                if await self._noted(notes):
                    return
        raise StoreUnavailable

    async def _noted(self, notes: ServerNotes) -> bool:
        """Whether what is due stands, or nothing is; false when another entry was first."""
        self._demand_running()
        entry = self._own_entry(notes.due(self.room))
        if entry is None or not await self._append(entry):
            return entry is None
        notes.written()
        return True

    def _own_entry(self, events: list[AnyEvent]) -> Entry | None:
        """The entry of events that no person caused; none where there are none."""
        if not events:
            return None
        now = Millis(max(self._around.clock(), self.record.last_at))
        lines = own_lines(events, self.room, at=now, first_seq=self.record.size)
        return Entry(head=self.record.head_with(lines), lines=lines)

    async def _say_last_words(self) -> bool:
        """Write what belongs before the record's last line; whether it stands, or nothing was left to write.

        Once is enough: nothing is recorded any more, and an examination that is slow would have news each time.
        """
        self._has_ended_recording = True
        return await self._noted(await self._around.last_words(self.room_id))

    async def _record_on(self) -> None:
        """After last words that were none: the room could not be closed."""
        if self._has_ended_recording and self.room.closed_at is None:
            await self._around.record_on(self.room_id, self.room)
        self._has_ended_recording = False

    async def _append(self, entry: Entry) -> bool:
        """Whether the entry stands, durably and folded; false when another one was first."""
        before = self.record.tree.head
        try:
            try:
                await self._around.log.append(self.room_id, entry, before)
            except AppendUncertain:
                await self._around.log.settle(self.room_id, entry, before)
        except AppendConflict:
            await self._catch_up(before.size + 1)
            return False
        except (AppendUncertain, EvidenceBroken) as error:
            self.stop(error)
            raise RoomStopped(reason=error) from error
        if not await self._has_grown(entry.head.size):
            await self.take(entry)
        self._demand_running()
        return True

    async def _catch_up(self, size: int) -> None:
        """Wait for another writer's lines; read the log ourselves if the reader does not bring them."""
        if not await self._has_grown(size):
            for entry in await self._around.log.read(self.room_id, self.record.size):
                await self.take(entry)

    async def _has_grown(self, size: int) -> bool:
        """Whether the reader brings this many lines soon."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READER_PATIENCE_S), self._grown:
                await self._grown.wait_for(lambda: self._told_size >= size or self.stopped)
        return self._told_size >= size

    # -- reading -------------------------------------------------------------------------------------------------

    async def take(self, entry: Entry) -> None:
        """Fold one durable entry and send it on; one that was sent on already changes nothing.

        Where what the state forbids could not be enforced, its lines wait, and go with the next ones.

        Raises:
            EvidenceBroken: the entry contradicts the record; the room is stopped.
        """
        async with self._taking:
            await self._take(entry)
        async with self._grown:
            self._grown.notify_all()

    async def _take(self, entry: Entry) -> None:
        try:
            self.record.take(entry)
        except EvidenceBroken as error:
            self.stop(error)
            raise
        fresh = self.record.stored[self._told_size :]
        if not fresh:
            return
        await self._around.enforce(self.room_id, self.room)
        self.feeds.publish(fresh, self.room)
        self._told_size, self._told_room = self.record.size, self.room
        self._schedule_checkpoint(fresh)

    def attach(self, alias: Alias, have: int) -> Feed:
        """A feed for one connection of this alias; `begin` starts it.

        Raises:
            SeatUnknown: no such alias.
            SeatLeft: the person has been replaced; their page keeps what it holds.
        """
        self._demand_running()
        present_seat(alias, self.room)
        return Feed(viewer_of(alias, self.room), have)

    def begin(self, feed: Feed) -> None:
        """Send a feed what its viewer lacks and the latest checkpoint, then all that comes; an earlier page ends."""
        self.feeds.begin(feed, self.record.stored[: self._told_size], self._told_room, self._note)

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def _schedule_checkpoint(self, fresh: Iterable[StoredLine]) -> None:
        lines = [each.line for each in fresh]
        if self.room.phase_at >= lines[0].seq or any(isinstance(line.event, OPENING_EVENTS) for line in lines):
            self._checkpoint_urgent.set()
        self._checkpoint_due.set()

    def ask_for_checkpoint(self) -> None:
        """Have the present head signed at once."""
        self._checkpoint_urgent.set()
        self._checkpoint_due.set()

    async def sign_checkpoints(self) -> None:
        """Keep the head signed; runs until cancelled."""
        while self.stopped is None:
            await self._checkpoint_due.wait()
            with suppress(TimeoutError):  # not `wait_for`: in Python 3.11 it can swallow a cancelling (gh-86296)
                async with asyncio.timeout(CHECKPOINT_PAUSE_S):
                    await self._checkpoint_urgent.wait()
            self._checkpoint_due.clear()
            self._checkpoint_urgent.clear()
            await self._sign_checkpoint()

    async def _sign_checkpoint(self) -> None:
        size = self.record.size
        try:
            note = await self._checkpointer.sign(self.record.tree)
        except (StoreUnavailable, StoreUnwritable) as error:
            _log.warning("checkpoint_not_kept", room=self.room_id, size=size, error=str(error))
            self._checkpoint_due.set()
            return
        except EvidenceBroken as error:
            self.stop(error)
            return
        if note is None:
            return
        async with self._taking:  # every line that the head covers has been given to the feeds, or is held back
            if size > self._told_size:
                self._checkpoint_due.set()
                return
            self._note = (note, size)
            self.feeds.checkpoint(note, size)

    # -- stopping ------------------------------------------------------------------------------------------------

    def stop(self, error: EvidenceBroken | AppendUncertain) -> None:
        """Stand still: the log cannot be trusted, or it is not known what it holds."""
        _log.error("room_stopped", room=self.room_id, error=str(error))
        self.stopped = error
        self.feeds.close("room_stopped", f"The room has been stopped: {error}")

    def _demand_running(self) -> None:
        if self.stopped is not None:
            raise RoomStopped(reason=self.stopped)
