"""axe-core on the pages of entry, desk, console and expert; the watching pages have it in their own test."""

import pytest
from playwright.async_api import expect

from server.auth.operators import Operator, OperatorId, add_operator
from server.domain import commands as c
from server.domain.ids import Alias, VenueId
from server.tender.template import textbook_text
from tests.support.axe import violations
from tests.support.hall import Hall
from tests.support.live_server import E1, E3, H1, U1, V1
from tests.support.page_moves import confirm, heading, press

pytestmark = pytest.mark.asyncio(loop_scope="package")

E2, E4, E5, E6, E7, V2 = (Alias(name) for name in ("E2", "E4", "E5", "E6", "E7", "V2"))
SUN = Operator(id=OperatorId("op-1a2b3c4d"), name="孙晓梅", venue=VenueId("qingyuan"))


async def test_entry_and_desk(hall: Hall) -> None:
    page = await hall.page()
    assert await violations(page) == []
    backend = hall.sitting.server.backend
    add_operator(backend.operators_folder, SUN)
    await page.get_by_label("席位码（8 位数字）").fill((await backend.codes.issue(SUN)).digits)
    await press(page, "进入席位")

    await expect(page.get_by_role("heading", name="评标室", exact=True)).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("项目文件内容").fill(textbook_text().replace("role: expert", "role: expret", 1))
    await press(page, "检查")
    await expect(page.get_by_text("处问题，没有创建任何内容")).to_be_visible()
    assert await violations(page) == []


async def test_console_with_its_dialogs(hall: Hall) -> None:
    page = await hall.page()
    await hall.enter(page, H1)
    await (await hall.sitting.enter(E1)).enrol()
    await press(page, "核对并确认 E1")
    assert await violations(page) == []
    await press(page, "人证相符、核对码一致，确认")
    await press(page, "换设备 E1")
    assert await violations(page) == []
    await press(page, "返回")
    await press(page, "关闭评标室")
    assert await violations(page) == []


async def test_expert_from_the_seat_to_the_locked_result(hall: Hall) -> None:
    conductor = hall.conductor
    await hall.seat(H1, V1, V2, E1, E3, E4, E5, E6, E7)
    page, auditor = await hall.page(), await hall.page()
    await hall.enter(auditor, U1)
    await hall.enter(page, E2)
    await heading(page, "等待工作人员确认席位")
    assert await violations(page) == []
    conductor.allow(c.ConfirmSeat, c.OpenCheckIn)

    await heading(page, "回避声明")
    assert await violations(page) == []
    await page.get_by_label("没有，我不需要回避").check()
    await press(page, "作出声明")
    assert await violations(page) == []
    await confirm(page, "确认声明")
    await heading(page, "承诺书")
    assert await violations(page) == []
    assert await violations(auditor) == []
    await page.get_by_label("我已阅读并同意承诺书全文").check()
    await press(page, "签署承诺书")
    conductor.allow(c.StateRecusal, c.MakePledge, c.OpenElection)

    await heading(page, "推选组长")
    await page.get_by_role("radio", name="E1").check()
    assert await violations(page) == []
    await press(page, "投票")
    await confirm(page, "确认投给 E1")
    conductor.allow(c.CastBallot)

    await heading(page, "初步评审")
    for bid in "ABCDEF":
        await page.get_by_role("button", name=f"投标 {bid} 尚未填写的各项全部合格").click()
    assert await violations(page) == []
    await press(page, "填好了，通读一遍")
    assert await violations(page) == []
    await press(page, "正式提交")
    await confirm(page, "正式提交")
    await heading(page, "您的评审表已提交")
    assert await violations(page) == []
    conductor.allow(c.HandInExamination, c.ConcludeExamination)

    await heading(page, "打分")
    for bid in "ABCDEF":
        await page.locator(f'[data-cell="{bid}/plan"]').fill("12")
    assert await violations(page) == []
    await press(page, "填好了，通读一遍")
    await press(page, "正式提交")
    await confirm(page, "正式提交")
    conductor.allow(c.HandInScores, c.ScorePrices, c.LockResult)
    await heading(page, "结果已锁定")
    assert await violations(page) == []
