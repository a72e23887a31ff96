"""A person who comes to a browser to read and sign a document."""

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


async def drawn(page: Page) -> None:
    """Wait until the first page of a document is there."""
    await expect(page.locator(".page__text").first).to_contain_text("评标报告")
