"""An expert's sitting in a real browser, from the entry code to the locked ranking, among scripted seats."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from server.app import Server
from server.domain import commands as c
from server.domain.ids import Alias, BidAlias, CheckId
from server.domain.phases import Stage
from server.domain.plan import Person
from server.session.frames import ShowProgress
from server.tender.tender_file import Acts, Failure
from tests.support.cable import Cable
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, open_hall
from tests.support.live_server import E1, E2, E3, H1, L1, U1, V1
from tests.support.page_moves import confirm, heading, press
from tests.support.rich_tender import CRITERIA, rich_tender

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4, E5, E8 = Alias("E4"), Alias("E5"), Alias("E8")
REASON = "投标有效期为 60 天，少于招标文件要求的 90 天。"


RICH = rich_tender()
FAILURES = tuple(
    Failure(member=member, bid=BidAlias("C"), check=CheckId("responsiveness-2"), reason=REASON)
    for member in (E2, E3, E4, E5)
)
ACTS = replace(RICH.tender.acts or Acts(), failures=FAILURES)


@pytest_asyncio.fixture(loop_scope="package")
async def hall(server: Server, browser: Browser) -> AsyncIterator[Hall]:
    """A room of the rich tender."""
    async with open_hall(server, browser, RICH, ACTS) as hall:
        yield hall


async def type_points(page: Page, points: dict[str, list[str]]) -> None:
    """Type bid by bid, going down with Enter; full-width digits as an input method gives them."""
    first = True
    for bid, column in points.items():
        for criterion, value in zip(CRITERIA, column, strict=True):
            if first:
                await page.locator(f'[data-cell="{bid}/{criterion}"]').focus()
                first = False
            await page.keyboard.insert_text(value)
            await page.keyboard.press("Enter")


POINTS = {
    "A": ["１３", "5", "4.5"],
    "B": ["14.5", "5.5", "4"],
    "D": ["14", "5", "4.5"],
    "E": ["12。5", "4", "4"],
    "F": ["10.5", "4", "3.5"],
}


async def test_expert_goes_from_the_code_to_the_locked_ranking(hall: Hall, gallery: Gallery) -> None:
    conductor, sitting = hall.conductor, hall.sitting
    await hall.seat(H1, V1, Alias("V2"), E2, E3, E4, E5, Alias("E6"), Alias("E7"))
    watch = await hall.page()
    await hall.enter(watch, U1)
    cable = Cable()
    page = await hall.page()
    await cable.lay(page)

    # the door
    await gallery.take(page, "entry", "empty")
    await page.get_by_label("席位码（8 位数字）").fill("12345678")
    await press(page, "进入席位")
    await expect(page.get_by_role("alert")).to_contain_text("席位码不正确")
    await gallery.take(page, "entry", "refused")
    await hall.enter(page, E1)

    # the seat
    await heading(page, "等待工作人员确认席位")
    await gallery.take(page, "expert", "waiting_confirmation")
    conductor.allow(c.ConfirmSeat)
    await heading(page, "席位已确认")
    await gallery.take(page, "expert", "waiting_check_in")
    conductor.allow(c.OpenCheckIn)

    # check-in
    await heading(page, "回避声明")
    await gallery.take(watch, "watch", "check_in")
    await gallery.take(page, "expert", "recusal")
    await page.get_by_label("没有，我不需要回避").check()
    await press(page, "作出声明")
    await gallery.take(page, "expert", "recusal_confirm")
    await confirm(page, "确认声明")
    await heading(page, "承诺书")
    await page.get_by_label("我已阅读并同意承诺书全文").check()
    await gallery.take(page, "expert", "pledge")
    await press(page, "签署承诺书")
    await heading(page, "您已完成签到")
    await gallery.take(page, "expert", "waiting_election")

    # the chair
    conductor.allow(c.StateRecusal, c.MakePledge, c.OpenElection)
    await heading(page, "推选组长")
    await page.get_by_role("radio", name="E1").check()
    await gallery.take(page, "expert", "ballot")
    await press(page, "投票")
    await gallery.take(page, "expert", "ballot_confirm")
    await confirm(page, "确认投给 E1")
    await heading(page, "您已投票")
    await gallery.take(page, "expert", "waiting_ballots")
    conductor.allow(c.CastBallot)

    # examination
    await heading(page, "初步评审")
    await gallery.take(page, "expert", "examination_empty")
    await examine(page)
    await gallery.take(page, "expert", "examination_filled")
    await page.reload()
    await heading(page, "初步评审")
    await expect(page.get_by_text("我已填写 48 项，共 48 项")).to_be_visible()
    await press(page, "填好了，通读一遍")
    await gallery.take(page, "expert", "examination_review")
    await press(page, "正式提交")
    await gallery.take(page, "expert", "examination_confirm")
    await confirm(page, "正式提交")
    await heading(page, "您的评审表已提交")
    await sitting.seats[E3].put(ShowProgress(lot=L1, stage=Stage.EXAMINATION, filled=31, total=48))
    await expect(page.get_by_text("正在填写 31/48")).to_be_visible()
    await gallery.take(page, "expert", "waiting_examinations")
    await gallery.take(watch, "watch", "examination")
    conductor.allow(c.HandInExamination)
    await heading(page, "形成初步评审结论")
    await page.get_by_label("投标文件 C 的否决理由（写入评标报告）").fill("投标有效期不足 90 天，不符合前附表 2.1.3。")
    await gallery.take(page, "expert", "conclude")
    await press(page, "形成结论")
    await confirm(page, "形成结论")

    # scoring
    await heading(page, "打分")
    await gallery.take(page, "expert", "scoring_empty")
    await type_points(page, {**POINTS, "A": ["16", "5.3", "4.5"]})
    await expect(page.get_by_text("分值须在 0 至 15 之间。")).to_be_visible()
    await gallery.take(page, "expert", "scoring_problem")
    await cable.pull()
    await expect(page.get_by_text("正在重新连接").first).to_be_visible()
    await type_points(page, POINTS)
    await expect(page.get_by_text(re.compile("有 .* 项未保存"))).to_be_visible()
    await gallery.take(page, "room", "reconnecting")
    cable.plug()
    await expect(page.get_by_text("已填写的内容均已保存")).to_be_visible()
    await gallery.take(page, "expert", "scoring_filled")
    await hall.host.submit(c.PauseRoom(reason="望溪县副场网络故障，正在抢修。"))
    await expect(page.get_by_text("评标已暂停。")).to_be_visible()
    await gallery.take(page, "room", "paused")
    await press(page, "填好了，通读一遍")
    await press(page, "正式提交")
    await confirm(page, "正式提交")
    await expect(page.get_by_role("alert").filter(has_text="评标已暂停，暂时不能提交")).to_be_visible()
    await gallery.take(page, "expert", "refused")
    await hall.host.submit(c.ResumeRoom())
    await expect(page.get_by_text("评标已暂停。")).to_be_hidden()
    await gallery.take(page, "expert", "scoring_review")
    await press(page, "正式提交")
    await confirm(page, "正式提交")
    await heading(page, "您的打分表已提交")
    await gallery.take(page, "expert", "waiting_scores")
    conductor.allow(c.HandInScores)

    # a returned sheet, the chair's own
    await heading(page, "打分已公开，请开启报价")
    await gallery.take(page, "expert", "prices")
    await page.get_by_text("退回某位成员的评审表").click()
    await page.get_by_label("退回给").select_option("E1")
    await page.get_by_label("退回理由").fill("投标 A 的企业信誉一项，请按前附表 3.2 重新核对。")
    await gallery.take(page, "expert", "return_sheet")
    await press(page, "退回")
    await confirm(page, "退回")
    await heading(page, "打分")
    await press(page, "填入上次的内容")
    await expect(page.get_by_text("我已填写 15 项，共 15 项")).to_be_visible()
    await gallery.take(page, "expert", "returned")
    await expect(page.get_by_text("已填写的内容均已保存")).to_be_visible()
    await press(page, "填好了，通读一遍")
    await press(page, "正式提交")
    await confirm(page, "正式提交")

    # prices and the result
    await heading(page, "打分已公开，请开启报价")
    await press(page, "开启报价")
    await gallery.take(page, "expert", "prices_confirm")
    await confirm(page, "开启报价")
    await heading(page, "请核对并锁定排名")
    await gallery.take(page, "expert", "summary")
    await page.get_by_text("报价与价格分").click()
    await page.get_by_text(re.compile("^计算过程")).first.click()
    await gallery.take(page, "expert", "trace")
    await press(page, "锁定排名")
    await confirm(page, "锁定排名")
    await heading(page, "请生成评标报告")
    await heading(watch, "结果已锁定")
    await gallery.take(watch, "watch", "locked")
    ranked = sitting.seats[E2].view.lots[L1].ranked
    assert ranked is not None
    rows = await page.get_by_role("table", name="排名").locator("tbody tr").all_inner_texts()
    assert [re.split(r"\s+", row.strip())[0] for row in rows] == [str(each.rank) for each in ranked.ranking.order]
    assert [Decimal(row.split()[-1]) for row in rows] == [Decimal(each.total) for each in ranked.ranking.order]

    # the same seat in another window, then at another computer
    kept = await page.evaluate("sessionStorage.getItem('lianping.seat')")
    second = await page.context.new_page()
    await second.goto(sitting.url)
    await second.evaluate("kept => sessionStorage.setItem('lianping.seat', kept)", kept)
    await second.goto(f"{sitting.url}/room/{sitting.room}")
    await heading(second, "请生成评标报告")
    await expect(page.get_by_role("heading", name="席位已在另一个窗口打开")).to_be_visible()
    await gallery.take(page, "ended", "taken_over")
    await hall.host.submit(c.ReleaseSeat(seat=E1, reason="键盘故障，更换电脑。"))
    await expect(second.get_by_role("heading", name="席位已换到另一台电脑")).to_be_visible()
    await gallery.take(second, "ended", "seat_released")
    await press(second, "输入席位码")
    third = await hall.page()
    await hall.enter(third, E1)
    await heading(third, "请生成评标报告")

    # the end
    await hall.host.submit(c.CloseRoom(reason="评标结束。"))
    await heading(third, "评标室已关闭")
    await gallery.take(third, "expert", "closed")


async def examine(page: Page) -> None:
    """Fill the sheet of the examination with keyboard and mouse: bid C fails one check, all else passes."""
    await page.locator('[data-cell="A/form-1/passed"]').focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    await expect(page.locator('[data-cell="B/form-2/passed"]')).to_have_attribute("aria-pressed", "true")
    await page.locator('[data-cell="C/responsiveness-2/failed"]').click()
    await expect(page.get_by_label("投标文件 C 不合格理由：投标有效期符合要求")).to_be_focused()
    await page.keyboard.insert_text(REASON)
    for bid in "ABCDEF":
        await page.get_by_role("button", name=f"投标 {bid} 尚未填写的各项全部合格").click()
    await press(page, "撤销投标 F 的全部合格")
    await expect(page.get_by_text("还有 8 项没有完成")).to_be_visible()
    await page.get_by_role("button", name="投标 F 尚未填写的各项全部合格").click()
    await expect(page.get_by_text("已填写的内容均已保存")).to_be_visible()


async def test_expert_who_must_be_recused_is_replaced(hall: Hall, gallery: Gallery) -> None:
    await hall.seat(H1, V1, Alias("V2"), E1, E3, E4, E5, Alias("E6"), Alias("E7"))
    hall.conductor.allow(c.ConfirmSeat, c.OpenCheckIn)
    page = await hall.page()
    await hall.enter(page, E2)

    await heading(page, "回避声明")
    await page.get_by_label("有，我需要回避").check()
    await page.get_by_label("回避情形说明").fill("本人曾任北辰路桥工程有限公司技术顾问，离职不满三年。")
    await press(page, "作出声明")
    await gallery.take(page, "expert", "conflict_confirm")
    await confirm(page, "确认声明")
    await heading(page, "您已声明需要回避")
    await gallery.take(page, "expert", "recused")
    person = Person(name="林晓", organisation="云岭大学", title="教授")
    await hall.host.submit(c.ReplaceMember(member=E2, reason="声明回避", successor=E8, person=person))

    await expect(page.get_by_role("heading", name="您已退出本次评审")).to_be_visible()
    await gallery.take(page, "ended", "seat_left")


async def test_guesses_at_the_door_have_to_wait(hall: Hall, gallery: Gallery) -> None:
    page = await hall.page()
    field = page.get_by_label("席位码（8 位数字）")
    waiting = page.get_by_text("输入错误次数过多")
    for guess in range(40):
        await field.fill(f"{10_000_000 + guess}")
        async with page.expect_response("**/api/entry") as answer:
            await press(page, "进入席位")
        if (await (await answer.value).json())["code"] == "too_many_tries":
            break

    await expect(waiting).to_be_visible()
    await expect(page.get_by_role("button", name="进入席位")).to_be_disabled()
    await gallery.take(page, "entry", "too_many_tries")


async def test_a_room_without_a_code_leads_to_the_door(hall: Hall) -> None:
    page = await hall.page()

    await page.goto(f"{hall.sitting.url}/room/{hall.sitting.room}")

    await expect(page.get_by_role("heading", name="进入评标席位")).to_be_visible()


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("ended", "entry", "expert", "room", "watch")
