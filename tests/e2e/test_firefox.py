"""A member's seat in Firefox as Debian has it, among others in Chromium: seen, heard, protected and recorded.

Another one there, in a second room, scores and signs.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from server.app import own_addresses, reached_at, run_server
from server.domain import commands as c
from server.domain.events import SigningEnd
from server.domain.ids import Alias, BidAlias, CriterionId
from server.domain.recordings import CAMERA_AND_MICROPHONE
from server.domain.state import RoomView
from server.store.piece_files import room_pieces
from tests.support.bidi import BidiBrowser, BidiPage
from tests.support.ffprobe import probed
from tests.support.firefox import firefox
from tests.support.hall import Hall, open_hall
from tests.support.listening import can_listen, listen, sounds
from tests.support.live_server import ACTS, E1, E3, H1, L1, V1, kept, media_settings, open_sitting, protected, sheet
from tests.support.mosaics import BLACK, LOOK, MOSAIC, shows
from tests.support.patience import PATIENCE_S

E2 = Alias("E2")

EVERYWHERE: Final = "0.0.0.0"
"Where media listen, as in `make demo`: Firefox 153 leads no sound and pictures over the loopback."
ELSEWHERE = [address for address in reached_at(EVERYWHERE, own_addresses()) if not address.startswith("127.")]

BEFORE_A_FENCE: Final = """
  if (!isSecureContext) return;  // the tab before it has loaded anything
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await real(wanted);
    for (const plain of stream.getVideoTracks()) {
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
      const painting = canvas.getContext('2d');
      let step = 0;
      setInterval(() => {
        painting.fillStyle = 'white';
        painting.fillRect(0, 0, 640, 360);
        painting.fillStyle = 'green';
        for (let x = step++ % 16; x < 640; x += 16) painting.fillRect(x, 0, 8, 360);
      }, 66);
      plain.stop();
      stream.removeTrack(plain);
      stream.addTrack(canvas.captureStream().getVideoTracks()[0]);
    }
    return stream;
  };
