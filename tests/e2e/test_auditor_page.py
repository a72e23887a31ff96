"""The auditor's page in a real browser: waiting, then the replay of a closed room as its seats saw it."""

import asyncio
import re
from contextlib import suppress

import pytest
from playwright.async_api import Locator, Page, expect

from server.demo.play import act
from server.domain import commands as c
from server.domain.agent_talk import TalkTopic
from server.domain.ids import Alias
from server.domain.lines import parse_line
from server.domain.phases import Phase, Stage
from server.domain.state import RoomView
from server.evidence.merkle import leaf_hash
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall
from tests.support.live_server import ACTS, E1, E2, E3, H1, L1, U1, V1, W1, Sitting
from tests.support.page_moves import heading, press
from tests.support.room_world import types_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4, E5, E6, E7, G1, V2 = (Alias(name) for name in ("E4", "E5", "E6", "E7", "G1", "V2"))
REVEALED = "评分表已全部提交，向成员公开"


class LastMember:
    """A member who hands the score sheet in when told to, so that it is known who is the last."""

    def __init__(self, hall: Hall, alias: Alias) -> None:
        self._hall = hall
        self._alias = alias
        self._told = asyncio.Event()

    async def __aenter__(self) -> "LastMember":
        await (await self._hall.sitting.enter(self._alias)).enrol()
        self._task = asyncio.create_task(act(self._hall.sitting.seats[self._alias], ACTS, self._pause))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def hand_in(self) -> None:
        self._told.set()

    async def _pause(self, alias: Alias, command: c.AnyCommand) -> None:
        await self._hall.conductor.pause(alias, command)
        if isinstance(command, c.HandInScores):
            await self._told.wait()


def handed_in(count: int, view: RoomView) -> bool:
    """Whether so many members have handed in their points."""
    rounds = view.lots[L1].stages[Stage.SCORING].rounds
    return bool(rounds) and len(rounds[-1].handed_in) >= count


async def value(slider: Locator) -> int:
    return int(await slider.get_attribute("aria-valuenow") or 0)


async def stands_at(slider: Locator, step: int) -> None:
    await expect(slider).to_have_attribute("aria-valuenow", str(step))


async def sheet(page: Page, member: Alias) -> Locator:
    """A member's score sheet in the state that is shown; its section is open."""
    section = page.locator('[data-sheets="scoring"]')
    if await section.get_attribute("open") is None:
        await section.locator("summary").first.click()
    return section.locator(f'[data-member="{member}"]')


async def look_as(page: Page, alias: Alias | None) -> None:
    await page.get_by_label("以谁的视角").select_option(alias or "")


async def toggle_marks(page: Page) -> None:
    await page.get_by_text(re.compile("^全部标记")).click()


async def go_to_mark(page: Page, name: str) -> None:
    mark = page.get_by_role("list", name="标记", exact=True).get_by_role("button", name=name)
    await mark.click()
    await expect(mark).to_have_attribute("aria-current", "true")


async def play_to_the_close(hall: Hall, last: LastMember) -> None:
    """A pause, a call for the staff, all steps to the lock, and two talks with the agent."""
    conductor, seats, host = hall.conductor, hall.sitting.seats, hall.host
    await host.submit(c.PauseRoom(reason="望溪县副场停电，正在切换备用电源。"))
    await host.submit(c.ResumeRoom())
    await seats[E2].submit(c.CallStaff(need=c.StaffNeed.DEVICE))
    await host.submit(c.AnswerCall(seat=E2))
    conductor.allow(c.HandInExamination, c.ConcludeExamination, c.HandInScores)
    await host.until(lambda view: handed_in(6, view))
    last.hand_in()
    conductor.allow(c.ScorePrices, c.LockResult)
    await host.until(lambda view: view.lots[L1].phase is Phase.LOCKED)
    await two_talks(hall)
    await host.submit(c.CloseRoom(reason="评标结束。"))


async def two_talks(hall: Hall) -> None:
    """One that ends as no sound reaches the witness of a server without media, and one that is taken back."""
    seats = hall.sitting.seats
    await seats[E2].submit(c.AskForTalk(agent=G1, member=E2, topic=TalkTopic.REPORT))
    await seats[W1].until(lambda view: E2 in view.talk_requests)
    await seats[W1].submit(c.OpenTalk(asker=E2))
    await seats[E3].submit(c.AskForTalk(agent=G1, member=E3, topic=TalkTopic.OTHER))
    await seats[E3].submit(c.EndTalk(asker=E3))
    await hall.host.until(lambda view: len(view.past_talks) == 2)


async def test_auditor_waits_and_then_replays_the_room(hall: Hall, gallery: Gallery) -> None:
    conductor, sitting = hall.conductor, hall.sitting
    await hall.seat(H1, V1, V2, E1, E2, E3, E4, E5, E6, G1, W1)
    async with LastMember(hall, E7) as last:
        page = await hall.page()
        await hall.enter(page, U1)
        await heading(page, "等待工作人员确认席位")

        # while the room is open
        conductor.allow(c.ConfirmSeat, c.OpenCheckIn, c.StateRecusal, c.MakePledge, c.OpenElection, c.CastBallot)
        await heading(page, "正在初步评审")
        await expect(page.get_by_text("评标室关闭之后，本页开放全部评标记录")).to_be_visible()
        await page.get_by_text("各场地席位").click()
        await expect(page.get_by_role("row", name=re.compile("^E3"))).to_contain_text("此时看不到")
        await gallery.take(page, "auditor", "waiting")

        # the close opens the record
        await play_to_the_close(hall, last)
        await heading(page, "复盘")
        await expect(page.get_by_role("heading", name=re.compile("复盘：全部记录，截至"))).to_be_visible()
        talks = page.get_by_role("region", name="与代理机构通话")
        for row in ("代理机构 G1 与 E2 评标报告的办理 E2 W1", "代理机构 G1 与 E3 其他事务 E3 未开启"):
            await expect(talks.get_by_role("row", name=row)).to_be_visible()
        await gallery.take(page, "auditor", "whole")

    await replay_with_keyboard(page, gallery)
    await replay_with_the_mouse(page)
    await read_the_record(page, sitting, gallery)


