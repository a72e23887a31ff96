"""A talk with the agent at real pages: asked for by a member, opened by the witness who listens, heard, and ended."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from tests.support.axe import violations
from tests.support.client_pages import Gallery
from tests.support.hall import Hall, hall_on_air
from tests.support.live_server import E1, H1, V1, W1, kept
from tests.support.page_moves import press

pytestmark = pytest.mark.asyncio(loop_scope="package")

G1, V2 = Alias("G1"), Alias("V2")

COUNT_TONES = """
  window.tones = 0;
  const Real = OscillatorNode;
  window.OscillatorNode = class extends Real {
    constructor(...given) { super(...given); window.tones += 1; }
  };
"""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Hall]:
    async with hall_on_air(tmp_path_factory, browser, kept()) as hall:
        yield hall


async def test_member_and_agent_talk_while_the_witness_listens(hall: Hall) -> None:
    gallery = Gallery()
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(H1, V1, V2)
    pages = {alias: await hall.page(prepare=_prepare) for alias in (E1, G1, W1)}
    for alias, page in pages.items():
        await hall.enter(page, alias)
    member, agent, witness = pages[E1], pages[G1], pages[W1]
    await hall.sitting.seats[H1].until(lambda view: all(view.seats[alias].confirmed for alias in pages))
    await hall.sitting.seats[H1].submit(c.OpenCheckIn())
    agent_seen = member.locator('#wall [data-seat="G1"]')
    await expect(agent_seen).to_contain_text("按规则静音")

    await press(member, "与代理机构通话")
    await gallery.take(member, "agent_talk", "ask")
    await press(member, "评审程序、评标纪律")
    await expect(agent.get_by_text("申请通话，等候见证旁听")).to_be_visible()
    await gallery.take(witness, "agent_talk", "asked")
    await press(witness, "开始旁听")
    for page in pages.values():
        await expect(page.get_by_text("正在通话")).to_be_visible()
    await expect(agent_seen.locator("video")).to_be_visible()
    await member.wait_for_function("() => window.tones > 0")
    await agent.wait_for_function("() => window.tones > 0")
    assert await witness.evaluate("window.tones") == 0
    await gallery.take(member, "agent_talk", "open")
    await gallery.take(agent, "agent_talk", "open_agent")
    assert await violations(member) == []

    await witness.close()
    await expect(member.get_by_text("见证人员不再旁听，已结束")).to_be_visible()
    await expect(agent_seen.locator("video")).to_be_hidden()
    await gallery.take(member, "agent_talk", "ended")
    assert hall.errors == []


async def _prepare(page: Page) -> None:
    await page.add_init_script(COUNT_TONES)
