"""Bids in a real browser: read beside a sheet that is being typed, over it on a small screen, and by the supervisor."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from server.app import Server
from server.domain import commands as c
from server.domain.ids import Alias
from server.tender.bid_files import WholeTender, whole_tender
from server.tender.read import read_tender
from server.tender.template import textbook_text
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, open_hall
from tests.support.live_server import E1, H1, S1, TEXTBOOK, V1
from tests.support.page_moves import press

pytestmark = pytest.mark.asyncio(loop_scope="package")

OTHERS = [H1, V1, *(Alias(name) for name in ("V2", "E2", "E3", "E4", "E5", "E6", "E7"))]
STEPS = (c.ConfirmSeat, c.OpenCheckIn, c.StateRecusal, c.MakePledge, c.OpenElection, c.CastBallot)
SECOND = "bids/B-2.pdf"
WIDE, SMALL = ViewportSize(width=1366, height=768), ViewportSize(width=911, height=512)


def two_volumes() -> WholeTender:
    """The textbook, with a second file of bid B."""
    first = "{title: 技术标, file: bids/B.pdf}"
    text = textbook_text().replace(f"[{first}]", f"[{first}, {{title: 商务标（不含报价）, file: {SECOND}}}]")

    def load(name: str) -> bytes:
        return TEXTBOOK.load("bids/C.pdf") + b"\n%%EOF" if name == SECOND else TEXTBOOK.load(name)

    return whole_tender(read_tender(text), load)


def no_files() -> WholeTender:
    """The textbook as it would be without any file."""
    return whole_tender(read_tender(re.sub(r" *files: .*\n", "", textbook_text())), TEXTBOOK.load)


@pytest_asyncio.fixture(loop_scope="package")
async def halls(server: Server, browser: Browser) -> AsyncIterator[Callable[[WholeTender], Awaitable[Hall]]]:
    """Rooms of this test with the steps up to the examination allowed; their pages must not have failed."""
    async with AsyncExitStack() as stack:

        async def hall_of(whole: WholeTender) -> Hall:
            hall = await stack.enter_async_context(open_hall(server, browser, whole))
            hall.conductor.allow(*STEPS)
            await hall.seat(*OTHERS)
            return hall

        yield hall_of


async def examiner(hall: Hall) -> Page:
    """E1 at the sheet of the examination."""
    page = await hall.page()
    await page.set_viewport_size(WIDE)
    await hall.enter(page, E1)
    await page.get_by_label("没有，我不需要回避").check()
    await press(page, "作出声明")
    await press(page.locator("dialog[open]"), "确认声明")
    await page.get_by_label("我已阅读并同意承诺书全文").check()
    await press(page, "签署承诺书")
    await page.get_by_role("radio", name="E1").check()
    await press(page, "投票")
    await press(page.locator("dialog[open]"), "确认投给 E1")
    await expect(page.locator("[data-situation]")).to_have_text("初步评审")
    return page


def reader(page: Page) -> Locator:
    return page.get_by_role("dialog", name="投标文件")


def frame(page: Page) -> Locator:
    """Where the pages of the open document stand."""
    return reader(page).locator(".viewer__frame")


def mark(page: Page) -> Locator:
    """The lines of the marks over the pages."""
    return reader(page).locator("[data-mark] text")


def page_shown(page: Page, text: str) -> Locator:
    return reader(page).get_by_role("status").filter(has_text=re.compile(f"^{text}$"))


async def test_member_reads_bids_while_a_sheet_is_typed(
    halls: Callable[[WholeTender], Awaitable[Hall]], gallery: Gallery
) -> None:
    page = await examiner(await halls(two_volumes()))
    cell = page.locator('[data-cell="A/form-1/failed"]')
    reason = page.get_by_label("投标文件 A 不合格理由：投标函按规定格式填写并签字盖章")
    await cell.click()
    await page.keyboard.insert_text("缺签")
    await gallery.take(page, "bids", "closed")

    # beside the sheet: the document takes the keys, and the sheet is there
    await press(page, "查看投标 B 的文件")
    await expect(page_shown(page, "第 1 页，共 3 页")).to_be_visible()
    await expect(reader(page).locator(".page__text").first).to_contain_text(re.compile("投标文件 *B"))
    await expect(frame(page)).to_be_focused()
    sheet, document = await cell.bounding_box(), await reader(page).bounding_box()
    assert sheet is not None
    assert document is not None
    assert sheet["x"] + sheet["width"] <= document["x"]
    await expect(reader(page).locator("[data-mark] text").first).to_have_text(
        re.compile(r"^E1 \d{4}/\d\d/\d\d \d\d:\d\d$")
    )
    await expect(reader(page).locator("[data-mark] text").nth(1)).to_have_text("清源县公共资源交易中心")
    for _ in range(3):
        await page.keyboard.press("PageDown")
    await expect(page_shown(page, "第 3 页，共 3 页")).to_be_visible()
    await reason.fill("缺签字和盖章")
    await gallery.take(page, "bids", "reading")

    # another file, another bid, and back to where it was left
    await press(reader(page), "商务标（不含报价）")
    await expect(page_shown(page, "第 1 页，共 3 页")).to_be_visible()
    await press(reader(page), "技术标")
    await expect(page_shown(page, "第 3 页，共 3 页")).to_be_visible()
    await press(page, "查看投标 A 的文件")
    await expect(page_shown(page, "第 1 页，共 3 页")).to_be_visible()
    await press(page, "查看投标 B 的文件")
    await expect(page_shown(page, "第 3 页，共 3 页")).to_be_visible()

    # Esc leads back to the cell
    await cell.focus()
    await press(page, "查看投标 B 的文件")
    await expect(reader(page)).to_be_hidden()
    await cell.focus()
    await page.keyboard.press("Shift+Tab")
    await page.get_by_role("button", name="查看投标 B 的文件").focus()
    await page.keyboard.press("Enter")
    await expect(page_shown(page, "第 3 页，共 3 页")).to_be_visible()
    await expect(frame(page)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(reader(page)).to_be_hidden()
    await expect(page.get_by_role("button", name="查看投标 B 的文件")).to_be_focused()
    await expect(reason).to_have_value("缺签字和盖章")
    await expect(page.get_by_text("已填写的内容均已保存")).to_be_visible()


async def test_on_a_small_screen_a_bid_lies_over_the_sheet_with_a_way_back(
    halls: Callable[[WholeTender], Awaitable[Hall]], gallery: Gallery
) -> None:
    hall = await halls(two_volumes())
    page = await examiner(hall)
    await page.set_viewport_size(SMALL)
    await page.locator('[data-cell="A/form-1/failed"]').click()
    await page.keyboard.insert_text("缺签")

    await press(page, "查看投标 C 的文件")
    await expect(page_shown(page, "第 1 页，共 3 页")).to_be_visible()
    box = await reader(page).bounding_box()
    assert box == {"x": 0, "y": 0, "width": 911, "height": 512}
    await page.keyboard.press("End")
    await expect(page_shown(page, "第 3 页，共 3 页")).to_be_visible()
    await press(reader(page), "查看投标 D 的文件")
    await expect(reader(page).get_by_role("heading", name="投标 D：技术标")).to_be_visible()

    # the same document where the screen grows
    await press(reader(page), "查看投标 C 的文件")
    await expect(page_shown(page, "第 3 页，共 3 页")).to_be_visible()
    await page.set_viewport_size(WIDE)
    await expect(page.locator('[data-cell="A/form-1/failed"]')).to_be_enabled()
    await page.locator('[data-cell="A/form-2/passed"]').click()
    await page.set_viewport_size(SMALL)
    await expect(page_shown(page, "第 3 页，共 3 页")).to_be_visible()

    # what happens meanwhile is said
    await hall.host.submit(c.PauseRoom(reason="望溪县副场网络故障，正在抢修。"))
    await expect(reader(page).get_by_text("评审步骤有变化，请返回评审页面查看。")).to_be_visible()
    await gallery.take(page, "bids", "moved")
    await page.set_viewport_size(SMALL)
    await press(reader(page), "✕ 返回评审页面")
    await expect(reader(page)).to_be_hidden()
    await expect(page.get_by_label("投标文件 A 不合格理由：投标函按规定格式填写并签字盖章")).to_have_value("缺签")
    await expect(page.get_by_text("评标已暂停。")).to_be_visible()


async def test_supervisor_reads_too_and_a_room_without_files_says_so(
    halls: Callable[[WholeTender], Awaitable[Hall]], gallery: Gallery
) -> None:
    hall = await halls(two_volumes())
    await hall.seat(E1)
    supervisor = await hall.page()
    await supervisor.set_viewport_size(WIDE)
    await hall.enter(supervisor, S1)
    await press(supervisor, "查看投标 F 的文件")
    await expect(reader(supervisor).locator(".page__text").first).to_contain_text(re.compile("投标文件 *F"))
    await expect(mark(supervisor).first).to_contain_text("S1")
    await gallery.take(supervisor, "bids", "supervisor")

    page = await examiner(await halls(no_files()))
    await expect(page.get_by_text("本标段没有导入投标文件，请按现场安排查阅。")).to_be_visible()
    await gallery.take(page, "bids", "none")


async def test_a_damaged_file_is_never_shown(halls: Callable[[WholeTender], Awaitable[Hall]]) -> None:
    hall = await halls(two_volumes())
    page = await examiner(hall)
    await page.route("**/files/*", lambda route: route.fulfill(body=TEXTBOOK.load("bids/F.pdf")))

    await press(page, "查看投标 A 的文件")

    await expect(reader(page).get_by_role("alert")).to_contain_text("与评标记录中登记的不一致")
    await expect(reader(page).locator("canvas")).to_have_count(0)
    await page.unroute_all()
    await press(reader(page), "重新打开")
    await expect(reader(page).locator(".page__text").first).to_contain_text(re.compile("投标文件 *A"))


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("bids")
