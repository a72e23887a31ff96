"""What people do at the pages of a room, by the words that stand there."""

import re
from random import Random

from playwright.async_api import Locator, Page, expect


def row(page: Page, alias: str) -> Locator:
    """A seat in the table of an operator's page."""
    return page.locator(f'tr[data-seat="{alias}"]')


def dialog(page: Page) -> Locator:
    """The one that is open."""
    return page.locator("dialog[open]")


async def heading(page: Page, title: str) -> None:
    """Wait until the page is in this situation."""
    await expect(page.locator("[data-situation]")).to_have_text(title)


async def press(place: Page | Locator, name: str) -> None:
    await place.get_by_role("button", name=name, exact=True).click()


async def confirm(page: Page, name: str) -> None:
    """Answer the dialog that asks once more."""
    await press(dialog(page), name)


async def press_and_confirm(page: Page, name: str) -> None:
    """Press a button whose dialog has one of the same name."""
    await press(page, name)
    await confirm(page, name)


async def confirm_seat(page: Page, alias: str) -> None:
    """An operator vouches for somebody."""
    await press(page, f"核对并确认 {alias}")
    await confirm(page, "人证相符、核对码一致，确认")


async def check_in(page: Page) -> None:
    """A member states no conflict and makes the pledge."""
    await heading(page, "回避声明")
    await page.get_by_label("没有，我不需要回避").check()
    await press(page, "作出声明")
    await confirm(page, "确认声明")
    await heading(page, "承诺书")
    await page.get_by_label("我已阅读并同意承诺书全文").check()
    await press(page, "签署承诺书")


async def vote(page: Page, candidate: str) -> None:
    await heading(page, "推选组长")
    await page.get_by_role("radio", name=candidate).check()
    await press(page, "投票")
    await confirm(page, f"确认投给 {candidate}")


async def hand_in(page: Page) -> None:
    """Read a filled sheet once more, and hand it in."""
    await press(page, "填好了，通读一遍")
    await press_and_confirm(page, "正式提交")


async def read_to_the_end(page: Page) -> None:
    """Read the report: the last page has been looked at, so that the next step opens by itself."""
    await heading(page, "请阅读评标报告")
    await expect(page.get_by_text(re.compile(r"^第 1 页，共 \d+ 页$"))).to_be_visible()
    await expect(page.get_by_role("button", name="下一步：选择签署方式")).to_be_disabled()
    await page.locator(".viewer__frame").press("End")
    await expect(page.get_by_label("我已阅读全文")).to_be_checked()


async def choose(page: Page, end: str) -> None:
    """Say how to end the signing."""
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
            await page.mouse.move(*place(x + chance.uniform(0, 0.14), chance.uniform(0.2, 0.8)))
        await page.mouse.up()
