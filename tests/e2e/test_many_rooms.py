"""One witness officer watches three rooms: attention, the sound of one room, a room's own page and back, a reload."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Locator, Page, expect

from server.demo.play import Troupe, bring_media
from server.domain import commands as c
from server.domain.agent_talk import TalkEnd, TalkTopic
from server.domain.ids import Alias
from server.tender.bid_files import WholeTender
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, hall_on_air
from tests.support.live_server import ACTS, E1, E2, H1, V1, W1, kept, open_sitting
from tests.support.page_moves import confirm, press
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.asyncio(loop_scope="package")

G1, V2 = Alias("G1"), Alias("V2")

COUNT_SOUND = """
  const connections = [];
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); connections.push(this); }
  };
  window.soundPackets = () => Promise.all(connections.map(async (each) => {
    const report = await each.getStats();
    return [...report.values()]
      .filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
      .reduce((sum, { packetsReceived }) => sum + packetsReceived, 0);
  }));
"""
"Sound that has come, over each connection of the page."

A_WHILE = 60
"Packets of sound: more than a second."


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def halls(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[list[Hall]]:
    """Three rooms on one server; in each two members, the agent and the operators are scripted and send films."""
    async with hall_on_air(tmp_path_factory, browser, titled("教学设备采购项目")) as first, AsyncExitStack() as stack:
        halls = [first]
        for title in ("县道改建工程施工招标", "医院信息系统采购项目"):
            sitting = await stack.enter_async_context(open_sitting(first.sitting.server, titled(title)))
            halls.append(Hall(sitting, browser, ACTS))
        for hall in halls:
            await begin(hall, stack)
        yield halls
        for hall in halls:
            await hall.leave()


def titled(title: str) -> WholeTender:
    whole = kept()
    return replace(whole, tender=replace(whole.tender, title=title))


async def begin(hall: Hall, stack: AsyncExitStack) -> None:
    """Seat the scripted ones, and open the check-in."""
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(H1, V1, V2)
    for alias in (E1, E2, G1):
        await (await hall.sitting.enter(alias)).enrol()
    seats = hall.sitting.seats
    await bring_media(Troupe({alias: seats[alias] for alias in (H1, E1, E2, G1)}), stack)
    await seats[H1].until(lambda view: all(view.seats[alias].confirmed for alias in (E1, E2, G1)))
    await seats[H1].submit(c.OpenCheckIn())


async def test_one_officer_watches_three_rooms(halls: list[Hall]) -> None:
    gallery = Gallery()
    first, second, third = halls
    page = await first.page(prepare=_prepare)
    await press(page, "多室见证：同时看多个评标室")
    await gallery.take(page, "many_rooms", "empty")
    for hall in halls:
        await page.get_by_label("席位码（8 位数字）").fill(await hall.sitting.code(W1))
        await press(page, "加入评标室")
        await hall.sitting.seats[H1].until(lambda view: view.seats[W1].confirmed)
    for number in (1, 2, 3):
        await expect(tile(page, number)).to_contain_text("签到")
        await expect(tile(page, number).locator("video")).to_be_visible(timeout=PATIENCE_S * 1000)

    # one is heard, and counts as one that listens
    await page.keyboard.press("1")
    await expect(page.get_by_text("正在收听：1 号 教学设备采购项目")).to_be_visible()
    assert [listens(hall) for hall in halls] == [True, False, False]
    await one_room_is_heard(page)

    # what waits for the officer comes first, whatever else there is
    await third.host.submit(c.AddRoomCamera(venue=third.host.view.seats[H1].venue, label="场地全景"))
    await third.host.submit(c.PauseRoom(reason="线路故障"))
    await expect(concern(page)).to_have_attribute("data-concern", "paused")
    await second.sitting.seats[E2].submit(c.AskForTalk(agent=G1, member=E2, topic=TalkTopic.PROCEDURE))
    await expect(concern(page)).to_have_attribute("data-concern", "talk_asked")
    await expect(concern(page)).to_have_attribute("data-number", "2")
    await expect(page).to_have_title("（3 项待处理）多室见证")
    await expect(page.locator("[data-concern='camera']")).to_contain_text("场地摄像机 C1 未被录制：尚未开始录制")
    await gallery.take(page, "many_rooms", "waiting")
    assert await violations(page) == []

    await press(page, "开始旁听 （2 号评标室）")
    await second.host.until(lambda view: view.talk is not None and view.talk.witness == W1)
    await expect(tile(page, 2)).to_have_attribute("data-heard", "true")
    await expect(tile(page, 2)).to_contain_text("通话：G1、E2，W1 旁听")
    assert [listens(hall) for hall in halls] == [False, True, False]
    await one_room_is_heard(page)
    await gallery.take(page, "many_rooms", "talk")
    assert await violations(page) == []
    await page.keyboard.press("1")
    await gallery.take(page, "many_rooms", "switch")
    await confirm(page, "返回")

    await the_room_is_looked_at_whole(page, second, gallery)
    await the_page_is_loaded_anew(page, second)
    await a_talk_is_ended_from_the_wall(page, second)

    # a closed room goes to the end and can be taken off
    await first.host.submit(c.CloseRoom(reason="采购任务取消"))
    await expect(page.locator("[data-room]").last).to_have_attribute("data-room", "1")
    await expect(tile(page, 1)).to_contain_text("已结束")
    await gallery.take(page, "many_rooms", "closed")
    await press(page, "移出 （1 号评标室）")
    await expect(page.locator("[data-room]")).to_have_count(2)
    assert gallery.taken == wanted_pictures("many_rooms")


async def the_room_is_looked_at_whole(page: Page, second: Hall, gallery: Gallery) -> None:
    """The same seat over the same connections: the talk goes on, there and back again."""
    await page.locator("[data-room='2']").get_by_role("button", name="进入 （2 号评标室）", exact=True).click()
    await expect(page.locator('li[data-seat="E1"] video')).to_be_visible(timeout=PATIENCE_S * 1000)
    await expect(page.get_by_text("其他评标室有 2 项需要处理：")).to_be_visible()
    await expect(page.get_by_text("正在通话")).to_be_visible()
    await gallery.take(page, "many_rooms", "whole")
    assert await violations(page) == []
    await press(page, "返回多室见证")
    await expect(tile(page, 2)).to_have_attribute("data-heard", "true")
    await one_room_is_heard(page)
    assert second.host.view.talk is not None


async def the_page_is_loaded_anew(page: Page, second: Hall) -> None:
    """The rooms are there without codes; a touch gives the sound back. The talk has ended: nobody listened."""
    await page.reload()
    await second.host.until(lambda view: view.talk is None)
    await expect(page.locator("[data-room]")).to_have_count(3)
    await page.get_by_role("heading", name="多室见证").click()
    await expect(page.get_by_text("正在收听：2 号 县道改建工程施工招标")).to_be_visible()


async def a_talk_is_ended_from_the_wall(page: Page, second: Hall) -> None:
    await second.sitting.seats[E2].submit(c.AskForTalk(agent=G1, member=E2, topic=TalkTopic.OTHER))
    await press(page, "开始旁听 （2 号评标室）")
    await expect(page.locator("[data-talk='2']")).to_contain_text("通话：G1、E2，W1 旁听")
    await press(page, "结束通话 （2 号评标室）")
    await expect(page.locator("[data-talk]")).to_have_count(0)
    await second.host.until(lambda view: view.past_talks[-1].end is TalkEnd.ENDED)


def tile(page: Page, number: int) -> Locator:
    return page.locator(f"[data-room='{number}']")


def concern(page: Page) -> Locator:
    """The most urgent one."""
    return page.locator("[data-concern]").first


def listens(hall: Hall) -> bool:
    """Whether the server takes the officer for a listener in this room."""
    media = hall.sitting.server.services.media
    return media is not None and W1 in media.listening(hall.sitting.room)


async def one_room_is_heard(page: Page) -> None:
    """Sound comes over one connection and over no other, once what was on its way has come."""
    async with asyncio.timeout(PATIENCE_S):
        while not await _one_is_heard_for_a_while(page):
            pass


async def _one_is_heard_for_a_while(page: Page) -> bool:
    before: list[int] = await page.evaluate("soundPackets()")
    while True:
        await asyncio.sleep(0.05)
        now: list[int] = await page.evaluate("soundPackets()")
        more = sorted(after - earlier for after, earlier in zip(now, before, strict=True))
        if more[-1] > A_WHILE:
            return more[-2] == 0


async def _prepare(page: Page) -> None:
    await page.add_init_script(COUNT_SOUND)
