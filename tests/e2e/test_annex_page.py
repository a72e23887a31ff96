"""A report under aliases in real browsers: the member signs it with the alias, then the annex with the own name."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Page, Route, expect

from server.app import Server
from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.phases import Phase
from server.domain.state import Report, RoomView
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, open_hall
from tests.support.live_server import ACTS, E1, E2, E3, H1, L1, UNNAMED, V1, stop_before
from tests.support.page_moves import choose, confirm, heading, press, read_to_the_end, write_name
from tests.support.signing_person import take_seat

pytestmark = pytest.mark.asyncio(loop_scope="package")

E4, E5, E6, E7, V2 = (Alias(name) for name in ("E4", "E5", "E6", "E7", "V2"))
OTHERS = (H1, V1, V2, E3, E4, E5, E6, E7)


def is_signing(view: RoomView) -> bool:
    return bool(view.lots) and view.lots[L1].phase is Phase.SIGNING


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(server: Server, browser: Browser) -> AsyncIterator[Hall]:
    """A room that never tells names, whose report waits for signatures; the others sign when the test lets them."""
    acts = replace(ACTS, chair=E1, refusals={E4: "投标 B 的业绩证明材料存疑。"})
    async with open_hall(server, browser, UNNAMED, acts) as hall:
        await hall.sitting.play(is_signing, stop_before(c.SignReport))
        hall.direct(*OTHERS)
        hall.conductor.allow(c.ConfirmSeat)
        yield hall


def report_of(hall: Hall) -> Report:
    report = hall.host.view.lots[L1].report
    assert report is not None
    return report


async def write_and_sign(page: Page, word: str) -> None:
    await write_name(page, word)
    await press(page, "写好了，核对")
    await confirm(page, "确认签名")


async def read_annex(page: Page) -> None:
    await heading(page, "请阅读成员名单附页")
    await expect(page.get_by_text("第 1 页，共 1 页")).to_be_visible()
    await expect(page.get_by_label("我已核对，内容无误")).to_be_checked()


async def test_member_signs_with_the_alias_and_then_with_the_name(hall: Hall, gallery: Gallery) -> None:
    chair, member = await take_seat(hall, E1), await take_seat(hall, E2)
    people = (await hall.sitting.state()).people

    # the report: with the alias
    await read_to_the_end(member)
    await choose(member, "同意评标报告，在报告上签名")
    await press(member, "下一步：手写签名")
    await heading(member, "请手写代号")
    await expect(member.get_by_text("请在框内写下您的代号 E2，不要写姓名")).to_be_visible()
    await gallery.take(member, "annex", "alias")
    await write_and_sign(member, "E2")

    # the annex: a server that has forgotten what it showed, then the name
    await read_annex(member)
    await expect(member.locator(".page__text").first).to_contain_text(people[E2].name)
    await gallery.take(member, "annex", "read")
    await expect(chair.get_by_text(re.compile(r"还不能封存，等待：.*E2"))).to_be_visible()
    await press(member, "下一步：手写签名")
    await heading(member, "请在附页上手写签名")
    await member.route(re.compile("/annex$"), forgotten)
    await write_name(member, "王龘")
    await press(member, "写好了，核对")
    await gallery.take(member, "annex", "write_confirm")
    await confirm(member, "确认签名")
    await expect(member.get_by_text("附页已经重新生成，没有签署任何内容")).to_be_visible()
    await read_annex(member)
    await gallery.take(member, "annex", "anew")
    assert report_of(hall).annexes == ()
    await member.unroute(re.compile("/annex$"))
    await press(member, "下一步：手写签名")
    await press(member, "写好了，核对")
    await confirm(member, "确认签名")
    await heading(member, "正在签署评标报告")
    await expect(member.get_by_text("附页已签")).to_be_visible()

    # everybody; nobody's page learns another's name
    hall.conductor.allow(c.SignReport, c.RefuseReport)
    await expect(member.get_by_text("附页待签")).to_have_count(4)
    await gallery.take(member, "annex", "wait")
    hall.conductor.allow(c.SignAnnex)
    await read_to_the_end(chair)
    await choose(chair, "同意评标报告，在报告上签名")
    await press(chair, "下一步：手写签名")
    await write_and_sign(chair, "E1")
    await read_annex(chair)
    await expect(chair.get_by_text("还不能封存，等待：E1 赵𬱖。")).to_be_visible()
    await press(chair, "下一步：手写签名")
    await write_and_sign(chair, "赵𬱖")
    await expect(chair.get_by_text("全体成员已经签署完毕，可以封存。")).to_be_visible()
    await press(chair, "封存评标报告")
    await confirm(chair, "封存评标报告")
    await heading(member, "评标报告已封存")
    text = await member.content()
    assert [person.name for alias, person in people.items() if alias != E2 and person.name in text] == []
    await press(member, "成员名单附页")
    await expect(member.locator(".page__text").first).to_contain_text(people[E2].name)
    await gallery.take(member, "annex", "sealed")


async def forgotten(route: Route) -> None:
    """What a server answers that was started anew since it showed the annex."""
    await route.fulfill(status=400, json={"code": "signing_lapsed", "text": "Sign again."})


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("annex")
