"""The report in real browsers: made by the chair, signed and refused in all four ways, made anew, minuted, sealed."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Page, Route, expect

from server.app import Server
from server.domain import commands as c
from server.domain.events import SigningEnd
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.state import Report, RoomView
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, open_hall
from tests.support.live_server import ACTS, E1, E2, E3, H1, L1, V1, stop_before
from tests.support.page_moves import choose, confirm, heading, press, read_to_the_end, write_name
from tests.support.signing_person import drawn, take_seat

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4, E5, E6, E7, V2 = (Alias(name) for name in ("E4", "E5", "E6", "E7", "V2"))
OTHERS = (H1, V1, V2, E3, E4, E5, E6, E7)
DISSENT = "投标 D 的施工组织设计得分偏高：总平面布置没有响应招标文件 4.2 条。"
MATTERS = "第一中标候选人须在签订合同前提交履约担保。"
SIGNING_ACTS = replace(
    ACTS, chair=E1, dissents={E3: "评标基准价应剔除最低报价。"}, refusals={E4: "投标 B 的业绩证明材料存疑。", E5: ""}
)


def locked(view: RoomView) -> bool:
    return bool(view.lots) and view.lots[L1].phase is Phase.LOCKED


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(server: Server, browser: Browser) -> AsyncIterator[Hall]:
    """A room whose result is locked, all seats scripted; its members sign only when the test lets them."""
    async with open_hall(server, browser, acts=SIGNING_ACTS) as hall:
        await hall.sitting.play(locked, stop_before(c.IssueReport))
        hall.direct(*OTHERS)
        hall.conductor.allow(c.ConfirmSeat)
        yield hall


def report_of(hall: Hall) -> Report:
    report = hall.host.view.lots[L1].report
    assert report is not None
    return report


async def test_report_is_signed_in_four_ways_and_sealed(hall: Hall, gallery: Gallery, tmp_path: Path) -> None:
    conductor = hall.conductor
    chair, member = await take_seat(hall, E1), await take_seat(hall, E2)

    # the chair has the report made
    await heading(member, "结果已锁定")
    await expect(member.get_by_text("等候组长生成评标报告")).to_be_visible()
    await gallery.take(member, "signing", "locked")
    await heading(chair, "请生成评标报告")
    await chair.get_by_label("签订合同前要处理的事宜（选填）").fill(MATTERS)
    await gallery.take(chair, "signing", "issue")
    await press(chair, "生成评标报告")
    await gallery.take(chair, "signing", "issue_confirm")
    await confirm(chair, "生成评标报告")

    # the first version: a member writes, and the chair has it made anew
    await read_to_the_end(member)
    await gallery.take(member, "signing", "read")
    await choose(member, "签名并保留不同意见")
    await gallery.take(member, "signing", "choose")
    await member.get_by_label("不同意见和理由", exact=True).fill(DISSENT)
    await gallery.take(member, "signing", "choose_dissent")
    await press(member, "下一步：手写签名")
    await gallery.take(member, "signing", "write_empty")
    await write_name(member, "王龘")
    await gallery.take(member, "signing", "write")
    await press(member, "写好了，核对")
    await gallery.take(member, "signing", "write_confirm")
    await confirm(member, "返回")
    await issue_anew(chair)
    await expect(member.get_by_text("现在是第 2 版")).to_be_visible()
    await heading(member, "请阅读评标报告")
    await gallery.take(member, "signing", "anew")
    assert report_of(hall).ends == {}

    # the second: refused with a dissent
    await read_to_the_end(member)
    await choose(member, "拒绝签名，书面陈述不同意见")
    await expect(member.get_by_label("不同意见和理由", exact=True)).to_have_value(DISSENT)
    await press(member, "确认拒绝签名")
    await gallery.take(member, "signing", "refuse_dissent_confirm")
    await confirm(member, "确认拒绝签名")
    await heading(member, "正在签署评标报告")
    await expect(member.get_by_text(f"不同意见：{DISSENT}")).to_be_visible()
    assert report_of(hall).ends == {E2: SigningEnd.REFUSED_WITH_DISSENT}
    await issue_anew(chair)

    # the third: refused without reasons, and minuted
    await read_to_the_end(member)
    await choose(member, "拒绝签名，且不陈述理由")
    await press(member, "确认拒绝签名")
    await gallery.take(member, "signing", "refuse_confirm")
    await confirm(member, "确认拒绝签名")
    await heading(member, "正在签署评标报告")
    await drawn(member)
    await gallery.take(member, "signing", "refused")
    await chair.get_by_text("记录成员拒绝签名且不陈述理由").click()
    await chair.get_by_label("成员", exact=True).select_option("E2")
    await chair.get_by_label("情况说明").fill("15 时 20 分请该成员签署，该成员表示不签名，也不说明理由。")
    await press(chair, "记录在案")
    await gallery.take(chair, "signing", "minute_confirm")
    await confirm(chair, "记录在案")
    await expect(member.get_by_text("组长记录：15 时 20 分")).to_be_visible()
    assert report_of(hall).ends == {E2: SigningEnd.DEEMED_AGREED}
    await issue_anew(chair)

    # the fourth: a member thinks again, then all sign at the same time
    await read_to_the_end(member)
    await choose(member, "拒绝签名，且不陈述理由")
    await press(member, "确认拒绝签名")
    await confirm(member, "确认拒绝签名")
    await press(member, "重新选择签署方式")
    await read_to_the_end(member)
    await choose(member, "签名并保留不同意见")
    await member.get_by_label("不同意见和理由", exact=True).fill(DISSENT)
    await press(member, "下一步：手写签名")
    await write_name(member, "王龘")
    await press(member, "写好了，核对")
    await read_to_the_end(chair)
    await gallery.take(chair, "signing", "chair")
    await choose(chair, "同意评标报告，在报告上签名")
    await press(chair, "下一步：手写签名")
    await write_name(chair, "赵𬱖")
    await press(chair, "写好了，核对")
    going_on = asyncio.Event()
    await member.route(re.compile("/signature$"), partial(hold, going_on))
    conductor.allow(c.SignReport, c.RefuseReport)
    await asyncio.gather(confirm(member, "确认签名"), confirm(chair, "确认签名"))
    await expect(member.get_by_text("其他成员正在签名，请稍候")).to_be_visible()
    await gallery.take(member, "signing", "busy")
    going_on.set()
    await heading(member, "正在签署评标报告")
    await expect(member.get_by_text("您的签署：已签名，保留不同意见。")).to_be_visible()
    await expect(chair.get_by_text("您的签署：已签名。")).to_be_visible()
    await expect(chair.get_by_text("还不能封存，等待：E5")).to_be_visible()
    await drawn(member)
    await gallery.take(member, "signing", "wait")
    await chair.get_by_text("记录成员拒绝签名且不陈述理由").click()
    await chair.get_by_label("成员", exact=True).select_option("E5")
    await chair.get_by_label("情况说明").fill("该成员表示不签名，也不说明理由。")
    await press(chair, "记录在案")
    await confirm(chair, "记录在案")

    # the seal
    await expect(chair.get_by_text("全体成员已经签署完毕，可以封存。")).to_be_visible()
    await press(chair, "封存评标报告")
    await confirm(chair, "封存评标报告")
    await heading(member, "评标报告已封存")
    await expect(member.get_by_text(re.compile(r"^第 1 页，共 \d+ 页$"))).to_be_visible()
    await gallery.take(member, "signing", "sealed")
    async with member.expect_download() as downloading:
        await press(member, "下载")
    saved = await (await downloading.value).path()
    assert sorted(signed_fields(saved.read_bytes(), tmp_path)) == sorted(
        ["Certify", "SignE1", "SignE2", "SignE3", "SignE6", "SignE7", "Seal"]
    )
    await press(member, "签署情况说明")
    await expect(member.locator(".page__text").first).to_contain_text("签署情况说明")
    await gallery.take(member, "signing", "signing_record")


async def hold(going_on: asyncio.Event, route: Route) -> None:
    """Keep a request back until the test lets it go on."""
    await going_on.wait()
    await route.continue_()


async def issue_anew(chair: Page) -> None:
    """The chair has the report made anew, with the texts of the version before."""
    await chair.get_by_text("重新生成评标报告", exact=True).first.click()
    await expect(chair.get_by_label("签订合同前要处理的事宜（选填）")).to_have_value(MATTERS)
    await press(chair, "重新生成评标报告")
    await confirm(chair, "重新生成评标报告")


def signed_fields(pdf: bytes, folder: Path) -> list[str]:
    """The fields whose signatures a foreign tool finds valid."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    each = re.split(r"^Signature #\d+:$", said, flags=re.MULTILINE)[1:]
    return [re.findall(r"Signature Field Name: (\S+)", text)[0] for text in each if "Signature is Valid." in text]


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("signing")
