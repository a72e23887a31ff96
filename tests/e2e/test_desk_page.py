"""The operators' desk in a real browser: import a tender with mistakes, mend it, open the room."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from server.app import Server
from server.auth.operators import Operator, OperatorId, add_operator
from server.domain.ids import VenueId
from server.room_desk import read_room
from server.tender.template import textbook_text
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.live_server import L1, TENDER, TEXTBOOK
from tests.support.page_moves import confirm, press
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.asyncio(loop_scope="package")

SUN = Operator(id=OperatorId("op-1a2b3c4d"), name="孙晓梅", venue=VenueId("qingyuan"))
BROKEN = (
    textbook_text()
    .replace("role: expert", "role: expret", 1)
    .replace("price: 13656", "price: 一万", 1)
    .replace("alias: E2", "alias: E1", 1)
)


@pytest_asyncio.fixture(loop_scope="package")
async def desk(server: Server, browser: Browser) -> AsyncIterator[Page]:
    """The page of an operator who has entered."""
    add_operator(server.backend.operators_folder, SUN)
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(PATIENCE_S * 1000)
    page = await context.new_page()
    await page.goto(server.address.url)
    await page.get_by_label("席位码（8 位数字）").fill((await server.backend.codes.issue(SUN)).digits)
    await press(page, "进入席位")
    await expect(page).to_have_url(f"{server.address.url}/console")
    yield page
    await context.close()


async def confirm_creation(desk: Page) -> None:
    await desk.locator("dialog[open]").get_by_role("button", name="创建评标室").click()


@pytest.fixture
def bids(tmp_path: Path) -> Path:
    """A folder with the textbook's bids, of which C is no PDF, and one more."""
    folder = tmp_path / "bids"
    folder.mkdir()
    for name in TEXTBOOK.documents:
        (tmp_path / name).write_bytes(TEXTBOOK.load(name))
    (folder / "C.pdf").write_bytes(b"PK no PDF")
    (folder / "other.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    return folder


async def test_operator_mends_a_tender_and_opens_its_room(
    server: Server, desk: Page, gallery: Gallery, bids: Path
) -> None:
    text = desk.get_by_label("项目文件内容")
    create = desk.get_by_role("button", name="创建评标室", exact=True)
    await expect(desk.get_by_text("还没有评标室。")).to_be_visible()
    await gallery.take(desk, "desk", "empty")

    # every mistake at once, each with its line
    await text.fill(BROKEN)
    await press(desk, "检查")
    await expect(desk.get_by_role("heading", name="发现 3 处问题，没有创建任何内容")).to_be_visible()
    await expect(create).to_be_disabled()
    await gallery.take(desk, "desk", "mistakes")
    line = BROKEN.splitlines().index(next(each for each in BROKEN.splitlines() if "expret" in each)) + 1
    await press(desk, f"跳到第 {line} 行")
    selected = "area => area.value.slice(area.selectionStart, area.selectionEnd).includes('expret')"
    await desk.wait_for_function(selected, arg=await text.element_handle())

    # a whole file, whose bids are still missing
    await text.fill(textbook_text())
    await press(desk, "检查")
    await expect(desk.get_by_text("3 个场地，16 个席位，1 个标段，6 份投标")).to_be_visible()
    await expect(desk.get_by_text("项目文件列出了 6 个 PDF，已备齐 0 个")).to_be_visible()
    await expect(create).to_be_disabled()
    await desk.get_by_label("选择 PDF", exact=True).set_input_files(
        [bids / "A.pdf", bids / "B.pdf", bids / "other.pdf"]
    )
    await expect(desk.get_by_role("row", name="A 技术标 bids/A.pdf")).to_contain_text("✓ 已选，0.1 MB")
    await expect(desk.get_by_role("row", name="C 技术标 bids/C.pdf")).to_contain_text("还没有选择")
    await expect(desk.get_by_text("另有 1 个 PDF 没有列入项目文件，不会上传。")).to_be_visible()
    await expect(create).to_be_disabled()
    await gallery.take(desk, "desk", "pdfs_missing")

    # what the server finds wrong with a PDF comes back with its line, and nothing was created
    await desk.get_by_label("选择 PDF 所在的文件夹").set_input_files(bids)
    await expect(desk.get_by_text("已备齐 6 个")).to_be_visible()
    await create.click()
    await confirm_creation(desk)
    await expect(desk.get_by_role("heading", name="发现 1 处问题，没有创建任何内容")).to_be_visible()
    await expect(desk.get_by_role("row").filter(has_text="文件“bids/C.pdf”的内容不是 PDF。")).to_be_visible()
    assert await server.backend.rooms.list_rooms() == []
    await gallery.take(desk, "desk", "pdf_mistake")

    # all at hand
    (bids / "C.pdf").write_bytes(TEXTBOOK.load("bids/C.pdf"))
    await desk.get_by_label("选择 PDF 所在的文件夹").set_input_files(bids)
    await press(desk, "检查")
    await expect(desk.get_by_text("检查通过，没有问题。")).to_be_visible()
    await gallery.take(desk, "desk", "sound")
    await text.press_sequentially("#")
    await expect(create).to_be_disabled()
    await press(desk, "检查")
    await create.click()
    await gallery.take(desk, "desk", "create")
    await confirm_creation(desk)

    # the codes, once
    await expect(desk.get_by_role("heading", name=f"评标室已创建：{TENDER.title}")).to_be_visible()
    rows = desk.locator("tbody tr")
    await expect(rows).to_have_count(16)
    code = await rows.first.locator("td").last.inner_text()
    await gallery.take(desk, "desk", "opened")
    await desk.emulate_media(media="print")
    await expect(desk.get_by_role("button", name="打印席位码")).to_be_hidden()
    await expect(rows.first).to_be_visible()
    await desk.emulate_media(media="screen")
    await press(desk, "已保存，返回列表")
    await confirm(desk, "都已保存，返回")
    await expect(desk.get_by_role("row", name=re.compile(TENDER.title))).to_be_visible()
    assert code not in await desk.content()
    await desk.goto(f"{server.address.url}/#code={code}")
    [room] = await server.backend.rooms.list_rooms()
    await expect(desk).to_have_url(f"{server.address.url}/room/{room.room}")
    files = (await read_room(server.backend, room.room)).lots[L1].files
    assert {bid: file.file for bid, [file] in files.items()} == {
        bid: TEXTBOOK.documents[f"bids/{bid}.pdf"] for bid in files
    }
    assert len(files) == 6


async def test_a_tender_and_its_bids_are_dropped_together(desk: Page, bids: Path) -> None:
    data = await desk.evaluate_handle("() => new DataTransfer()")
    pdfs = {f"{bid}.pdf": (bids / f"{bid}.pdf").read_bytes() for bid in "ABCDEF"}
    for name, content in {"textbook.yaml": textbook_text().encode(), **pdfs, "notes.txt": b"no tender"}.items():
        await data.evaluate(
            "(data, [name, bytes]) => data.items.add(new File([new Uint8Array(bytes)], name))", [name, list(content)]
        )

    await desk.locator(".drop").dispatch_event("drop", {"dataTransfer": data})

    await expect(desk.get_by_text("已备齐 6 个")).to_be_visible()
    await expect(desk.get_by_text("已略过 1 个既不是项目文件也不是 PDF 的文件。")).to_be_visible()
    await expect(desk.get_by_label("项目文件内容")).to_have_value(textbook_text())


async def test_the_upload_is_told_and_a_broken_one_creates_nothing(server: Server, desk: Page, bids: Path) -> None:
    (bids / "C.pdf").write_bytes(TEXTBOOK.load("bids/C.pdf"))
    before = await server.backend.rooms.list_rooms()
    reached, going = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        reached.set()
        await going.wait()
        await route.abort()

    await desk.route("**/api/rooms?*", hold)
    await desk.get_by_label("项目文件内容").fill(textbook_text())
    await press(desk, "检查")
    await desk.get_by_label("选择 PDF 所在的文件夹").set_input_files(bids)
    await press(desk, "创建评标室")
    await confirm_creation(desk)
    await reached.wait()
    await expect(desk.get_by_text(re.compile("正在上传投标文件|上传完成"))).to_be_visible()
    await expect(desk.get_by_role("button", name="正在创建……")).to_be_disabled()
    going.set()

    await expect(desk.get_by_role("alert").filter(has_text="连接不上服务器")).to_be_visible()
    await expect(desk.get_by_role("button", name="创建评标室", exact=True)).to_be_enabled()
    assert await server.backend.rooms.list_rooms() == before


async def test_a_file_in_another_encoding_is_refused_with_words(desk: Page, tmp_path: Path, gallery: Gallery) -> None:
    file = tmp_path / "项目.yaml"
    file.write_bytes(textbook_text().replace("龘", "王").replace("𬱖", "王").encode("gb18030"))

    await desk.get_by_label("选择文件").set_input_files(file)

    await expect(desk.get_by_role("heading", name="发现 1 处问题，没有创建任何内容")).to_be_visible()
    await expect(desk.get_by_role("row", name=re.compile("UTF-8"))).to_be_visible()
    await desk.get_by_label("选择文件").set_input_files(
        {"name": "large.yaml", "mimeType": "text/yaml", "buffer": b"#" * (1024 * 1024 + 1)}
    )
    await expect(desk.get_by_text("文件超过 1 MB")).to_be_visible()


async def test_who_leaves_the_desk_needs_a_new_code(server: Server, desk: Page) -> None:
    await press(desk, "退出")
    await expect(desk).to_have_url(f"{server.address.url}/")

    await desk.goto(f"{server.address.url}/console")

    await expect(desk).to_have_url(f"{server.address.url}/")


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("desk")
