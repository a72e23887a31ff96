"""Recording through the whole server: real seats, real packets, real files, and the lines that vouch for them."""

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from server.app import run_server
from server.backend import Backend, now
from server.demo.play import Troupe, bring_media
from server.demo.seat_client import SeatClient, SeatRefused
from server.demo.seat_media import SeatMedia
from server.domain.commands import CastBallot, CloseRoom, OpenCheckIn, PauseRoom, ResumeRoom, WaiveRecording
from server.domain.events import MediaRecorded, RecordingGap, RecordingsChecked, RoomClosed
from server.domain.gates import RECORDING_GRACE_MS
from server.domain.ids import Alias, RoomId
from server.domain.lines import Line, parse_line
from server.domain.recordings import CAMERA_AND_MICROPHONE, GapReason, TrackKey
from server.domain.state import RoomState, RoomView
from server.recording_desk import copy_in_the_clear
from server.room_desk import export_room, read_room
from server.store.piece_files import room_pieces, track_folders
from server.verify_desk import verify_package
from signaling.recording.piece_places import is_sealed, pieces_in
from signaling.recording.webm import file_head, read_blocks, read_facts
from signaling.scripted.clip import clips, load
from tests.support.live_server import E1, E3, H1, V1, W1, Sitting, media_settings, open_sitting, protected
from tests.support.patience import PATIENCE_S, until
from tests.support.played_media import played_media
from tests.support.recorded import played

CAST = (H1, V1, E1, Alias("E2"), E3, W1)
TRACKS = [(alias, kind) for alias in CAST for kind in CAMERA_AND_MICROPHONE]


@asynccontextmanager
async def on_air(data: Path) -> AsyncIterator[Sitting]:
    """A room in its check-in, in which six confirmed seats of two venues are recorded; faces and voices are covered."""
    async with (
        run_server(media_settings(data)) as server,
        open_sitting(server, protected()) as sitting,
        AsyncExitStack() as stack,
    ):
        media = await go_on_air(sitting, stack)
        masked = {(E3, "masked_audio"), (E3, "masked_video")}
        await until(lambda: masked <= media[E1].peer.received.keys())  # what members get passes as well
        yield sitting


async def go_on_air(sitting: Sitting, stack: AsyncExitStack) -> dict[Alias, SeatMedia]:
    """Have six seats sent from until the stack ends, and recorded."""
    await sitting.enrol(*CAST)
    seats = await bring_media(Troupe(sitting.seats), stack)
    for media in seats.values():
        await until(media.connected.is_set)
    await sitting.seats[H1].submit(OpenCheckIn())
    await sitting.seats[H1].until(all_recorded, PATIENCE_S)
    return seats


async def until_examined(sitting: Sitting) -> None:
    """Ask as the page does before a room is closed, until the result stands."""
    reviews = sitting.server.services.reviews
    assert reviews is not None
    await until(lambda: reviews.ask(sitting.room).done)


def is_recorded(view: RoomView, track: TrackKey) -> bool:
    alias, kind = track
    found = view.recordings.get(alias, {}).get(kind)
    return found is not None and found.gap is None


def all_recorded(view: RoomView) -> bool:
    return all(is_recorded(view, track) for track in TRACKS)


async def lines_of(sitting: Sitting) -> list[Line]:
    return [parse_line(raw) for raw in await sitting.lines()]


def digests(lines: list[Line]) -> dict[tuple[TrackKey, int], str]:
    """Every piece that the record vouches for."""
    return {
        ((pieces.alias, pieces.kind), number): pieces.digest_of(number)
        for line in lines
        if isinstance(line.event, MediaRecorded)
        for pieces in line.event.tracks
        for number in range(pieces.first, pieces.last + 1)
    }


async def files(backend: Backend, room: RoomId) -> dict[tuple[TrackKey, int], bytes]:
    """The clear file of every piece on the disk, where none lies in the clear."""
    read = await backend.recordings.reader(room)
    found = list(room_pieces(backend.recordings.folder / room))
    assert all(is_sealed(path) for _, _, path in found)
    assert not any(file_head([]) in path.read_bytes() for _, _, path in found)
    return {(track, number): read(path) for track, number, path in found}


def hashed(kept: dict[tuple[TrackKey, int], bytes]) -> dict[tuple[TrackKey, int], str]:
    return {piece: hashlib.sha256(data).hexdigest() for piece, data in kept.items()}


