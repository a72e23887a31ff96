import asyncio

from server.domain.ids import Alias, Digest, Millis, RoomId
from server.domain.recordings import GapReason, MediaTrack, PieceNote, TrackKey
from server.web.recording_ears import RecordingEars
from signaling.messages import PieceRecorded, RecordingFinished, RecordingStarted, RecordingStopped

ROOM = RoomId("r")
TRACK = (Alias("E1"), MediaTrack.VIDEO)


class Told:
    """Notes what is passed on."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def began(self, room_id: RoomId, track: TrackKey) -> None:
        self.heard.append((room_id, track))

    def stopped(self, room_id: RoomId, track: TrackKey, reason: GapReason) -> None:
        self.heard.append((room_id, track, reason))

    def kept(self, room_id: RoomId, track: TrackKey, piece: PieceNote) -> None:
        self.heard.append((room_id, track, piece))

    def process_ended(self) -> None:
        self.heard.append("ended")


def test_messages_are_passed_on_in_the_words_of_the_domain() -> None:
    told = Told()
    ears = RecordingEars(told)

    ears.hear(RecordingStarted(room="r", alias="E1", track="video"))
    ears.hear(RecordingStopped(room="r", alias="E1", track="video", reason="disk_full"))
    ears.hear(
        PieceRecorded(room="r", alias="E1", track="video", number=3, sha256="0" * 64, size=5, begins_at=1, ends_at=2)
    )
    ears.hear(RecordingFinished(room="r"))
    ears.process_ended()

    note = PieceNote(number=3, sha256=Digest("0" * 64), size=5, begins_at=Millis(1), ends_at=Millis(2))
    assert told.heard == [(ROOM, TRACK), (ROOM, TRACK, GapReason.DISK_FULL), (ROOM, TRACK, note), "ended"]


async def test_end_of_a_rooms_recording_is_waited_for() -> None:
    ears = RecordingEars(Told())
    waiting = asyncio.create_task(ears.until_finished(ROOM))
    await asyncio.sleep(0)

    ears.hear(RecordingFinished(room="another"))
    await asyncio.sleep(0)
    assert not waiting.done()
    ears.hear(RecordingFinished(room=ROOM))

    await waiting


async def test_process_that_ends_is_not_waited_for() -> None:
    ears = RecordingEars(Told())
    waiting = asyncio.create_task(ears.until_finished(ROOM))
    await asyncio.sleep(0)

    ears.process_ended()

    await waiting