async def replay_with_keyboard(page: Page, gallery: Gallery) -> None:
    """To the step before the reveal of the points, as E2 saw it, and over it."""
    slider = page.get_by_role("slider", name="时间轴")
    steps = int(await slider.get_attribute("aria-valuemax") or 0)
    await stands_at(slider, steps)

    await toggle_marks(page)
    await go_to_mark(page, REVEALED)
    reveal = await value(slider)
    assert reveal < steps
    await expect(slider).to_have_attribute("aria-valuetext", re.compile(f"第 {reveal} 步，共 {steps} 步：{REVEALED}"))
    await gallery.take(page, "auditor", "marks")
    await toggle_marks(page)
    await slider.press("ArrowLeft")
    await stands_at(slider, reveal - 1)

    await expect((await sheet(page, E1)).get_by_role("table")).to_be_visible()  # the record holds it
    await look_as(page, E2)
    await expect(page.get_by_role("heading", name=re.compile("^复盘：按 E2 在 .* 所见$"))).to_be_visible()
    of_e1, of_e2 = await sheet(page, E1), await sheet(page, E2)
    await expect(of_e1).to_contain_text("内容此时看不到")
    await expect(of_e1.get_by_role("table")).to_have_count(0)
    await expect(of_e2.get_by_role("table")).to_be_visible()
    await gallery.take(page, "auditor", "before_reveal")

    await slider.press("ArrowRight")
    await expect((await sheet(page, E1)).get_by_role("table")).to_be_visible()
    await look_as(page, W1)
    await expect((await sheet(page, E1)).get_by_role("table")).to_have_count(0)
    await slider.press("Home")
    await stands_at(slider, 1)
    await slider.press("PageUp")
    await expect(slider).not_to_have_attribute("aria-valuenow", "1")
    await slider.press("End")
    await stands_at(slider, steps)


async def replay_with_the_mouse(page: Page) -> None:
    """Drag along the line, zoom, and let it play to the end."""
    slider = page.get_by_role("slider", name="时间轴")
    box = await slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2

    async def drag(start: float, end: float) -> int:
        await page.mouse.move(box["x"] + start * box["width"], middle)
        await page.mouse.down()
        await page.mouse.move(box["x"] + (start + end) / 2 * box["width"], middle)
        await page.mouse.move(box["x"] + end * box["width"], middle)
        await page.mouse.up()
        return await value(slider)

    end = await value(slider)
    later, earlier = await drag(0.99, 0.7), await drag(0.7, 0.3)
    assert 1 < earlier < later < end
    await page.mouse.move(box["x"] + box["width"] - 1, middle)  # over the last mark
    await expect(page.locator(".line__label")).to_contain_text("评标室关闭：评标结束。")

    for name in ("放大到本阶段", "放大", "缩小", "全程"):
        await press(page, name)
    await stands_at(slider, earlier)
    await page.get_by_label("播放速度").select_option("60 倍")
    await press(page, "播放")
    await expect(slider).to_have_attribute("aria-valuenow", str(end))
    await expect(page.get_by_role("button", name="播放", exact=True)).to_be_visible()


async def read_the_record(page: Page, sitting: Sitting, gallery: Gallery) -> None:
    """A hidden line is a hash to E2; in the whole record it can be opened down to its bytes."""
    lines = await sitting.lines()
    parsed = [parse_line(raw) for raw in lines]
    scored = next(line.seq for line in parsed if types_of([line]) == ["sheet_scored"] and line.by == E1)
    reveal = [line.seq for line in parsed if types_of([line]) == ["stage_revealed"]][-1]
    assert scored < reveal

    await look_as(page, E2)
    await toggle_marks(page)
    await go_to_mark(page, REVEALED)
    await page.get_by_role("slider").press("ArrowLeft")
    await toggle_marks(page)
    hidden = page.locator(f'[data-seq="{scored}"]')
    await expect(hidden).to_contain_text(f"保密记录 #{scored}（仅哈希）")
    await look_as(page, None)
    await page.get_by_label("人员", exact=True).select_option("E1")
    await page.get_by_label("类别", exact=True).select_option("选票与评审表")
    await expect(hidden).to_contain_text("E1 的评分表")
    await hidden.get_by_role("button").first.click()
    await expect(hidden).to_contain_text(leaf_hash(lines[scored]).hex())
    await expect(hidden).to_contain_text('"type": "hand_in_scores"')
    await expect(hidden).to_contain_text(re.compile(f"大小 {len(lines)}，根 [0-9a-f]{{64}}"))
    await page.get_by_text("如何独立核验").click()
    await expect(page.get_by_text("lianping verify 档案文件名")).to_be_visible()
    await gallery.take(page, "auditor", "line")


async def test_auditor_who_comes_after_the_close_replays_too(hall: Hall) -> None:
    await hall.sitting.enrol(H1)
    await hall.host.submit(c.CloseRoom(reason="改期。"))
    page = await hall.page()

    await hall.enter(page, U1)

    await heading(page, "复盘")
    await expect(page.get_by_text("评标室已关闭：改期。")).to_be_visible()
    await expect(page.get_by_text("席位密钥没有登记成功")).to_be_hidden()


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("auditor")
