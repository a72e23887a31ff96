"""Chromium pages that watch a film through a server, some of them behind a bad line."""

import asyncio
import time
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.benchmarks.media.forwarder import Forwarder, RoomPlan
from tests.support.bad_line import BadLine
from tests.support.patience import PATIENCE_S

PAGE = Path(__file__).with_name("viewer.html")


class Viewer:
    """One page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def join(self, forwarder: Forwarder, plan: RoomPlan, alias: str, line: BadLine | None, host: str) -> float:
        """Watch a room; gives when that was asked for, in milliseconds since 1970."""

        async def answer(offer: str) -> str:
            sdp: str = await self._page.evaluate("view", line.through(offer, host=host) if line is not None else offer)
            return sdp

        asked_at_ms = 1000 * time.time()
        await forwarder.view(plan, alias, answer)
        return asked_at_ms

    async def frame_after(self, moment_ms: float) -> float:
        """When the first picture after a moment was shown, in milliseconds since 1970."""
        async with asyncio.timeout(PATIENCE_S):
            return float(await self._page.evaluate("frameAfter", moment_ms))

    async def longest_still(self, moment_ms: float) -> float:
        """The longest milliseconds since a moment in which no new picture was shown."""
        return float(await self._page.evaluate("longestStill", moment_ms))

    async def frozen_s(self) -> float:
        """Seconds that the picture has stood still so far, as Chromium counts them."""
        return float(await self._page.evaluate("frozen()"))

    async def leave(self) -> None:
        """Close the connection."""
        await self._page.evaluate("leave()")


async def open_viewer(launched: Browser, address: str) -> Viewer:
    """A page in a context of its own."""
    page = await (await launched.new_context()).new_page()
    await page.goto(address)
    return Viewer(page)
