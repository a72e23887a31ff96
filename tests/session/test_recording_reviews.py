from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from msgspec.structs import replace

from server.backend import now
from server.domain.events import RecordingsChecked
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.session.recording_reviews import RecordingReviews, ReviewProgress
from server.store.embedded_valkey import EmbeddedValkey
from server.store.piece_examiner import PieceExaminer
from tests.support.desk import Desk, open_desk
from tests.support.live_server import plain_settings
from tests.support.patience import until
from tests.support.recorded import piece, piece_files, write

CAMERA = (Alias("E1"), MediaTrack.VIDEO)


class World:
    """A recorded room in its check-in, with pieces of one seat on the disk."""

    def __init__(self, desk: Desk, folder: Path, reviews: RecordingReviews) -> None:
        self.desk = desk
        self.folder = folder
        self.reviews = reviews

    def write(self, count: int) -> None:
        write(self.folder, self.desk.room_id, *[piece("video", 15)] * count)

    async def follow(self) -> None:
        self.reviews.follow(self.desk.room_id, (await self.desk.session()).room)

    def asked(self) -> ReviewProgress:
        return self.reviews.ask(self.desk.room_id)

    async def results(self) -> list[RecordingsChecked]:
        stored = (await self.desk.session()).record.stored
        return [each.line.event for each in stored if isinstance(each.line.event, RecordingsChecked)]


@pytest_asyncio.fixture
async def world(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[World]:
    settings = replace(plain_settings(tmp_path / "data", valkey.url), media=True)
    pieces = piece_files(tmp_path / "recordings")
    async with open_desk(settings) as desk, PieceExaminer(pieces.key_of) as examiner:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        async with RecordingReviews(desk.rooms.session, pieces, examiner.look, now) as reviews:
            world = World(desk, pieces.folder, reviews)
            world.write(2)
            await world.follow()
            yield world


async def test_result_of_what_was_asked_for_stands_in_the_record(world: World) -> None:
    assert not world.asked().done
    await until(lambda: world.asked().done)

    [result] = await world.results()
    assert (result.pieces, result.examined) == (2, 2)
    assert {(check.alias, check.kind): check.recorded_ms for check in result.tracks}[CAMERA] > 0
    assert (await world.desk.session()).room.recordings_checked is not None


async def test_what_is_asked_after_the_end_begins_anew(world: World) -> None:
    await until(lambda: world.asked().done)
    world.write(1)
    assert not world.asked().done
    await until(lambda: world.asked().done)

    assert [result.pieces for result in await world.results()] == [2, 3]


async def test_last_words_are_the_result_once(world: World) -> None:
    session = await world.desk.session()
    notes = await world.reviews.last_words(world.desk.room_id)
    [event] = notes.due(session.room)
    assert isinstance(event, RecordingsChecked)
    assert (event.pieces, event.examined) == (2, 2)
    again = await world.reviews.last_words(world.desk.room_id)
    assert again.due(session.room) != []  # as long as it does not stand
    await session.note(notes)

    assert (await world.reviews.last_words(world.desk.room_id)).due(session.room) == []


async def test_room_that_was_never_seen_has_nothing_to_examine(world: World) -> None:
    other = RoomId("another")

    assert world.reviews.ask(other) == ReviewProgress(pieces=0, examined=0, done=True)
    assert (await world.reviews.last_words(other)).due((await world.desk.session()).room) == []
