"""The operators' console in a real browser: seats confirmed and moved, steps opened, a member replaced, the end."""

import re

import pytest
from playwright.async_api import Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.phases import Phase, Stage
from server.domain.plan import Person
from server.session.frames import ShowProgress
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall
from tests.support.live_server import E1, E2, E3, H1, L1, V1, W1
from tests.support.page_moves import dialog, press, row
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4, E5, E6, E7, E8, V2 = (Alias(name) for name in ("E4", "E5", "E6", "E7", "E8", "V2"))
GROUNDS = "本人曾任北辰路桥工程有限公司技术顾问，离职不满三年。"
GROUPED_CODE = re.compile(r"^\d{4} \d{4}$")


async def confirm_seat(page: Page, alias: Alias) -> None:
    await press(row(page, alias), f"核对并确认 {alias}")
    await press(dialog(page), "人证相符、核对码一致，确认")
    await expect(row(page, alias)).to_contain_text("✓ 已确认")


async def test_host_brings_the_room_to_the_evaluation(hall: Hall, gallery: Gallery) -> None:
    conductor, sitting = hall.conductor, hall.sitting
    page = await hall.page()
    await hall.enter(page, H1)

    # nobody is here yet
    await expect(row(page, H1)).to_contain_text("✓ 已确认")
    await expect(page.get_by_text("席位密钥未登记")).to_be_visible()
    await gallery.take(page, "console", "prepared")

    # a new code lets a person in, whose code is compared
    await press(row(page, E7), "签发席位码 E7")
    await expect(dialog(page)).to_contain_text("席位 E7 的席位码")
    code = await dialog(page).get_by_text(GROUPED_CODE).inner_text()
    await gallery.take(page, "console", "code")
    await press(dialog(page), "已交给本人")
    expert = await hall.page()
    await expert.get_by_label("席位码（8 位数字）").fill(code)
    await press(expert, "进入席位")
    shown = await expert.locator(".code__digits").inner_text()
    await expect(row(page, E7)).to_contain_text(shown)
    await press(row(page, E7), "核对并确认 E7")
    await expect(dialog(page)).to_contain_text(shown)
    await gallery.take(page, "console", "confirm")
    await press(dialog(page), "人证相符、核对码一致，确认")
    await expect(expert.locator("[data-situation]")).to_have_text("席位已确认")

    # the others come; their venues confirm them
    conductor.allow(c.ConfirmSeat)
    await hall.seat(V1, V2, E1, E2, E4, E5, E6)
    recused = await sitting.enter(E3)
    await recused.enrol()
    await expect(page.get_by_text("待您确认的席位：E1、E2")).to_be_visible()
    for alias in (E1, E2):
        await confirm_seat(page, alias)

    # the check-in
    await expect(page.get_by_text("条件已具备")).to_be_visible()
    await press(page, "开启签到")
    await gallery.take(page, "console", "open_check_in")
    await press(dialog(page), "开启签到")
    await expect(page.get_by_role("button", name="开启推选组长")).to_be_disabled()
    await recused.until(lambda view: view.phase is Phase.CHECK_IN)
    await recused.submit(c.StateRecusal(conflict=True, grounds=GROUNDS))
    await expect(page.get_by_role("alert").filter(has_text=GROUNDS)).to_be_visible()
    await gallery.take(page, "console", "conflict")

    # the member who must be recused is replaced
    await press(page.get_by_role("alert").filter(has_text=GROUNDS), "更换成员 E3")
    await expect(dialog(page).get_by_label("接替成员代号")).to_have_value("E8")
    await dialog(page).get_by_label("接替成员代号").fill("E2")
    await dialog(page).get_by_label("姓名").fill("林晓")
    await expect(dialog(page).get_by_role("button", name="由 E2 接替 E3")).to_be_disabled()
    await dialog(page).get_by_label("接替成员代号").fill("E8")
    await dialog(page).get_by_label("工作单位").fill("云岭大学")
    await gallery.take(page, "console", "replace")
    await press(dialog(page), "由 E8 接替 E3")
    await expect(row(page, E8)).to_contain_text("○ 未登记")
    await expect(row(page, E3)).to_have_count(0)
    await hall.seat(E8)

    # a pause and its end
    await press(page, "暂停评标")
    await expect(dialog(page).get_by_role("button", name="立即暂停")).to_be_disabled()
    await dialog(page).get_by_label("暂停原因").fill("松屏县分场网络中断，等待恢复。")
    await gallery.take(page, "console", "pause")
    await press(dialog(page), "立即暂停")
    await expect(page.get_by_text("评标已暂停，恢复后继续。")).to_be_visible()
    await gallery.take(page, "console", "paused")
    await press(page, "恢复评标")
    await press(dialog(page), "恢复评标")

    # the election
    conductor.allow(c.StateRecusal, c.MakePledge)
    await expert.get_by_label("没有，我不需要回避").check()
    await press(expert, "作出声明")
    await press(expert.locator("dialog[open]"), "确认声明")
    await gallery.take(page, "console", "check_in")
    await expert.get_by_label("我已阅读并同意承诺书全文").check()
    await press(expert, "签署承诺书")
    await expect(page.get_by_text("条件已具备")).to_be_visible()
    await press(page, "开启推选组长")
    await press(dialog(page), "开启推选组长")
    await expect(page.get_by_role("heading", name="成员投票推选组长")).to_be_visible()
    conductor.allow(c.CastBallot)
    await expert.get_by_role("radio", name="E1").check()
    await press(expert, "投票")
    await press(expert.locator("dialog[open]"), "确认投给 E1")

    # the evaluation: how far everyone is, and nothing else
    host = page.get_by_role("heading", name="成员独立进行初步评审")
    await expect(host).to_be_visible()
    await sitting.seats[E1].put(ShowProgress(lot=L1, stage=Stage.EXAMINATION, filled=12, total=48))
    await expect(row(page, E1)).to_contain_text("已填 12/48")
    conductor.allow(c.HandInExamination)
    await expect(row(page, E2)).to_contain_text("✓ 已提交")
    await expect(page.get_by_role("log")).to_contain_text("E1 当选组长")
    await gallery.take(page, "console", "examination")


