"""The viewer in a real browser, under the page's own policy: reports as they are signed, and bids as they come."""

import asyncio
import re
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from server.app import run_server
from server.domain.ids import Millis
from server.reports.report_pdf import render_report
from tests.support.client_pages import PICTURES, build_page
from tests.support.live_server import plain_settings
from tests.support.patience import PATIENCE_S
from tests.support.report_scenes import crowded, reported
from tests.support.sample_pdfs import chinese_by_name, jpeg2000_scan
from tests.support.signed_pdf import make_world

pytestmark = pytest.mark.asyncio(loop_scope="package")

SHARE = """() => {
  const canvas = document.querySelector('canvas');
  if (!canvas?.width) return 0;
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] + data[at + 1] + data[at + 2] < 300 && data[at + 3] === 255) dark += 1;
  }
  return dark / (data.length / 4);
}"""
"The part of the first page that is dark."


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    folder = tmp_path_factory.mktemp("page")
    await build_page("src/ui/testWorld/pdfPage", folder)
    settings = replace(plain_settings(tmp_path_factory.mktemp("data")), page=folder)
    async with run_server(settings) as server:
        yield server.address.url


@pytest_asyncio.fixture(loop_scope="package")
async def page(address: str, browser: Browser) -> AsyncIterator[Page]:
    errors: list[str] = []
    page = await browser.new_page(locale="zh-CN", viewport={"width": 911, "height": 512})
    page.set_default_timeout(PATIENCE_S * 1000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    await page.goto(address)
    yield page
    await page.close()
    assert errors == []


async def show(page: Page, pdf: bytes) -> None:
    await page.evaluate("bytes => pdfPage.show(bytes)", list(pdf))


def signed_report() -> tuple[bytes, bytes]:
    """A certified report without signatures, and with all."""
    world = make_world(Millis(int(time.time() * 1000)))
    certified = world.certified()
    return certified, world.signed(certified, *world.members)


async def dark(page: Page, part: float) -> None:
    """Wait until more than this part of the first page is dark."""
    await page.wait_for_function(f"part => ({SHARE})() > part", arg=part)


async def test_long_report_is_read_page_by_page(page: Page) -> None:
    pdf = render_report(reported(crowded())).pdf

    await show(page, pdf)

    status = page.get_by_role("status")
    await expect(status).to_have_text(re.compile(r"^第 1 页，共 \d+ 页$"))
    await expect(page.locator(".page__text").first).to_contain_text("评标报告")
    count = await page.locator(".page").count()
    assert count > 3
    assert await page.evaluate("pdfPage.ends") == 0
    assert await page.locator("canvas").last.evaluate("canvas => canvas.width") == 0  # far away: not drawn

    await page.locator(".viewer__frame").focus()
    await page.keyboard.press("PageDown")
    await page.keyboard.press("End")
    await expect(status).to_have_text(f"第 {count} 页，共 {count} 页")
    await page.wait_for_function("() => pdfPage.ends > 0")
    await expect(page.locator("canvas").first).to_have_js_property("width", 0)

    await page.keyboard.press("Home")
    await page.keyboard.press("+")
    await expect(page.get_by_role("button", name="适合宽度")).to_have_attribute("aria-pressed", "false")
    await page.get_by_role("button", name="下一页").click()
    await expect(status).to_have_text(f"第 2 页，共 {count} 页")
    await page.screenshot(path=PICTURES / "pdf-larger.png")


async def test_signed_report_shows_the_handwriting(page: Page) -> None:
    certified, signed = await asyncio.to_thread(signed_report)

    await show(page, certified)
    await dark(page, 0.0001)
    before = await page.evaluate(f"({SHARE})()")
    await show(page, signed)

    await page.wait_for_function(f"before => ({SHARE})() > before * 2", arg=before)
    await page.locator(".viewer__frame").press("End")
    await page.screenshot(path=PICTURES / "pdf-signed.png")


async def test_chinese_that_is_told_by_name_can_be_read(page: Page) -> None:
    await show(page, chinese_by_name())

    await expect(page.locator(".page__text")).to_have_text("投标函")
    await dark(page, 0.005)


async def test_jpeg2000_scan_is_seen(page: Page) -> None:
    await show(page, jpeg2000_scan())

    await dark(page, 0.9)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("file_altered", "警告：收到的文件与评标记录中登记的不一致"),
        ("unreachable", "暂时取不到文件"),
        ("file_unknown", "找不到这份文件"),
    ],
)
async def test_file_that_cannot_be_had_is_told(page: Page, code: str, sentence: str) -> None:
    await page.evaluate("code => pdfPage.fail(code)", code)

    await expect(page.get_by_role("alert")).to_contain_text(sentence)
    await expect(page.locator("canvas")).to_have_count(0)


async def test_file_that_is_no_document_is_told(page: Page) -> None:
    await show(page, b"MZ no document")

    await expect(page.get_by_role("alert")).to_contain_text("不是可以显示的 PDF 文件")