def gaps(lines: list[Line], reason: GapReason) -> set[TrackKey]:
    return {
        (line.event.alias, line.event.kind)
        for line in lines
        if isinstance(line.event, RecordingGap) and line.event.gap is reason
    }


def at_least(count: int, view: RoomView) -> bool:
    return all(view.pieces.get(alias, {}).get(kind, 0) >= count for alias, kind in TRACKS)


def pieces_on_disk(data: Path, room: RoomId) -> int:
    """Of the track that has the fewest."""
    folders = track_folders(data / "recordings" / room)
    return min(len(pieces_in(folders[track])) if track in folders else 0 for track in TRACKS)


async def pause_and_go_on(host: SeatClient) -> None:
    """A change of phase: what has been recorded so far is written at once."""
    await host.submit(PauseRoom(reason="午休"))
    await host.submit(ResumeRoom())


async def test_every_piece_stands_in_the_record_before_its_last_line(tmp_path: Path) -> None:
    async with on_air(tmp_path) as sitting:
        host = sitting.seats[H1]
        await until(lambda: pieces_on_disk(tmp_path, sitting.room) >= 1)
        await pause_and_go_on(host)
        await host.until(partial(at_least, 1), PATIENCE_S)
        await until_examined(sitting)
        await host.submit(CloseRoom(reason="改期"))
        lines = await lines_of(sitting)
        await host.until(lambda _: host.record.signed_size == len(lines), PATIENCE_S)
        package = await export_room(sitting.server.backend, sitting.room)
        kept = await files(sitting.server.backend, sitting.room)
        read = await sitting.server.backend.recordings.reader(sitting.room)

    sealed, copies = tmp_path / "recordings" / sitting.room, tmp_path / "copies"
    assert copy_in_the_clear(sealed, copies, read).pieces == len(kept)
    assert verify_package(package, recordings=sealed, read=read) == verify_package(package, recordings=copies)
    verdict = verify_package(package, recordings=copies)
    assert [check.code for check in verdict.checks if not check.ok] == []
    assert verdict.recordings == [line.event for line in lines if isinstance(line.event, RecordingsChecked)][-1]
    assert isinstance(lines[-1].event, RoomClosed)
    asked, last = [line.event for line in lines if isinstance(line.event, RecordingsChecked)]
    assert isinstance(lines[-2].event, RecordingsChecked)
    assert asked.pieces < last.pieces == last.examined == len(kept)
    assert {(check.alias, check.kind) for check in last.tracks} == set(TRACKS)
    for check in last.tracks:
        assert check.recorded_ms > 0.5 * check.due_ms
        assert (check.still.total_ms, check.dark.total_ms, check.silent.total_ms, check.unreadable) == (0, 0, 0, 0)
    assert digests(lines) == hashed(kept)
    assert {track for track, _ in kept} == set(TRACKS)
    assert {len(played(data)) for data in kept.values()} == {1}
    bare = {data for film in map(load, clips()) for data in (*film.frames, *film.sounds)}
    assert {block.data for data in kept.values() for block in read_blocks(data)} <= bare  # none of what members get
    assert [line for line in lines if isinstance(line.event, RecordingGap)] == []


async def test_killed_media_process_costs_the_open_pieces_alone(tmp_path: Path) -> None:
    async with on_air(tmp_path) as sitting:
        host, bridge = sitting.seats[H1], sitting.server.services.media
        assert bridge is not None
        await until(lambda: pieces_on_disk(tmp_path, sitting.room) >= 1)
        killed = bridge.pid
        assert killed is not None
        before = await files(sitting.server.backend, sitting.room)
        os.kill(killed, signal.SIGKILL)

        await host.until(lambda view: not all_recorded(view), PATIENCE_S)
        await host.until(all_recorded, PATIENCE_S)
        await until(lambda: pieces_on_disk(tmp_path, sitting.room) >= 3)
        await host.submit(CloseRoom(reason="改期"))
        lines, kept = await lines_of(sitting), await files(sitting.server.backend, sitting.room)

    assert gaps(lines, GapReason.MEDIA_PROCESS_ENDED) == set(TRACKS)
    assert {piece: kept[piece] for piece in before} == before
    assert digests(lines) == hashed(kept)
    for track in TRACKS:
        numbers = sorted(number for of_track, number in kept if of_track == track)
        assert numbers == list(range(1, len(numbers) + 1))


