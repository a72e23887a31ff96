"""The demo's lobby in a real browser: what it is, take a seat in a new tab, 快进."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.live_demo import Demo, run_demo
from tests.support.page_moves import press
from tests.support.patience import PATIENCE_S

CONFIRMED = re.compile("席位已确认|回避声明|承诺书|您已完成签到")
"What a member reads whose key the venue's operator has confirmed, before the election."

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def demo(tmp_path_factory: pytest.TempPathFactory, client: Path) -> AsyncIterator[Demo]:
    async with run_demo(tmp_path_factory.mktemp("demo"), page=client, media=False) as demo:
        yield demo


@pytest_asyncio.fixture(loop_scope="package")
async def lobby(demo: Demo, browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="zh-CN", permissions=["camera", "microphone"])
    context.set_default_timeout(PATIENCE_S * 1000)
    page = await context.new_page()
    await page.goto(f"{demo.url}/demo")
    yield page
    await context.close()


async def test_visitor_takes_a_seat_that_enters_by_itself(demo: Demo, lobby: Page, gallery: Gallery) -> None:
    await expect(lobby.get_by_text("建议先接任席位 E1")).to_be_visible()
    await expect(lobby.get_by_role("button", name="快进")).to_be_disabled()
    await gallery.take(lobby, "demo", "lobby")

    async with lobby.context.expect_page() as opened:
        await press(lobby, "接任 E1")
    seat = await opened.value

    await expect(seat).to_have_url(f"{demo.url}/room/{demo.room}")
    await expect(lobby.locator('li[data-seat="E1"]')).to_contain_text("由您接任")
    await expect(lobby.get_by_role("heading", name="E1 的例题分值")).to_be_visible()
    await expect(lobby.get_by_text("演示进行中")).to_be_visible()
    await gallery.take(lobby, "demo", "taken")

    # in the room: the same, at hand
    await press(seat, "例题分值")
    await expect(seat.get_by_role("heading", name="E1 的例题分值")).to_be_visible()
    await expect(seat.locator("[data-situation]")).to_have_text("席位已确认")
    await gallery.take(seat, "demo", "bar")
    recusal = seat.locator("[data-situation]", has_text="回避声明")
    async with asyncio.timeout(PATIENCE_S):
        while not await recusal.count():
            await press(seat, "快进")
    await expect(recusal).to_be_visible()


async def test_seat_is_taken_back_after_its_tab_was_closed(demo: Demo, lobby: Page, gallery: Gallery) -> None:
    async with lobby.context.expect_page() as opened:
        await press(lobby, "接任 E2")
    seat = await opened.value
    await expect(seat.locator("[data-situation]")).to_have_text(CONFIRMED)
    await seat.close()

    async with lobby.context.expect_page() as opened:
        await press(lobby, "重新进入 E2")
    again = await opened.value

    await expect(again.locator("[data-situation]")).to_have_text(CONFIRMED)


async def test_a_server_without_a_demo_has_an_empty_lobby(lobby: Page, gallery: Gallery) -> None:
    await lobby.route("**/api/demo", lambda route: route.fulfill(status=404, body="404: Not Found"))

    await expect(lobby.get_by_text("本服务器没有运行演示。")).to_be_visible()
    await gallery.take(lobby, "demo", "none")


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("demo")
