import asyncio
from pathlib import Path

from server.domain.ids import Alias, Millis, RoomId
from server.domain.phases import Phase
from server.domain.plan import Recording
from server.domain.recordings import CAMERA_AND_MICROPHONE, PieceLook
from server.session.recording_review import RecordingReview
from server.task_end import end_tasks
from signaling.recording.piece_places import place_of
from tests.support.recorded import BEGINS_AT, piece, piece_files, write
from tests.support.room_plan import opening
from tests.support.room_scenes import run_to
from tests.support.room_world import World

ROOM = RoomId("r")
AUDIO, VIDEO = CAMERA_AND_MICROPHONE
E1 = Alias("E1")


class Eyes:
    """Sees the same grey picture in every piece of four seconds."""

    def __init__(self) -> None:
        self.looked: list[str] = []

    async def look(self, room: RoomId, path: Path) -> PieceLook:
        assert room == ROOM
        self.looked.append(place_of(path))
        begins_at = Millis(BEGINS_AT + 4000 * int(path.name.partition(".")[0]))
        return PieceLook(begins_at=begins_at, ends_at=Millis(begins_at + 4000), picture=bytes([99]) * 3600)


def grow(folder: Path, count: int) -> None:
    write(folder, ROOM, *[piece("video", 15)] * count)


async def test_each_piece_is_looked_at_once(tmp_path: Path) -> None:
    eyes = Eyes()
    review = RecordingReview(ROOM, piece_files(tmp_path), eyes.look)
    grow(tmp_path, 2)
    await review.go_on()
    grow(tmp_path, 1)
    await review.go_on()
    await review.go_on()

    assert eyes.looked == ["E1-video/1", "E1-video/2", "E1-video/3"]
    assert (review.pieces, review.examined) == (3, 3)


async def test_examination_that_was_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    eyes, stuck, go = Eyes(), asyncio.Event(), asyncio.Event()

    async def look(room: RoomId, path: Path) -> PieceLook:
        if len(eyes.looked) == 1:
            stuck.set()
            await go.wait()
        return await eyes.look(room, path)

    grow(tmp_path, 3)
    review = RecordingReview(ROOM, piece_files(tmp_path), look)
    going_on = asyncio.create_task(review.go_on())
    await stuck.wait()
    await end_tasks(going_on)
    assert (review.pieces, review.examined) == (3, 1)
    go.set()
    await review.go_on()

    assert eyes.looked == ["E1-video/1", "E1-video/2", "E1-video/3"]


async def test_result_is_about_every_camera_and_microphone_that_was_to_be_recorded(tmp_path: Path) -> None:
    world = run_to(World(opening(recording=Recording.REQUIRED)), Phase.CHECK_IN)
    grow(tmp_path, 12)
    review = RecordingReview(ROOM, piece_files(tmp_path), Eyes().look)
    await review.go_on()

    result = review.result(world.lines, Millis(world.now + 10_000))
    found = {(check.alias, check.kind): check for check in result.tracks}
    assert (result.pieces, result.examined) == (12, 12)
    assert {alias for alias, _ in found} == {alias for alias, seat in world.room.seats.items() if seat.confirmed} - {
        Alias("S1"),
        Alias("U1"),
    }
    assert found[E1, VIDEO].recorded_ms == 48_000
    assert found[E1, VIDEO].still.total_ms == 44_000
    assert found[E1, AUDIO].recorded_ms == 0
    assert found[E1, AUDIO].gaps.total_ms == found[E1, AUDIO].due_ms
