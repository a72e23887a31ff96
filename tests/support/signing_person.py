"""What a person at a browser does to read and sign a document."""

import re
from random import Random

from playwright.async_api import Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from tests.support.hall import Hall


async def take_seat(hall: Hall, alias: Alias) -> Page:
    """A browser in the place of a scripted seat."""
    await hall.host.submit(c.ReleaseSeat(seat=alias, reason="改用签名电脑。"))
    page = await hall.page()
    await hall.enter(page, alias)
    return page


async def heading(page: Page, title: str) -> None:
    await expect(page.locator("[data-situation]")).to_have_text(title)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def confirm(page: Page, name: str) -> None:
    await page.locator("dialog[open]").get_by_role("button", name=name, exact=True).click()


async def read_to_the_end(page: Page) -> None:
    """Read the report: the last page has been looked at, so that the next step opens by itself."""
    await heading(page, "请阅读评标报告")
    await expect(page.get_by_text(re.compile(r"^第 1 页，共 \d+ 页$"))).to_be_visible()
    await expect(page.get_by_role("button", name="下一步：选择签署方式")).to_be_disabled()
    await page.locator(".viewer__frame").press("End")
    await expect(page.get_by_label("我已阅读全文")).to_be_checked()


async def drawn(page: Page) -> None:
    """Wait until the first page of a document is there."""
    await expect(page.locator(".page__text").first).to_contain_text("评标报告")


async def choose(page: Page, end: str) -> None:
    await press(page, "下一步：选择签署方式")
    await heading(page, "请选择签署方式")
    await page.get_by_role("radio", name=end).check()


async def write_name(page: Page, seed: str) -> None:
    """A few strokes with the mouse, all over the pad."""
    box = await page.locator("canvas.pad").bounding_box()
    assert box is not None
    chance = Random(seed)

    def place(x: float, y: float) -> tuple[float, float]:
        return box["x"] + box["width"] * x, box["y"] + box["height"] * y

    for stroke in range(5):
        x = 0.1 + 0.16 * stroke
        await page.mouse.move(*place(x, chance.uniform(0.2, 0.4)))
        await page.mouse.down()
        for _ in range(6):
            await page.mouse.move(*place(x + chance.uniform(0, 0.14), chance.uniform(0.2, 0.8)), steps=3)
        await page.mouse.up()
