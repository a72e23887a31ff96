"""Recording end to end in the media process: real seats, real packets, real files."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from signaling.messages import (
    KINDS,
    FinishRecording,
    Leave,
    PieceRecorded,
    RecordingFinished,
    RecordingStarted,
    RecordingStopped,
)
from signaling.recording.sender_clock import SenderClock, made_at
from signaling.recording.webm import read_facts
from tests.support.lossy_link import LossyLink, every_tenth_video_packet
from tests.support.media_world import ROOM, MediaWorld
from tests.support.patience import until
from tests.support.recorded import played


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[MediaWorld]:
    world = MediaWorld(tmp_path)
    yield world
    await world.close()


def pieces(world: MediaWorld, alias: str) -> list[PieceRecorded]:
    return [piece for piece in world.server.every(PieceRecorded) if piece.alias == alias]


def file(world: MediaWorld, piece: PieceRecorded) -> bytes:
    assert world.recordings is not None
    return (world.recordings / ROOM / f"{piece.alias}-{piece.track}" / f"{piece.number}.webm").read_bytes()


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))


async def recorded(world: MediaWorld, *aliases: str) -> None:
    """Have all of these recorded, and wait until they are."""
    await world.server.set_policy([], [(alias, kind) for alias in aliases for kind in KINDS])
    await until(lambda: len(world.server.every(RecordingStarted)) == 2 * len(aliases))


async def test_seats_are_recorded_in_pieces_that_play(world: MediaWorld) -> None:
    world.links["E2"] = LossyLink(every_tenth_video_packet("up"))
    await world.seat("E1", "E2")
    await recorded(world, "E1", "E2")

    await until(lambda: len(pieces(world, "E1")) >= 4 and len(pieces(world, "E2")) >= 4)
    world.server.say(FinishRecording(room=ROOM))
    await until(lambda: len(world.server.every(RecordingFinished)) == 1)

    assert world.links["E2"].lost > 5
    for piece in world.server.every(PieceRecorded):
        data = file(world, piece)
        facts = read_facts(data)
        assert (facts.alias, facts.track, facts.number, facts.room) == (piece.alias, piece.track, piece.number, ROOM)
        assert (facts.missing, facts.broken) == (0, 0)
        assert len(played(data)[piece.track]) == len(facts.arrivals)
        assert 0 < piece.ends_at - piece.begins_at <= 4100
        assert facts.reports or piece.number == 1


async def test_seat_that_leaves_is_told_with_its_last_piece(world: MediaWorld) -> None:
    await world.seat("E1")
    await recorded(world, "E1")

    world.server.say(Leave(room=ROOM, alias="E1"))
    await until(lambda: len(pieces(world, "E1")) == 2)

    assert {(each.track, each.reason) for each in world.server.every(RecordingStopped)} == {
        ("audio", "disconnected"),
        ("video", "disconnected"),
    }


async def test_closing_the_process_keeps_the_open_pieces(tmp_path: Path) -> None:
    world = MediaWorld(tmp_path)
    await world.seat("E1")
    await recorded(world, "E1")
    await world.close()

    assert files_in(tmp_path) == [f"{ROOM}/E1-audio/1.webm", f"{ROOM}/E1-video/1.webm"]


async def test_sound_and_pictures_of_all_seats_lie_where_they_were_made(world: MediaWorld) -> None:
    """By the sender reports: within 60 ms of the moment at which the seat played them, though they came later."""
    await world.seat("E1", "E2")
    await recorded(world, "E1", "E2")
    await until(lambda: len(pieces(world, "E1")) >= 6 and len(pieces(world, "E2")) >= 6)

    loop = asyncio.get_running_loop()
    for alias in ("E1", "E2"):
        facts = [read_facts(file(world, piece)) for piece in pieces(world, alias)]
        clock = SenderClock(report for about in facts for report in about.reports)
        for about in facts:
            started = time.time() - loop.time() + world.seats[alias].players[about.track].started_at
            played_at = 1000 * (started + about.first_timestamp / about.clock_rate)
            assert abs(made_at(about, clock) - played_at) < 60