async def test_host_moves_a_person_to_another_device(hall: Hall, gallery: Gallery) -> None:
    page, old, new = await hall.page(), await hall.page(), await hall.page()
    await hall.enter(page, H1)
    await hall.enter(old, E1)
    await confirm_seat(page, E1)

    await press(row(page, E1), "换设备 E1")
    await expect(dialog(page).get_by_role("button", name="换设备并签发席位码")).to_be_disabled()
    await dialog(page).get_by_label("换设备的原因").fill("席位电脑死机，改用备用机。")
    await gallery.take(page, "console", "move")
    await press(dialog(page), "换设备并签发席位码")
    code = await dialog(page).get_by_text(GROUPED_CODE).inner_text()
    await press(dialog(page), "已交给本人")
    await expect(dialog(page)).to_have_count(0)
    await expect(page.locator("body")).not_to_contain_text(code)
    await expect(old.get_by_role("button", name="输入席位码")).to_be_visible()
    await new.get_by_label("席位码（8 位数字）").fill(code)
    await press(new, "进入席位")

    await confirm_seat(page, E1)
    await expect(new.locator("[data-situation]")).to_have_text("席位已确认")


async def test_operator_of_a_venue_confirms_its_own_seats_only(hall: Hall, gallery: Gallery) -> None:
    page = await hall.page()
    await hall.enter(page, V1)
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(H1, E1, E4, W1)

    await expect(row(page, E1)).to_contain_text("由该场管理员处理")
    await confirm_seat(page, E4)
    await expect(page.get_by_role("button", name="暂停评标")).to_have_count(0)
    await expect(page.get_by_role("button", name="关闭评标室")).to_have_count(0)
    await gallery.take(page, "console", "venue")


