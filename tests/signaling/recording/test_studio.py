"""Recording end to end in the media process: real seats, real packets, real files."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from signaling.messages import (
    KINDS,
    CloseRoom,
    FinishRecording,
    Kind,
    Leave,
    OpenRoom,
    PieceRecorded,
    RecordingFinished,
    RecordingStarted,
    RecordingStopped,
)
from signaling.recording.join import join
from signaling.recording.piece_places import pieces_in
from signaling.recording.webm import file_head, read_facts
from signaling.scripted.clip import load
from tests.support.bad_line import BadLine, Quality
from tests.support.clapper import make_clapper
from tests.support.claps import claps, late_ms
from tests.support.lossy_link import LossyLink, every_tenth_video_packet
from tests.support.media_world import ROOM, MediaWorld
from tests.support.patience import until
from tests.support.recorded import joined, played, read


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[MediaWorld]:
    world = MediaWorld(tmp_path)
    yield world
    await world.close()


def pieces(world: MediaWorld, alias: str) -> list[PieceRecorded]:
    return [piece for piece in world.server.every(PieceRecorded) if piece.alias == alias]


def file(world: MediaWorld, piece: PieceRecorded) -> bytes:
    assert world.recordings is not None
    return read(world.recordings / ROOM / f"{piece.alias}-{piece.track}" / f"{piece.number}.webm.sealed")


def joined_file(world: MediaWorld, alias: str) -> bytes:
    assert world.recordings is not None
    of_kind: dict[Kind, list[Path]] = {"video": [], "audio": []}
    for kind, paths in of_kind.items():
        paths += pieces_in(world.recordings / ROOM / f"{alias}-{kind}").values()
    return joined(join(of_kind, alias, read))


def on_disk(folder: Path) -> bytes:
    """All that lies there."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*.*")))


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))


async def recorded(world: MediaWorld, *aliases: str) -> None:
    """Have all of these recorded, and wait until they are."""
    await world.server.set_policy([], [(alias, kind) for alias in aliases for kind in KINDS])
    await until(lambda: len(world.server.every(RecordingStarted)) == 2 * len(aliases))


async def test_seats_are_recorded_in_sealed_pieces_that_play(world: MediaWorld, tmp_path: Path) -> None:
    world.links["E2"] = LossyLink(every_tenth_video_packet("up"))
    await world.seat("E1", "E2")
    await recorded(world, "E1", "E2")

    await until(lambda: len(pieces(world, "E1")) >= 4 and len(pieces(world, "E2")) >= 4)
    world.server.say(FinishRecording(room=ROOM))
    await until(lambda: len(world.server.every(RecordingFinished)) == 1)

    assert world.links["E2"].lost > 5
    assert not any(known in on_disk(tmp_path) for known in (file_head([]), b"OpusHead", b"LIANPING_PIECE"))
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


async def test_room_that_was_opened_without_a_key_is_not_recorded(world: MediaWorld, tmp_path: Path) -> None:
    world.server.say(CloseRoom(room=ROOM))
    world.server.say(OpenRoom(room=ROOM))
    await world.seat("E1")
    await world.server.set_policy([], [("E1", kind) for kind in KINDS])
    await until(lambda: any(track.packets > 50 for track in world.stats().tracks))

    world.server.say(FinishRecording(room=ROOM))
    await until(lambda: len(world.server.every(RecordingFinished)) == 1)

    assert world.server.every(RecordingStarted) == []
    assert files_in(tmp_path) == []


async def test_closing_the_process_keeps_the_open_pieces(tmp_path: Path) -> None:
    world = MediaWorld(tmp_path)
    await world.seat("E1")
    await recorded(world, "E1")
    await world.close()

    assert files_in(tmp_path) == [f"{ROOM}/E1-audio/1.webm.sealed", f"{ROOM}/E1-video/1.webm.sealed"]


async def test_clap_lies_at_its_moment_in_every_seats_joined_file(world: MediaWorld, tmp_path: Path) -> None:
    """Picture and sound within 60 ms, seats within 100 ms, though one of them is held back by 40 to 70 ms."""
    world.lines["E2"] = BadLine(Quality(delay_ms=40, jitter_ms=30), seed=1)
    await world.seat("E1", "E2", film=load(make_clapper(tmp_path)))
    await recorded(world, "E1", "E2")
    await until(lambda: len(pieces(world, "E1")) >= 4 and len(pieces(world, "E2")) >= 4)
    world.server.say(FinishRecording(room=ROOM))
    await until(lambda: len(world.server.every(RecordingFinished)) == 1)

    loop = asyncio.get_running_loop()
    late: dict[int, list[float]] = {}
    for alias in ("E1", "E2"):
        began = time.time() - loop.time() + world.seats[alias].players["video"].started_at
        found = {kind: late_ms(each, began) for kind, each in claps(joined_file(world, alias)).items()}
        both = found["video"].keys() & found["audio"].keys()
        assert len(both) >= 3
        assert max(abs(found["video"][clap] - found["audio"][clap]) for clap in both) < 60
        for clap in both:
            late.setdefault(clap, []).extend((found["video"][clap], found["audio"][clap]))
    assert max(max(moments) - min(moments) for moments in late.values()) < 100
