import errno
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest_asyncio
from msgspec.structs import replace

from server.domain.commands import PauseRoom
from server.domain.events import AnyEvent, MediaRecorded, RecordingBegan, RecordingGap, RoomPaused
from server.domain.ids import Alias, Digest, Millis, RoomId
from server.domain.phases import Phase
from server.domain.recordings import GapReason, MediaTrack, PieceNote, TrackKey
from server.domain.state import RoomState
from server.session.recording_notes import RecordingNotes
from server.session.recording_space import SpaceWatch
from server.session.recordings import Recordings
from server.store.embedded_valkey import EmbeddedValkey
from tests.support.desk import Desk, open_desk
from tests.support.live_server import H1, plain_settings
from tests.support.patience import until
from tests.support.recorded import piece as piece_of_sound
from tests.support.recorded import piece_files, write

E1 = Alias("E1")
SOUND, PICTURE = (E1, MediaTrack.AUDIO), (E1, MediaTrack.VIDEO)
OF_THE_RECORDING = (RecordingBegan, RecordingGap, MediaRecorded)


def piece(number: int) -> PieceNote:
    return PieceNote(
        number=number, sha256=Digest("ab" * 32), size=9, begins_at=Millis(number), ends_at=Millis(number + 1)
    )


class World:
    """A recorded room in its check-in, and what the media process would say and do."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder
        self.closes: list[tuple[TrackKey, PieceNote]] = []
        "What is still open when the room's recording is ended."
        self.recordings = Recordings(
            desk.rooms.session, piece_files(folder), self.finish, SpaceWatch(lambda: 1 << 50, lambda: 0.0)
        )

    @property
    def room_id(self) -> RoomId:
        return self.desk.room_id

    async def finish(self, room_id: RoomId) -> None:
        for track, note in self.closes:
            self.recordings.kept(room_id, track, note)
            self.recordings.stopped(room_id, track, GapReason.NOT_WANTED)

    async def room(self) -> RoomState:
        return (await self.desk.session()).room

    async def follow(self) -> None:
        self.recordings.follow(self.room_id, await self.room())

    async def noted(self) -> list[AnyEvent]:
        """What the record says of the recording, in order."""
        session = await self.desk.session()
        return [each.line.event for each in session.record.stored if isinstance(each.line.event, OF_THE_RECORDING)]

    async def until_noted(self, count: int) -> list[AnyEvent]:
        session = await self.desk.session()
        await until(
            lambda: sum(isinstance(each.line.event, OF_THE_RECORDING) for each in session.record.stored) >= count
        )
        return await self.noted()


@pytest_asyncio.fixture
async def world(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[World]:
    settings = replace(plain_settings(tmp_path / "data", valkey.url), media=True)
    async with open_desk(settings) as desk:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        world = World(desk, tmp_path / "recordings")
        async with world.recordings:
            yield world


async def test_what_is_recorded_is_noted_at_once(world: World) -> None:
    await world.follow()
    world.recordings.began(world.room_id, SOUND)
    await world.until_noted(1)
    world.recordings.stopped(world.room_id, SOUND, GapReason.SILENT)

    assert await world.until_noted(2) == [
        RecordingBegan(alias=E1, kind=MediaTrack.AUDIO),
        RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.SILENT),
    ]


async def test_pieces_are_noted_with_the_next_gap_or_change_of_phase(world: World) -> None:
    await world.follow()
    world.recordings.began(world.room_id, SOUND)
    await world.until_noted(1)
    world.recordings.kept(world.room_id, SOUND, piece(1))
    world.recordings.stopped(world.room_id, SOUND, GapReason.DISCONNECTED)
    await world.until_noted(3)
    world.recordings.kept(world.room_id, SOUND, piece(2))
    await world.desk.act(H1, PauseRoom(reason="午休"))
    await world.follow()

    await world.until_noted(4)

    assert (await world.room()).pieces == {E1: {MediaTrack.AUDIO: 2}}


async def test_media_process_that_ends_is_a_gap_and_its_last_pieces_are_taken_up(world: World) -> None:
    await world.follow()
    world.recordings.began(world.room_id, SOUND)
    world.recordings.began(world.room_id, PICTURE)
    await world.until_noted(2)
    write(world.folder, world.room_id, piece_of_sound("audio", 10))
    world.recordings.process_ended()

    noted = await world.until_noted(5)

    assert noted[2:4] == [
        RecordingGap(alias=E1, kind=kind, gap=GapReason.MEDIA_PROCESS_ENDED)
        for kind in (MediaTrack.AUDIO, MediaTrack.VIDEO)
    ]
    assert (await world.room()).pieces == {E1: {MediaTrack.AUDIO: 1}}


async def test_what_an_earlier_run_recorded_is_a_gap_now(world: World) -> None:
    notes = RecordingNotes()
    notes.turn(SOUND, None)
    await (await world.desk.session()).note(notes)
    await world.follow()

    noted = await world.until_noted(2)

    assert noted[1:] == [RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.SERVER_RESTARTED)]


async def test_last_words_are_the_last_pieces_and_no_gap(world: World) -> None:
    await world.follow()
    world.recordings.began(world.room_id, SOUND)
    await world.until_noted(1)
    world.closes = [(SOUND, piece(1))]

    notes = await world.recordings.last_words(world.room_id)

    [event] = notes.due(await world.room())
    assert isinstance(event, MediaRecorded)
    assert [(track.first, track.last) for track in event.tracks] == [(1, 1)]


async def test_room_that_is_not_closed_after_all_has_a_gap(world: World) -> None:
    await world.follow()
    world.recordings.began(world.room_id, SOUND)
    await world.until_noted(1)
    world.closes = [(SOUND, piece(1))]
    await world.recordings.last_words(world.room_id)

    world.recordings.record_on(world.room_id)
    world.recordings.began(world.room_id, SOUND)

    noted = await world.until_noted(4)
    began = RecordingBegan(alias=E1, kind=MediaTrack.AUDIO)
    gap = RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.NOT_WANTED)
    assert [event for event in noted if not isinstance(event, MediaRecorded)] == [began, gap, began]


async def test_room_that_was_never_seen_has_no_last_words(world: World) -> None:
    notes = await world.recordings.last_words(RoomId("another"))

    assert notes.due(await world.room()) == []


async def test_full_disk_pauses_the_room(world: World) -> None:
    seconds = [0.0]
    space = SpaceWatch(lambda: 10, lambda: seconds[0])
    async with Recordings(world.desk.rooms.session, piece_files(world.folder), world.finish, space) as full:
        full.follow(world.room_id, await world.room())
        full.kept(world.room_id, SOUND, piece(1))
        seconds[0] = 60.0
        full.began(world.room_id, SOUND)
        session = await world.desk.session()
        await until(lambda: session.room.paused is not None)

    assert [each.line.by for each in session.record.stored if isinstance(each.line.event, RoomPaused)] == ["system"]


async def test_disk_that_is_full_from_the_beginning_pauses_the_room(world: World) -> None:
    space = SpaceWatch(lambda: 10, lambda: 0.0)
    async with Recordings(world.desk.rooms.session, piece_files(world.folder), world.finish, space) as full:
        full.follow(world.room_id, await world.room())
        session = await world.desk.session()
        await until(lambda: session.room.paused is not None)

    assert session.room.recording_space == 0


class Disk:
    """Answers once it is mended; on it lies what nobody has told of."""

    def __init__(self) -> None:
        self.is_dead = True

    def _answer(self) -> None:
        if self.is_dead:
            raise OSError(errno.EIO, "Input/output error")

    async def kept_after(self, room: RoomId, known: Mapping[TrackKey, int]) -> dict[TrackKey, list[PieceNote]]:
        self._answer()
        return {SOUND: [piece(1)]}

    def free_bytes(self) -> int:
        self._answer()
        return 1 << 50


async def test_gaps_are_noted_though_the_disk_does_not_answer(world: World) -> None:
    disk, seconds = Disk(), [0.0]
    space = SpaceWatch(disk.free_bytes, lambda: seconds[0])
    async with Recordings(world.desk.rooms.session, disk, world.finish, space) as recordings:
        recordings.follow(world.room_id, await world.room())
        recordings.kept(world.room_id, SOUND, piece(2))
        seconds[0] = 60.0
        recordings.began(world.room_id, SOUND)
        recordings.stopped(world.room_id, SOUND, GapReason.DISK_FAILED)

        noted = await world.until_noted(2)

        assert noted == [
            RecordingBegan(alias=E1, kind=MediaTrack.AUDIO),
            RecordingGap(alias=E1, kind=MediaTrack.AUDIO, gap=GapReason.DISK_FAILED),
        ]
        disk.is_dead = False
        recordings.began(world.room_id, SOUND)
        *_, taken_up = await world.until_noted(4)

    assert isinstance(taken_up, MediaRecorded)
    assert [(track.first, track.last) for track in taken_up.tracks] == [(1, 2)]


async def test_last_words_hold_the_pieces_that_are_known_though_the_disk_does_not_answer(world: World) -> None:
    space = SpaceWatch(lambda: 1 << 50, lambda: 0.0)
    async with Recordings(world.desk.rooms.session, Disk(), world.finish, space) as recordings:
        recordings.follow(world.room_id, await world.room())
        recordings.began(world.room_id, SOUND)
        await world.until_noted(1)
        recordings.kept(world.room_id, SOUND, piece(2))

        notes = await recordings.last_words(world.room_id)

    [event] = notes.due(await world.room())
    assert isinstance(event, MediaRecorded)
