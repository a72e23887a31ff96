"""Witness, agent and supervisor in real browsers: one room from the empty hall to the closed record."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Locator, Page, expect

from server.app import Server
from server.domain import commands as c
from server.domain.ids import Alias, BidAlias, CheckId
from server.domain.phases import Phase, Stage
from server.domain.plan import Person
from server.session.frames import ShowProgress
from server.tender.tender_file import Failure
from tests.support.axe import violations
from tests.support.cable import Cable
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.earshot import ScriptedEarshot
from tests.support.hall import Hall, open_hall
from tests.support.live_server import ACTS, E1, E2, E3, H1, L1, S1, V1, W1
from tests.support.page_moves import heading, press

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4, E5, E6, E7, E8, V2, G1 = (Alias(name) for name in ("E4", "E5", "E6", "E7", "E8", "V2", "G1"))
GROUNDS = "本人曾任北辰路桥工程有限公司技术顾问，离职不满三年。"
DISSENT = "投标 A 的施工组织设计没有说明汛期措施，本人认为评分偏高。"
REASON = "投标有效期为 60 天，少于招标文件要求的 90 天。"
TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
SUCCESSOR = Person(name="林晓", organisation="云岭大学", title="教授")

CHAT = "评委会文字交流"
MESSAGES = {E1: "请先看投标人名单第 3 家", E2: "已看，没有需要回避的"}

PLAYED = replace(
    ACTS,
    failures=tuple(
        Failure(member=member, bid=BidAlias("C"), check=CheckId("responsiveness-2"), reason=REASON)
        for member in (E1, E2, E4, E5)
    ),
    dissents={E2: DISSENT},
    refusals={E4: "", E5: "本人不同意推荐第一中标候选人，理由已书面陈述。"},
)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(server: Server, browser: Browser) -> AsyncIterator[Hall]:
    async with open_hall(server, browser, acts=PLAYED) as hall:
        yield hall


def seat(page: Page, alias: Alias) -> Locator:
    """A seat on the wall of venues."""
    return page.locator(f'li[data-seat="{alias}"]')


def step(page: Page, name: str) -> Locator:
    """A step in the progress of the room."""
    return page.locator(f'li[data-step="{name}"]')


def signer(page: Page, alias: Alias) -> Locator:
    """A member in the list of signatures."""
    return page.locator(f'li[data-member="{alias}"]')


class Watchers:
    """The three pages, each on its own cable."""

    def __init__(self, hall: Hall, gallery: Gallery, pages: dict[str, Page]) -> None:
        self.hall = hall
        self.gallery = gallery
        self.pages = pages
        self.cables = {name: Cable() for name in pages}

    @property
    def witness(self) -> Page:
        return self.pages["witness"]

    @property
    def agent(self) -> Page:
        return self.pages["agent"]

    @property
    def supervisor(self) -> Page:
        return self.pages["supervisor"]

    def allow(self, *commands: type[c.AnyCommand]) -> None:
        self.hall.conductor.allow(*commands)

    async def take(self, name: str, state: str) -> None:
        """Take the pictures of a state, and have it checked."""
        await self.gallery.take(self.pages[name], name, state)
        assert await violations(self.pages[name]) == []

    async def take_all(self, state: str) -> None:
        await asyncio.gather(*(self.take(name, state) for name in self.pages))

    async def all_read(self, title: str) -> None:
        """Wait until all three are in this situation."""
        for page in self.pages.values():
            await heading(page, title)


async def test_three_pages_watch_one_room(hall: Hall, gallery: Gallery) -> None:
    pages = {name: await hall.page() for name in ("witness", "agent", "supervisor")}
    watchers = Watchers(hall, gallery, pages)

    await they_enter_an_empty_hall(watchers)
    await a_member_must_be_recused(watchers)
    await members_examine(watchers)
    await the_room_is_paused(watchers)
    await the_connection_is_lost(watchers)
    await members_score(watchers)
    await members_sign(watchers)
    await the_room_is_closed(watchers)


async def they_enter_an_empty_hall(watchers: Watchers) -> None:
    for (name, page), alias in zip(watchers.pages.items(), (W1, G1, S1), strict=True):
        await watchers.cables[name].lay(page)
        await watchers.hall.enter(page, alias)
    await watchers.all_read("等待工作人员确认席位")
    await watchers.take("supervisor", "unconfirmed")

    watchers.allow(c.ConfirmSeat)
    await watchers.hall.seat(H1)
    await watchers.all_read("等待签到开始")
    for page in watchers.pages.values():
        await expect(seat(page, E4)).to_contain_text("未登记")
        await expect(seat(page, W1)).to_contain_text("在线")
        await expect(seat(page, S1)).to_contain_text("已确认")
    await watchers.take_all("empty")
    await expect(watchers.supervisor.get_by_text("其他席位看不到您是否在线")).to_be_visible()


async def a_member_must_be_recused(watchers: Watchers) -> None:
    hall, sitting = watchers.hall, watchers.hall.sitting
    await hall.seat(V1, V2, E1, E2, E4, E5, E6, E7)
    recused = await sitting.enter(E3)
    await recused.enrol()
    watchers.allow(c.OpenCheckIn)
    await recused.until(lambda view: view.phase is Phase.CHECK_IN and view.seats[E3].confirmed)
    await recused.submit(c.StateRecusal(conflict=True, grounds=GROUNDS))
    await sitting.seats[E4].submit(c.CallStaff(need=c.StaffNeed.DEVICE))
    for page in (watchers.witness, watchers.supervisor):
        await expect(page.get_by_role("alert").filter(has_text=GROUNDS)).to_be_visible()
        await expect(seat(page, E4)).to_contain_text("设备故障")
    await expect(watchers.agent.get_by_text(GROUNDS)).to_have_count(0)
    await expect(step(watchers.agent, "check_in")).to_contain_text("0/7 人")
    await watchers.take_all("check_in")
    await members_write_to_each_other(watchers)

    watchers.allow(c.AnswerCall)
    await hall.host.submit(c.ReplaceMember(member=E3, reason="声明回避", successor=E8, person=SUCCESSOR))
    del sitting.seats[E3]
    await hall.seat(E8)
    await expect(watchers.witness.get_by_text("E3 由 E8 接替").first).to_be_visible()
    watchers.allow(c.StateRecusal, c.MakePledge, c.OpenElection, c.CastBallot)


async def members_write_to_each_other(watchers: Watchers) -> None:
    """Witness and supervisor read along and cannot write; agent and operators get none of it."""
    seats = watchers.hall.sitting.seats
    for member, text in MESSAGES.items():
        await seats[member].submit(c.SendMessage(text=text))
    for name in ("witness", "supervisor"):
        page = watchers.pages[name]
        await press(page, f"{CHAT} {len(MESSAGES)} 条未读")
        panel = page.get_by_role("region", name=CHAT)
        for place, (member, text) in enumerate(MESSAGES.items()):
            await expect(panel.get_by_role("listitem").nth(place)).to_contain_text(re.compile(f"{member}.*{text}"))
        await expect(panel).to_contain_text("您可以查看，不能发送。")
        await expect(panel.get_by_role("textbox")).to_have_count(0)
        await expect(panel.get_by_role("button", name="发送")).to_have_count(0)
        await watchers.take(name, "chat")
        await press(panel, "收起")
        await expect(page.get_by_role("button", name=CHAT, exact=True)).to_be_visible()

    await watchers.hall.sitting.all_hold_everything()
    await expect(watchers.agent.get_by_role("button", name=CHAT)).to_have_count(0)
    ears = {"agent": watchers.cables["agent"].received} | {
        alias: ScriptedEarshot(seats[alias]).frames for alias in (H1, V1, V2, E1)
    }
    assert {ear for ear, frames in ears.items() if holds(frames, MESSAGES[E1])} == {E1}


def holds(frames: Sequence[str | bytes], text: str) -> bool:
    """Whether a text stands in any of these frames."""
    return any(text.encode() in frame for frame in frames if isinstance(frame, bytes))


async def members_examine(watchers: Watchers) -> None:
    """Who has handed in, and for the supervisor after the reveal what."""
    await watchers.all_read("正在初步评审")
    await watchers.hall.sitting.seats[E1].put(ShowProgress(lot=L1, stage=Stage.EXAMINATION, filled=31, total=48))
    await expect(seat(watchers.witness, E1)).to_contain_text("已填 31/48")
    await watchers.take("witness", "examination")
    await watchers.take("agent", "examination")
    watchers.allow(c.HandInExamination)
    await expect(watchers.supervisor.get_by_text("各成员的初步评审意见")).to_be_visible()
    await expect(watchers.supervisor.get_by_text(REASON).first).to_be_visible()
    await expect(watchers.witness.get_by_text(REASON)).to_have_count(0)
    await watchers.take("supervisor", "verdicts")
    watchers.allow(c.ConcludeExamination)
    await watchers.all_read("正在打分")


async def the_room_is_paused(watchers: Watchers) -> None:
    host = watchers.hall.host
    await host.submit(c.PauseRoom(reason="望溪县副场断网，正在抢修。"))
    for page in watchers.pages.values():
        await expect(page.get_by_text("暂停期间成员不能提交")).to_be_visible()
    await watchers.take_all("paused")
    await host.submit(c.ResumeRoom())
    for page in watchers.pages.values():
        await expect(page.get_by_text("暂停期间成员不能提交")).to_have_count(0)


async def the_connection_is_lost(watchers: Watchers) -> None:
    """Those who watch are told that they see what was; that the supervisor is gone, and back, nobody else learns."""
    await watchers.hall.sitting.all_hold_everything()
    for name in ("witness", "agent"):
        await expect(watchers.pages[name].get_by_text("✓✓ 已见证")).to_be_visible()  # as of the last line
    shown, came = await words_of_others(watchers), frames_of_others(watchers)
    await a_cable_is_pulled(watchers, "supervisor")
    assert await words_of_others(watchers) == shown
    assert frames_of_others(watchers) == came

    for name in ("witness", "agent"):
        await a_cable_is_pulled(watchers, name)


async def a_cable_is_pulled(watchers: Watchers, name: str) -> None:
    """And put in again."""
    page, cable = watchers.pages[name], watchers.cables[name]
    came = len(cable.received)
    await cable.pull()
    await expect(page.get_by_text("本页内容可能不是最新的")).to_be_visible()
    await expect(seat(page, E4)).to_contain_text("状态未知")
    await watchers.take(name, "reconnecting")
    cable.plug()
    await expect(page.get_by_text("本页内容可能不是最新的")).to_have_count(0)
    assert len(cable.received) > came


async def words_of_others(watchers: Watchers) -> dict[str, str]:
    """All that the pages say beside the supervisor's, but for the time of day."""
    others = {name: page for name, page in watchers.pages.items() if name != "supervisor"}
    return {name: TIME.sub("", await page.locator("body").inner_text()) for name, page in others.items()}


