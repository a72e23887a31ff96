"""Calling the staff in real browsers: the seat that calls, the desk where it rings, those who are told of it."""

import re

import pytest
from playwright.async_api import Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall
from tests.support.live_server import E1, H1, V1, W1
from tests.support.page_moves import confirm_seat, dialog, press, row

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4 = Alias("E4")

COUNT_NOTES = """
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) {
  const page = document.documentElement.dataset;
  page.notes = Number(page.notes ?? 0) + 1;
  return start.apply(this, given);
};
"""
"Runs in a page before it loads: the root element tells how many notes have been started."


async def call(page: Page, reason: str) -> None:
    await press(page, "呼叫工作人员")
    await press(dialog(page), reason)
    await expect(dialog(page)).to_have_count(0)


async def test_a_call_rings_at_the_desk_until_it_is_answered(hall: Hall, gallery: Gallery) -> None:
    sitting = hall.sitting
    host = await hall.page()
    await host.add_init_script(COUNT_NOTES)
    await host.reload()
    await hall.enter(host, H1)
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(V1, E4)
    expert = await hall.page()
    await hall.enter(expert, E1)

    # before the seat is confirmed nobody could say who calls
    await press(expert, "呼叫工作人员")
    await expect(dialog(expert)).to_contain_text("席位确认之后才能在这里呼叫")
    await gallery.take(expert, "calls", "not_confirmed")
    await press(dialog(expert), "返回")
    await confirm_seat(host, E1)

    # the bell is silent until the operator has allowed it to sound
    await expect(host.get_by_role("button", name="呼叫铃声已关闭，点此开启")).to_be_visible()
    await press(expert, "呼叫工作人员")
    await gallery.take(expert, "calls", "reasons")
    assert await violations(expert) == []
    await press(dialog(expert), "设备故障")
    await expect(expert.get_by_role("status").filter(has_text="已呼叫，工作人员会到您的席位来。")).to_contain_text(
        "设备故障"
    )
    await gallery.take(expert, "calls", "waiting")
    calls = host.get_by_role("region", name="呼叫")
    await expect(calls.get_by_role("listitem")).to_contain_text(
        re.compile("E1.*设备故障.*清源县公共资源交易中心.*已等候.*0:", re.S)
    )
    await expect(row(host, E1)).to_contain_text("正在呼叫：设备故障")
    await expect(host).to_have_title("（呼叫）E1")
    await expect(host).to_have_title("联评 · 远程异地评标")
    await expect(host).to_have_title("（呼叫）E1")
    await expect(host.locator("html")).not_to_have_attribute("data-notes", re.compile("."))
    await press(host, "呼叫铃声已关闭，点此开启")
    await expect(host.locator("html")).to_have_attribute("data-notes", re.compile(r"^([4-9]|\d\d)$"))

    # another reason, and another venue's seat: that is not the host's business
    await press(expert, "呼叫工作人员")
    await expect(dialog(expert).get_by_role("button", name="设备故障 · 已呼叫")).to_be_disabled()
    await press(dialog(expert), "身体不适")
    await expect(calls.get_by_role("listitem")).to_contain_text("设备故障、身体不适")
    await sitting.seats[E4].until(lambda view: view.seats[E4].confirmed)
    await sitting.seats[E4].submit(c.CallStaff(need=c.StaffNeed.NETWORK))
    await expect(calls.get_by_role("listitem")).to_have_count(2)
    await expect(calls.get_by_role("listitem").nth(1)).to_contain_text("由望溪县公共资源交易中心处理")
    await expect(calls.get_by_role("button", name="应答")).to_have_count(1)
    await gallery.take(host, "calls", "ringing")
    assert await violations(host) == []

    # muted, and it stays so on this page
    await press(host, "呼叫铃声已开启，点此静音")
    await host.reload()
    await expect(host.get_by_role("button", name="呼叫铃声已关闭，点此开启")).to_be_visible()

    # answered
    await press(calls, "应答 E1")
    await expect(expert.get_by_text("工作人员已应答，正在前来。")).to_be_visible()
    await gallery.take(expert, "calls", "answered")
    await press(expert, "知道了")
    await expect(expert.get_by_text("工作人员已应答，正在前来。")).to_be_hidden()
    await expect(host).to_have_title("联评 · 远程异地评标")

    # a pause stops no call
    await press(host, "开启签到")
    await press(dialog(host), "开启签到")
    await press(host, "暂停评标")
    await dialog(host).get_by_label("暂停原因").fill("望溪县副场断网，正在抢修。")
    await press(dialog(host), "立即暂停")
    await expect(expert.get_by_text("评标已暂停。")).to_be_visible()
    await call(expert, "其他")
    await expect(row(host, E1)).to_contain_text("正在呼叫：其他")


async def test_a_venue_answers_its_own_seat_and_the_witness_is_told(hall: Hall, gallery: Gallery) -> None:
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(H1)
    operator, expert, witness = [await hall.page() for _ in range(3)]
    await hall.enter(operator, V1)
    await hall.enter(expert, E4)
    await hall.enter(witness, W1)
    await confirm_seat(operator, E4)

    await call(expert, "身体不适")
    told = witness.get_by_role("listitem").filter(has_text="呼叫工作人员：身体不适。由望溪县公共资源交易中心处理。")
    await expect(told).to_contain_text("E4")
    await gallery.take(witness, "calls", "witness")
    await press(operator, "应答 E4")

    await expect(expert.get_by_text("工作人员已应答，正在前来。")).to_be_visible()
    await expect(told).to_have_count(0)
    await expect(witness.get_by_role("log")).to_contain_text("E4 呼叫工作人员：身体不适")


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("calls")
