"""A sitting with people at browsers among scripted seats, who act only when the test lets them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from server.app import Server, run_server, watch_space
from server.demo.play import act
from server.demo.seat_client import SeatClient
from server.domain import commands as c
from server.domain.ids import Alias
from server.session.recording_space import SpaceWatch
from server.tender.bid_files import WholeTender
from server.tender.tender_file import Acts
from tests.support.client_pages import build_client
from tests.support.live_server import ACTS, H1, TEXTBOOK, Sitting, media_settings, open_sitting
from tests.support.patience import PATIENCE_S


class Conductor:
    """Scripted seats that give a kind of command only once it is allowed."""

    def __init__(self) -> None:
        self._allowed: dict[type[c.AnyCommand], asyncio.Event] = {}
        self._held: dict[tuple[Alias, type[c.AnyCommand]], asyncio.Event] = {}

    async def pause(self, alias: Alias, command: c.AnyCommand) -> None:
        await self._event(type(command)).wait()
        if held := self._held.get((alias, type(command))):
            await held.wait()

    def hold(self, alias: Alias, command: type[c.AnyCommand]) -> None:
        """This seat gives the command only once it is released, though the others may."""
        self._held[alias, command] = asyncio.Event()

    def release(self, alias: Alias, command: type[c.AnyCommand]) -> None:
        self._held[alias, command].set()

    def allow(self, *commands: type[c.AnyCommand]) -> None:
        for command in commands:
            self._event(command).set()

    def _event(self, command: type[c.AnyCommand]) -> asyncio.Event:
        return self._allowed.setdefault(command, asyncio.Event())


async def _as_it_is(_: Page) -> None:
    """Prepare nothing."""


class Hall:
    """One room, scripted seats under a conductor, and pages for the others."""

    def __init__(self, sitting: Sitting, browser: Browser, acts: Acts) -> None:
        self.sitting = sitting
        self.conductor = Conductor()
        self.browser = browser
        self._acts = acts
        self.errors: list[str] = []
        "What pages threw, or tried against their policy."
        self._players: list[asyncio.Task[None]] = []
        self._profiles: list[BrowserContext] = []

    async def seat(self, *aliases: Alias) -> None:
        """Scripted seats, operators first."""
        for alias in aliases:
            await (await self.sitting.enter(alias)).enrol()
        self.direct(*aliases)

    def direct(self, *aliases: Alias) -> None:
        """Seats that have enrolled act under the conductor from now on."""
        for alias in aliases:
            self._players.append(asyncio.create_task(act(self.sitting.seats[alias], self._acts, self.conductor.pause)))

    async def page(
        self,
        browser: Browser | None = None,
        url: str | None = None,
        prepare: Callable[[Page], Awaitable[None]] = _as_it_is,
    ) -> Page:
        """A profile of its own at the door.

        Args:
            browser: another than the hall's.
            url: another address of the server.
            prepare: what is done to the page before it loads anything.
        """
        context = await (browser or self.browser).new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        self._profiles.append(context)
        context.set_default_timeout(PATIENCE_S * 1000)
        page = await context.new_page()
        page.on("pageerror", self._note)
        page.on("console", self._hear)
        await prepare(page)
        await page.goto(url or self.sitting.url)
        return page

    async def enter(self, page: Page, alias: Alias) -> None:
        """Enter with a new code."""
        await page.get_by_label("席位码（8 位数字）").fill(await self.sitting.code(alias))
        await page.get_by_role("button", name="进入席位").click()

    def _note(self, error: Error) -> None:
        self.errors.append(str(error))

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)

    async def leave(self) -> None:
        """Nobody acts any more, and no page goes on beside the next test."""
        for player in self._players:
            player.cancel()
            with suppress(asyncio.CancelledError):
                await player
        for profile in self._profiles:
            await profile.close()

    @property
    def host(self) -> SeatClient:
        return self.sitting.seats[H1]


@asynccontextmanager
async def open_hall(
    server: Server, browser: Browser, whole: WholeTender = TEXTBOOK, acts: Acts = ACTS
) -> AsyncIterator[Hall]:
    """A new room on this server; no page may have thrown at its end."""
    async with open_sitting(server, whole) as sitting:
        hall = Hall(sitting, browser, acts)
        yield hall
        await hall.leave()
        assert hall.errors == []


@asynccontextmanager
async def hall_on_air(
    folders: pytest.TempPathFactory,
    browser: Browser,
    whole: WholeTender = TEXTBOOK,
    space: Callable[[Path], SpaceWatch] = watch_space,
) -> AsyncIterator[Hall]:
    """A hall whose server forwards and records sound and pictures; no page may have thrown at its end."""
    page, data = folders.mktemp("client"), folders.mktemp("data")
    await build_client(page)
    settings = replace(media_settings(data), page=page)
    async with run_server(settings, watch_space=space) as server, open_hall(server, browser, whole) as hall:
        yield hall
