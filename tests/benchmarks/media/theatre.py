"""A server that shows a film to Chromium pages, on good lines and on bad ones."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from signaling.scripted.clip import clips, load
from tests.benchmarks.media.film_seat import FilmSeat
from tests.benchmarks.media.forwarder import Forwarder, RoomPlan
from tests.benchmarks.media.viewers import Viewer
from tests.support.bad_line import BadLine, Quality

DISTANT = Quality(delay_ms=40)
CUT_S = 5.0
CALM_S = 3.0
WATCHED_S = 12.0
"After a move; Chromium notices a dead path long before."

PLAN = RoomPlan(name="film", publishers=("P",), listeners=())


def _now_ms() -> float:
    return 1000 * time.time()


class Theatre:
    """The server and the pages that may watch; made by `theatre`."""

    def __init__(self, forwarder: Forwarder, viewers: Sequence[Viewer], host: str) -> None:
        self.forwarder = forwarder
        self._viewers = viewers
        self._host = host
        self._joined = 0

    async def _join(self, viewer: Viewer, line: BadLine | None = None) -> float:
        self._joined += 1
        return await viewer.join(self.forwarder, PLAN, f"V{self._joined}", line, self._host)

    async def first_frame(self) -> float:
        """Milliseconds from asking to the first picture, on a good line."""
        viewer = self._viewers[0]
        asked_at = await self._join(viewer)
        shown_at = await viewer.frame_after(asked_at)
        await viewer.leave()
        return shown_at - asked_at

    @asynccontextmanager
    async def _behind_lines(self) -> AsyncIterator[list[BadLine]]:
        """All pages watch, each through a line of its own; the same seeds for every server."""
        lines = [BadLine(DISTANT, seed=seed) for seed, _ in enumerate(self._viewers)]
        try:
            for viewer, line in zip(self._viewers, lines, strict=True):
                await viewer.frame_after(await self._join(viewer, line))
            await asyncio.sleep(CALM_S)
            yield lines
        finally:
            await asyncio.gather(*(viewer.leave() for viewer in self._viewers))
            for line in lines:
                line.close()

    async def pictures_back_after_cut(self) -> list[float]:
        """Milliseconds from the end of a cut to the next picture, on every page."""
        async with self._behind_lines() as lines:
            for line in lines:
                line.block()
            await asyncio.sleep(CUT_S)
            for line in lines:
                line.mend()
            mended_at = _now_ms()
            shown = await asyncio.gather(*(viewer.frame_after(mended_at) for viewer in self._viewers))
        return [at - mended_at for at in shown]

    async def stills_after_move(self) -> list[float]:
        """The longest milliseconds without a new picture after a change of port, on every page."""
        async with self._behind_lines() as lines:
            moved_at = _now_ms()
            for line in lines:
                line.readdress()
            await asyncio.sleep(WATCHED_S)
            return await asyncio.gather(*(viewer.longest_still(moved_at) for viewer in self._viewers))

    async def freezes(self, loss: float, seconds: float) -> list[float]:
        """Seconds a minute that the picture stood still on each page."""
        async with self._behind_lines() as lines:
            for line in lines:
                line.up.quality = line.down.quality = Quality(delay_ms=DISTANT.delay_ms, loss=loss)
            before = [await viewer.frozen_s() for viewer in self._viewers]
            await asyncio.sleep(seconds)
            after = [await viewer.frozen_s() for viewer in self._viewers]
        return [60 * (late - early) / seconds for early, late in zip(before, after, strict=True)]


@asynccontextmanager
async def theatre(forwarder: Forwarder, viewers: Sequence[Viewer], host: str) -> AsyncIterator[Theatre]:
    """Start a server and the film."""
    await forwarder.start()
    try:
        [path] = await forwarder.fill(PLAN)
        playing = asyncio.create_task(FilmSeat(path, load(clips()[0])).play())
        try:
            yield Theatre(forwarder, viewers, host)
        finally:
            playing.cancel()
            with suppress(asyncio.CancelledError):
                await playing
            await path.close()
    finally:
        await forwarder.close()
