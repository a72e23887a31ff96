"""What the bridge hears of recordings, in the words of the domain; and the wait for the end of a room's recording."""

import asyncio
from typing import Final, Protocol

import structlog

from server.domain.ids import Alias, Digest, Millis, RoomId
from server.domain.recordings import GapReason, MediaTrack, PieceNote, TrackKey
from signaling.messages import PieceRecorded, RecordingFinished, RecordingStarted, RecordingStopped

FINISH_WITHIN_S: Final = 5.0
"A room is closed all the same when the disk takes longer; what it still holds is in no line of the record then."

RecordingMessage = RecordingStarted | RecordingStopped | PieceRecorded | RecordingFinished

_log = structlog.get_logger(__name__)


class RecordingListener(Protocol):
    """Whoever writes it down."""

    def began(self, room_id: RoomId, track: TrackKey) -> None:
        """A track is recorded from now on."""
        ...

    def stopped(self, room_id: RoomId, track: TrackKey, reason: GapReason) -> None:
        """It is not any more."""
        ...

    def kept(self, room_id: RoomId, track: TrackKey, piece: PieceNote) -> None:
        """A piece is on the disk."""
        ...

    def process_ended(self) -> None:
        """Nothing is recorded any more."""
        ...


class RecordingEars:
    """Passes on what one media process after the other says."""

    def __init__(self, listener: RecordingListener) -> None:
        self._listener = listener
        self._finishing: dict[RoomId, asyncio.Event] = {}

    def hear(self, message: RecordingMessage) -> None:
        """Pass on a message."""
        room_id = RoomId(message.room)
        match message:
            case RecordingStarted():
                self._listener.began(room_id, _track(message))
            case RecordingStopped():
                self._listener.stopped(room_id, _track(message), GapReason(message.reason))
            case PieceRecorded():
                self._listener.kept(room_id, _track(message), _note(message))
            case RecordingFinished():
                if room_id in self._finishing:
                    self._finishing[room_id].set()

    def process_ended(self) -> None:
        """Nobody is to be waited for any more."""
        self._listener.process_ended()
        for finished in self._finishing.values():
            finished.set()

    async def until_finished(self, room_id: RoomId) -> None:
        """Wait until all pieces of a room are on the disk, but not for ever."""
        finished = self._finishing[room_id] = asyncio.Event()
        try:
            async with asyncio.timeout(FINISH_WITHIN_S):
                await finished.wait()
        except TimeoutError:
            _log.error("recording_not_finished", room=room_id)
        finally:
            self._finishing.pop(room_id, None)


def _track(message: RecordingStarted | RecordingStopped | PieceRecorded) -> TrackKey:
    return Alias(message.alias), MediaTrack(message.track)


def _note(message: PieceRecorded) -> PieceNote:
    return PieceNote(
        number=message.number,
        sha256=Digest(message.sha256),
        size=message.size,
        begins_at=Millis(message.begins_at),
        ends_at=Millis(message.ends_at),
    )