"""
"Before the page loads: the camera sees edges everywhere. What Firefox simulates is of one colour, as a mosaic may be."


ENTER, END = "\ue007", "\ue010"

WHERE_TO_WRITE: Final = """(() => {
  const pad = document.querySelector('canvas.pad');
  pad.scrollIntoView({ block: 'center' });
  const { x, y, width, height } = pad.getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
})()"""


@pytest_asyncio.fixture(loop_scope="package")
async def hall(tmp_path: Path, client: Path, browser: Browser) -> AsyncIterator[Hall]:
    settings = replace(media_settings(tmp_path), page=client, media_host=EVERYWHERE, media_addresses=())
    async with run_server(settings) as server, open_hall(server, browser, protected()) as hall:
        yield hall


@pytest.mark.skipif(ELSEWHERE == [], reason="this machine has no address but its loopback")
@pytest.mark.asyncio(loop_scope="package")
async def test_member_in_firefox_is_protected_recorded_and_black_rather_than_bare(hall: Hall) -> None:
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(H1, V1)
    other, cut_off = await hall.page(prepare=can_listen), await hall.page(prepare=finds_no_way)
    async with firefox() as browser:
        one = await browser.page()
        await asyncio.gather(
            hall.enter(other, E2), hall.enter(cut_off, E3), one.goto(hall.sitting.url, before=BEFORE_A_FENCE)
        )
        await one.write("席位码（8 位数字）", await hall.sitting.code(E1))
        await one.press("进入席位")

        await they_see_and_hear_each_other(one, other)
        await checks_in(one, hall)
        await hall.host.until(all_recorded, PATIENCE_S)
        await a_hidden_page_is_black(browser, one, other)
        await one.press("麦克风 开")
        await expect(other.locator(f'li[data-seat="{E1}"]')).to_contain_text("麦克风已关闭")
        await its_pieces_can_be_opened(hall)
        await expect(cut_off.get_by_text("请先把这台电脑接入任意一个网络")).to_be_visible()
        await another_scores_and_signs(browser, hall)
        assert browser.errors == []


async def finds_no_way(page: Page) -> None:
    """Before it loads: only relays may be used, and there are none."""
    await page.add_init_script(
        """window.RTCPeerConnection = class extends RTCPeerConnection {
          constructor(wanted) {
            super({ ...wanted, iceTransportPolicy: 'relay' });
          }
        };"""
    )


async def they_see_and_hear_each_other(one: BidiPage, other: Page) -> None:
    tile = other.locator(f'li[data-seat="{E1}"]')
    await shows(other, E1, MOSAIC)
    await expect(tile).to_contain_text("已遮挡 · 已变声")
    await expect(tile).to_contain_text("正在发言")
    await listen(other, f"{E1}-masked_audio")
    await sounds(other, f"{E1}-masked_audio")

    await one.shows("正在发言", f'li[data-seat="{E2}"]')
    await one.shows("已遮挡 · 已变声", f'li[data-seat="{E2}"]')
    await one.shows("正在发言", f'li[data-seat="{E1}"]')
    picture = f"""document.querySelector('li[data-seat="{E2}"] video')"""
    await one.until(f"(p => {MOSAIC})(({LOOK})({picture}))")


async def checks_in(one: BidiPage, hall: Hall) -> None:
    """The key that Firefox has made signs what the person does."""
    await hall.host.submit(c.OpenCheckIn())
    await one.shows("回避声明", "[data-situation]")
    await one.press("没有，我不需要回避", "radio")
    await one.press("作出声明")
    await one.press("确认声明")
    await one.shows("承诺书", "[data-situation]")
    await one.press("我已阅读并同意承诺书全文", "checkbox")
    await one.press("签署承诺书")
    await one.shows("您已完成签到", "[data-situation]")


async def a_hidden_page_is_black(browser: BidiBrowser, one: BidiPage, other: Page) -> None:
    """Firefox hands no pictures to a page that nobody sees; all are told, and it comes back by itself."""
    tile = other.locator(f'li[data-seat="{E1}"]')
    front = await browser.page()
    await front.show()
    await shows(other, E1, BLACK)
    await expect(tile).to_contain_text("画面遮挡中断，暂时没有画面")
    await expect(tile).to_contain_text("正在发言")
    await one.show()
    await shows(other, E1, MOSAIC)
    await expect(tile).to_contain_text("已遮挡 · 已变声")


async def its_pieces_can_be_opened(hall: Hall) -> None:
    """By a program that is not ours, once a pause has closed them."""
    backend, room = hall.sitting.server.backend, hall.sitting.room
    await hall.host.submit(c.PauseRoom(reason="午休"))
    await hall.host.until(lambda view: all(view.pieces.get(E1, {}).get(kind) for kind in CAMERA_AND_MICROPHONE))
    read = await backend.recordings.reader(room)
    found = {
        kind: read(path) for (alias, kind), _, path in room_pieces(backend.recordings.folder / room) if alias == E1
    }
    shown = {kind: list(probed(data)) for kind, data in found.items()}
    assert shown == {kind: [str(kind)] for kind in CAMERA_AND_MICROPHONE}


async def another_scores_and_signs(browser: BidiBrowser, hall: Hall) -> None:
    """In another room, among scripted seats: a member who comes to this browser when the sheets are to be filled in."""
    async with open_sitting(hall.sitting.server, kept()) as sitting:
        await sitting.play_to_scoring()
        room = Hall(sitting, hall.browser, ACTS)
        room.direct(*(alias for alias in sitting.seats if alias != E2))
        room.conductor.allow(c.ConfirmSeat, c.HandInScores, c.ScorePrices, c.LockResult, c.IssueReport)
        await room.host.submit(c.ReleaseSeat(seat=E2, reason="改用签名电脑。"))
        page = await browser.page()
        await page.show()
        await page.goto(sitting.url)
        await page.write("席位码（8 位数字）", await sitting.code(E2))
        await page.press("进入席位")

        points = sheet(sitting.seats[E2])
        await scores(page, points)
        await signs(page)
        await room.host.until(has_signed)
        assert (await sitting.state()).lots[L1].points[E2] == points
        await room.leave()


def has_signed(view: RoomView) -> bool:
    report = view.lots[L1].report
    return report is not None and report.ends == {E2: SigningEnd.SIGNED}


async def scores(page: BidiPage, points: dict[BidAlias, dict[CriterionId, str]]) -> None:
    await page.shows("打分", "[data-situation]")
    await page.run("document.querySelector('[data-cell]').focus()")
    for cell in await page.run("[...document.querySelectorAll('[data-cell]')].map((each) => each.dataset.cell)"):
        bid, criterion = cell.split("/")
        await page.type(points[bid][criterion] + ENTER)
    await page.press("填好了，通读一遍")
    await page.press("正式提交")
    await page.press("正式提交")  # of the dialog, behind which nothing can be pressed


async def signs(page: BidiPage) -> None:
    """Once the report is read to its end; with a few strokes of the mouse."""
    await page.shows("请阅读评标报告", "[data-situation]")
    await page.shows("第 1 页，共")
    await page.run("document.querySelector('.viewer__frame').focus()")
    await page.type(END)
    await page.press("下一步：选择签署方式")
    await page.shows("请选择签署方式", "[data-situation]")
    await page.run("document.querySelector('.ends input').click()")
    await page.press("下一步：手写签名")
    await page.shows("请手写签名", "[data-situation]")
    x, y, width, height = await page.run(WHERE_TO_WRITE)
    for stroke in range(1, 6):
        left = x + width * stroke // 7
        await page.draw([(left + step * width // 50, y + height * (2 + step % 3) // 6) for step in range(5)])
    await page.press("写好了，核对")
    await page.press("确认签名")
    await page.shows("正在签署评标报告", "[data-situation]")


def all_recorded(view: RoomView) -> bool:
    own = view.recordings.get(E1, {})
    return all(kind in own and own[kind].gap is None for kind in CAMERA_AND_MICROPHONE)