async def test_server_that_is_told_to_end_brings_open_pieces_to_the_disk_and_the_next_one_takes_them_up(
    tmp_path: Path,
) -> None:
    """The seats go on sending: it is the server that stops."""
    async with AsyncExitStack() as seats, AsyncExitStack() as running:
        server = await running.enter_async_context(run_server(media_settings(tmp_path)))
        sitting = await seats.enter_async_context(open_sitting(server))
        await go_on_air(sitting, seats)
        room = sitting.room
        await until(lambda: pieces_on_disk(tmp_path, room) >= 1)
        noted = digests(await lines_of(sitting))
        await running.aclose()

    async with run_server(media_settings(tmp_path)) as server:
        files_kept = await files(server.backend, room)
        kept = hashed(files_kept)
        session = await server.services.rooms.session(room)
        await until(lambda: digests([each.line for each in session.record.stored]) == kept)

    assert noted.keys() < kept.keys()
    last = {track: read_facts(data) for (track, _), data in sorted(files_kept.items())}
    assert {track: facts.ended for track, facts in last.items()} == dict.fromkeys(TRACKS, "stopped")
    assert gaps([each.line for each in session.record.stored], GapReason.SERVER_RESTARTED) == set(TRACKS)
    assert not any(is_recorded(session.room, track) for track in TRACKS)


async def test_member_who_is_not_recorded_cannot_hand_in_once_the_grace_is_over_or_before_it_is_waived(
    tmp_path: Path,
) -> None:
    """The whole committee checks in; one of them brings no camera, two are cut off from one moment on."""
    async with (
        run_server(media_settings(tmp_path)) as server,
        open_sitting(server) as sitting,
        AsyncExitStack() as stack,
    ):
        await sitting.play(lambda view: view.election.stage.rounds, stop_at_the_ballot)
        state: RoomState = await read_room(server.backend, sitting.room)
        blind, host = E3, sitting.seats[H1]
        voters = [alias for alias in state.election.stage.pending if alias != blind]
        quick, slow = voters[1:3]
        lost = await stack.enter_async_context(AsyncExitStack())
        await played_media(sitting, lost, quick, slow)
        seats = {alias: seat for alias, seat in sitting.seats.items() if alias not in (blind, quick, slow)}
        await bring_media(Troupe(seats), stack)
        await host.until(partial(all_on_record, voters), PATIENCE_S)

        await lost.aclose()
        await host.until(lambda view: not any(partly_on_record(alias, view) for alias in (quick, slow)), PATIENCE_S)
        await sitting.seats[quick].submit(CastBallot(round=1, candidate=E1))
        await sitting.seats[voters[0]].submit(CastBallot(round=1, candidate=E1))
        assert await refusal(sitting.seats[blind]) == "not_recorded"
        for kind in CAMERA_AND_MICROPHONE:
            await host.submit(WaiveRecording(alias=blind, kind=kind, reason="摄像头与麦克风损坏"))
        await sitting.seats[blind].submit(CastBallot(round=1, candidate=E1))

        gone = max(track.since for track in host.view.recordings[slow].values())
        await asyncio.sleep((gone + RECORDING_GRACE_MS - now()) / 1000 + 0.1)
        assert await refusal(sitting.seats[slow]) == "not_recorded"
        await played_media(sitting, stack, slow)
        await host.until(partial(all_on_record, [slow]), PATIENCE_S)
        await sitting.seats[slow].submit(CastBallot(round=1, candidate=E1))


def all_on_record(aliases: Iterable[Alias], view: RoomView) -> bool:
    return all(is_recorded(view, (alias, kind)) for alias in aliases for kind in CAMERA_AND_MICROPHONE)


def partly_on_record(alias: Alias, view: RoomView) -> bool:
    return any(is_recorded(view, (alias, kind)) for kind in CAMERA_AND_MICROPHONE)


async def refusal(member: SeatClient) -> str:
    """Why this member cannot hand in the ballot."""
    with pytest.raises(SeatRefused) as refused:
        await member.submit(CastBallot(round=1, candidate=E1))
    return refused.value.code


async def stop_at_the_ballot(alias: Alias, command: object) -> None:
    if isinstance(command, CastBallot):
        await asyncio.get_running_loop().create_future()
