"""Connections of seats to a live room, and what has come for them."""

import asyncio
from collections.abc import Iterable

from server.domain.ids import Alias
from server.session.feed import Feed
from server.session.frames import AnyToSeat, CheckpointSigned, Lines
from tests.support.desk import Desk
from tests.support.patience import PATIENCE_S


async def attached(desk: Desk, alias: Alias, have: int = 0) -> Feed:
    """A connection of a seat."""
    session = await desk.session()
    feed = session.attach(alias, have)
    session.begin(feed)
    return feed


async def next_checkpoint(feed: Feed) -> CheckpointSigned:
    """The next checkpoint, once it comes."""
    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(frame := await feed.frames.get(), CheckpointSigned):
            pass
        return frame


def waiting(feed: Feed) -> list[AnyToSeat | None]:
    """What has come, taken off."""
    return [feed.frames.get_nowait() for _ in range(feed.frames.qsize())]


def seqs(frames: Iterable[AnyToSeat | None]) -> list[int]:
    """The lines in these frames."""
    return [line.seq for frame in frames if isinstance(frame, Lines) for line in frame.lines]
