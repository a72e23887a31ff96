"""The recordings of all rooms are examined as they grow: little is left when somebody asks, or a room closes."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

import structlog
from msgspec import Struct

from server.domain.errors import LianpingError
from server.domain.events import AnyEvent, RecordingsChecked
from server.domain.ids import Millis, RoomId
from server.domain.phases import Phase
from server.domain.state import RoomState
from server.session.recording_review import KeptPieces, Look, RecordingReview
from server.session.room_session import RoomSession
from server.session.server_notes import NoNotes, ServerNotes
from server.task_end import end_tasks

EXAMINE_EVERY_S: Final = 30.0
STILL_OPEN_MS: Final = 12_000
"A piece that is open now, and was when the last one was kept, lies on the disk by then: until then it is no gap."
CLOSE_WAITS_S: Final = 20.0
"A room is closed with what has been examined by then; the line says how much that is."

_log = structlog.get_logger(__name__)


class ReviewProgress(Struct, frozen=True, kw_only=True):
    """How far the examination of a room's recordings is."""

    pieces: int
    examined: int
    done: bool
    "The result stands in the record."


class CheckNote:
    """A `server_notes.ServerNotes` of one examination.

    Args:
        event: its result.
        stands: is called once the record holds it.
    """

    def __init__(self, event: RecordingsChecked, stands: Callable[[], None] = lambda: None) -> None:
        self._event: RecordingsChecked | None = event
        self._stands = stands

    def due(self, room: RoomState) -> list[AnyEvent]:
        """The result, until it stands."""
        if self._event is None or not room.is_recorded or room.phase in (Phase.PREPARED, Phase.CLOSED):
            return []
        return [self._event]

    def written(self) -> None:
        """It stands."""
        if self._event is not None:
            self._event = None
            self._stands()


class _Room(Struct):
    """What is under way for one room."""

    review: RecordingReview
    growing: asyncio.Task[None]
    checking: asyncio.Task[None] | None = None
    last_word: tuple[int, int] | None = None
    "Pieces, and how many of them had been examined, in the result that stands before the room's last line."


class RecordingReviews:
    """Examines for every room that has been seen; ends when it is left.

    Args:
        session: the live session of a room.
        files: the pieces on the disk.
        look: at one of them.
        clock: the server's.
    """

    def __init__(
        self,
        session: Callable[[RoomId], Awaitable[RoomSession]],
        files: KeptPieces,
        look: Look,
        clock: Callable[[], Millis],
    ) -> None:
        self._session = session
        self._files = files
        self._look = look
        self._clock = clock
        self._rooms: dict[RoomId, _Room] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = [task for room in self._rooms.values() for task in (room.growing, room.checking) if task is not None]
        await end_tasks(*tasks)

    def follow(self, room_id: RoomId, room: RoomState) -> None:
        """Examine a room's recordings from now on, while it is open."""
        known = self._rooms.get(room_id)
        if known is not None and room.closed_at is not None:
            known.growing.cancel()
        elif known is None and room.is_recorded and room.closed_at is None:
            review = RecordingReview(room_id, self._files, self._look)
            self._rooms[room_id] = _Room(review, asyncio.create_task(self._keep_examining(room_id, review)))

    def ask(self, room_id: RoomId) -> ReviewProgress:
        """Begin an examination whose result is written into the record; asked again, how far it is.

        Where the last one has ended, its end is told once; what is asked after that begins anew.
        """
        room = self._rooms.get(room_id)
        if room is None:
            return ReviewProgress(pieces=0, examined=0, done=True)
        if room.checking is None:
            room.checking = asyncio.create_task(self._quietly(room_id, self._check(room_id, room.review)))
        done = room.checking.done()
        if done:
            room.checking = None
        return ReviewProgress(pieces=room.review.pieces, examined=room.review.examined, done=done)

    async def last_words(self, room_id: RoomId) -> ServerNotes:
        """The examination of a room that is about to be closed, and is recorded no more; nothing where it stands."""
        room = self._rooms.get(room_id)
        if room is None:
            return NoNotes()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WAITS_S):
                await self._quietly(room_id, room.review.go_on())
        state = (room.review.pieces, room.review.examined)
        if room.last_word == state:
            return NoNotes()
        session = await self._session(room_id)
        result = await self._result(session, room.review, 0)
        return CheckNote(result, lambda: setattr(room, "last_word", state))

    async def _keep_examining(self, room_id: RoomId, review: RecordingReview) -> None:
        while True:
            await asyncio.sleep(EXAMINE_EVERY_S)
            await self._quietly(room_id, review.go_on())

    async def _check(self, room_id: RoomId, review: RecordingReview) -> None:
        await review.go_on()
        session = await self._session(room_id)
        await session.note(CheckNote(await self._result(session, review, STILL_OPEN_MS)))

    async def _result(self, session: RoomSession, review: RecordingReview, open_ms: int) -> RecordingsChecked:
        """In a thread: a long record is folded for it."""
        lines = [each.line for each in session.record.stored]
        return await asyncio.to_thread(review.result, lines, self._clock(), open_ms)

    async def _quietly(self, room_id: RoomId, work: Coroutine[Any, Any, None]) -> None:
        """What fails now is tried again with the next examination."""
        try:
            await work
        except (LianpingError, OSError) as error:
            _log.warning("recordings_not_examined", room=room_id, error=str(error))