async def test_a_refusal_is_a_sentence(hall: Hall, gallery: Gallery) -> None:
    page = await hall.page()
    await hall.enter(page, V1)
    host = await hall.sitting.enter(H1)
    await host.enrol()
    await host.submit(c.OpenCheckIn())
    await (await hall.sitting.enter(E4)).enrol()
    await press(row(page, E4), "换设备 E4")
    await dialog(page).get_by_label("换设备的原因").fill("席位电脑死机，改用备用机。")
    person = Person(name="林晓", organisation="云岭大学", title="教授")
    await host.submit(c.ReplaceMember(member=E4, reason="突发疾病", successor=E8, person=person))
    await expect(row(page, E8)).to_be_visible()

    await press(dialog(page), "换设备并签发席位码")

    await expect(page.get_by_role("alert").filter(has_text="未能提交")).to_be_visible()
    await gallery.take(page, "console", "refused")

    await page.route("**/api/rooms/**", lambda route: route.abort())
    await press(row(page, E8), "签发席位码 E8")
    await expect(page.get_by_text("连接不上服务器，没有办成。")).to_be_visible()


async def test_host_closes_the_room_for_good(hall: Hall, gallery: Gallery) -> None:
    page = await hall.page()
    await hall.enter(page, H1)

    await press(page, "关闭评标室")
    await dialog(page).get_by_label("关闭说明").fill("评审全部完成。")
    await expect(dialog(page).get_by_role("button", name="永久关闭")).to_be_disabled()
    await dialog(page).get_by_label("请输入“确认关闭”四个字以确认：").fill("确认关闭")
    await gallery.take(page, "console", "close")
    await press(dialog(page), "永久关闭")

    await expect(page.get_by_text("评标室已关闭，记录已经封存。")).to_be_visible()
    await gallery.take(page, "console", "closed")


async def test_host_follows_the_signing_and_closes_a_finished_room(hall: Hall, gallery: Gallery) -> None:
    conductor = hall.conductor
    page = await hall.page()
    await hall.enter(page, H1)
    conductor.allow(c.ConfirmSeat, c.StateRecusal, c.MakePledge, c.CastBallot, c.HandInExamination)
    conductor.allow(c.ConcludeExamination, c.HandInScores, c.ScorePrices, c.LockResult)
    await hall.seat(V1, V2, E1, E2, E3, E4, E5, E6, E7)
    for alias in (E1, E2, E7):
        await confirm_seat(page, alias)
    for step in ("开启签到", "开启推选组长"):
        await expect(page.get_by_text("条件已具备")).to_be_visible()
        await press(page, step)
        await press(dialog(page), step)

    # who has signed, and what blocks the seal
    await expect(page.get_by_role("heading", name="组长生成评标报告")).to_be_visible(timeout=PATIENCE_S * 1000)
    conductor.allow(c.IssueReport)
    await expect(page.get_by_role("heading", name="成员签署评标报告")).to_be_visible(timeout=PATIENCE_S * 1000)
    await expect(page.get_by_text("已结束签署 0/7 人")).to_be_visible()
    await gallery.take(page, "console", "signing")
    assert await violations(page) == []
    conductor.allow(c.SignReport)
    await expect(page.get_by_text("已结束签署 7/7 人")).to_be_visible(timeout=PATIENCE_S * 1000)
    conductor.allow(c.SealReport)
    await expect(page.get_by_role("heading", name="评标报告已封存")).to_be_visible(timeout=PATIENCE_S * 1000)

    # a finished room closes with a reason that fits, and nothing to type
    await press(page, "关闭评标室")
    await expect(dialog(page).get_by_label("关闭说明")).to_have_value(
        "评标工作已全部完成，各标段评标报告均已签署封存。"
    )
    await gallery.take(page, "console", "close_finished")
    await press(dialog(page), "永久关闭")
    await expect(page.get_by_text("评标室已关闭，记录已经封存。")).to_be_visible()


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("console")