def frames_of_others(watchers: Watchers) -> dict[str, int]:
    """How many frames have come to each seat beside the supervisor's."""
    pages = {name: len(cable.received) for name, cable in watchers.cables.items() if name != "supervisor"}
    return pages | {alias: len(seat.heard) for alias, seat in watchers.hall.sitting.seats.items()}


async def members_score(watchers: Watchers) -> None:
    """Single sheets after the reveal are for the supervisor alone; the result is not for the witness."""
    watchers.allow(c.HandInScores)
    await heading(watchers.supervisor, "等待开启报价")
    await watchers.supervisor.get_by_text("打分结果").click()
    await expect(watchers.supervisor.get_by_role("heading", name="各成员打分")).to_be_visible()
    await watchers.take("supervisor", "sheets")

    watchers.allow(c.ScorePrices, c.LockResult)
    await heading(watchers.agent, "结果已锁定")
    await expect(watchers.agent.get_by_role("table", name="排名")).to_be_visible()
    await expect(watchers.agent.get_by_text("打分结果")).to_have_count(0)
    await expect(watchers.witness.get_by_role("table", name="排名")).to_have_count(0)
    await watchers.take("agent", "locked")


async def members_sign(watchers: Watchers) -> None:
    """In four ends; a dissent is told to the supervisor."""
    watchers.allow(c.IssueReport, c.RefuseReport)
    await expect(signer(watchers.agent, E4)).to_contain_text("拒绝签名，未陈述理由")
    watchers.allow(c.SignReport)
    for page in watchers.pages.values():
        await expect(signer(page, E2)).to_contain_text("已签名，保留不同意见")
        await expect(signer(page, E5)).to_contain_text("拒绝签名，已书面陈述不同意见")
        await expect(signer(page, E8)).to_contain_text("✓ 已签名")
    await expect(signer(watchers.supervisor, E2)).to_contain_text(DISSENT)
    await expect(signer(watchers.witness, E2)).not_to_contain_text(DISSENT)
    await watchers.take_all("signing")
    watchers.allow(c.MinuteRefusal, c.SealReport)
    await watchers.all_read("评标报告已封存")
    for page in watchers.pages.values():
        await expect(signer(page, E4)).to_contain_text("视为同意")


async def the_room_is_closed(watchers: Watchers) -> None:
    """What was signed can be read and kept: by the agent from now on, never by the witness."""
    watchers.allow(c.CloseRoom)
    await watchers.all_read("评标室已关闭")
    await watchers.take_all("closed")
    await expect(watchers.witness.get_by_role("heading", name="评标报告文件")).to_have_count(0)

    agent = watchers.agent
    await press(agent, "查看 评标报告（已签署封存）")
    await expect(agent.get_by_text(re.compile("第 1 页，共 [0-9]+ 页"))).to_be_visible()
    await expect(agent.locator("canvas").first).to_be_visible()
    await watchers.take("agent", "report")
    async with agent.expect_download() as download:
        await press(agent, "保存 签署情况说明")
    kept = await download.value
    report = watchers.hall.sitting.seats[E1].view.lots[L1].report
    assert report is not None
    assert report.filed is not None
    assert kept.suggested_filename == "签署情况说明.pdf"
    content = await asyncio.to_thread(Path(await kept.path()).read_bytes)
    assert sha256(content).hexdigest() == report.filed.signing_record.sha256


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("witness", "agent", "supervisor")
