"""Talks with the agent at real pages: asked for by a side, opened by the witness who listens, heard, and ended."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from server.demo.seat_media import SeatMedia
from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.recordings import MediaTrack
from server.store.piece_files import track_folders
from signaling.recording.piece_places import pieces_in
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, hall_on_air
from tests.support.listening import LOUD, QUIET, can_listen, heard, listen, loudest, sounds
from tests.support.live_server import E1, E3, H1, U1, V1, W1, kept
from tests.support.microphone import silence
from tests.support.page_moves import confirm_seat, dialog, heading, press, press_and_confirm
from tests.support.patience import PATIENCE_S, until
from tests.support.played_media import played_media
from tests.support.seat_pages import chromium, simulated
from tests.support.tones import RATE, holds_tone, sound_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

G1, V2 = Alias("G1"), Alias("V2")
UNDER_WAY = 5 * RATE
"Samples that are looked at once more: a tone may have begun in them."
BROKEN_NOTE_S = 0.1
"Of 0.4 s: what is left of a note where five pages share two cores with other tests."

COUNT_TONES = """
  window.tones = 0;
  const Real = OscillatorNode;
  window.OscillatorNode = class extends Real {
    constructor(...given) { super(...given); window.tones += 1; }
  };
"""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """Its microphone is silent: what is heard is the tone."""
    async with chromium(simulated(), silence(tmp_path_factory.mktemp("sound"))) as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Hall]:
    async with hall_on_air(tmp_path_factory, browser, kept()) as hall:
        yield hall


async def test_agent_talks_with_a_member_and_with_all_while_the_witness_listens(hall: Hall) -> None:
    gallery = Gallery()
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(V1, V2, E3)
    aliases = (H1, E1, G1, W1)
    opened = await asyncio.gather(*(hall.page(prepare=_prepare) for _ in aliases))
    pages = dict(zip(aliases, opened, strict=True))
    await asyncio.gather(*(hall.enter(page, alias) for alias, page in pages.items()))
    for alias in (E1, G1, W1):
        await confirm_seat(pages[H1], alias)
    await press_and_confirm(pages[H1], "开启签到")
    async with AsyncExitStack() as stack:
        other = (await played_media(hall.sitting, stack, E3))[E3]
        await a_member_asks(pages, gallery)
        await one_hears_the_other_and_nobody_else_does(hall, pages, gallery, other)
        await the_agent_asks_for_all(pages, gallery, other)
    await the_witness_leaves(pages, gallery)
    await the_auditor_replays_it(hall, pages[H1], gallery)
    assert hall.errors == []
    assert gallery.taken == wanted_pictures("agent_talk")


async def a_member_asks(pages: dict[Alias, Page], gallery: Gallery) -> None:
    member, agent, witness = pages[E1], pages[G1], pages[W1]
    await expect(_agent_seen_by(member)).to_contain_text("按规则没有声音和画面")
    await press(member, "与代理机构通话")
    await gallery.take(member, "agent_talk", "ask")
    await press(member, "评审程序、评标纪律")
    await expect(agent.get_by_text("申请通话，等候见证旁听")).to_be_visible()
    await gallery.take(witness, "agent_talk", "asked")


async def one_hears_the_other_and_nobody_else_does(
    hall: Hall, pages: dict[Alias, Page], gallery: Gallery, other: SeatMedia
) -> None:
    """Their pages sound the tone, which the witness hears of each; a member who speaks meanwhile is not heard."""
    agent, witness = pages[G1], pages[W1]
    await listen(witness, f"{E1}-audio", f"{G1}-audio", f"{E3}-audio")
    await listen(agent, f"{E3}-audio")
    await press(witness, "开始旁听")
    for page in pages.values():
        await expect(page.get_by_text("正在通话")).to_be_visible()
    await expect(_agent_seen_by(pages[E1]).locator("video")).to_be_visible()
    for alias in (E1, G1):
        await pages[alias].wait_for_function("() => window.tones > 0")
    await asyncio.gather(
        the_tone_is_heard_and_recorded(hall, witness),
        gallery.take(pages[E1], "agent_talk", "open"),
        gallery.take(agent, "agent_talk", "open_agent"),
    )
    assert await violations(pages[E1]) == []
    assert await witness.evaluate("window.tones") == 0
    assert await loudest(witness, f"{E3}-audio", 0) > LOUD
    assert await loudest(agent, f"{E3}-audio", 0) < QUIET
    assert (G1, "audio") not in other.peer.received


async def the_agent_asks_for_all(pages: dict[Alias, Page], gallery: Gallery, other: SeatMedia) -> None:
    """Once the first talk is over; then every member hears the agent, and is heard."""
    host, member, agent, witness = (pages[alias] for alias in (H1, E1, G1, W1))
    await press(agent, "结束通话")
    await expect(_agent_seen_by(member).locator("video")).to_be_hidden()
    await press(agent, "申请与评委通话")
    await gallery.take(agent, "agent_talk", "ask_committee")
    assert await violations(agent) == []
    await agent.get_by_role("radio", name="全体评委").check()
    await press(agent, "澄清、说明、补正的办理")
    await listen(member, f"{G1}-audio")
    await press(witness, "开始旁听")
    for page in pages.values():
        await expect(page.get_by_text("代理机构 G1 与全体评委 · 澄清、说明、补正的办理")).to_be_visible()
    await asyncio.gather(_agent_is_heard(member), sounds(agent, f"{E3}-audio"))
    await until(lambda: (G1, "audio") in other.peer.received)
    await asyncio.gather(
        gallery.take(member, "agent_talk", "open_committee"), gallery.take(host, "agent_talk", "open_console")
    )


async def _agent_is_heard(member: Page) -> None:
    """The tone, or what is left of it: the agent's microphone is silent."""
    async with asyncio.timeout(PATIENCE_S):
        while await loudest(member, f"{G1}-audio", 0) < LOUD:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.1)


async def the_witness_leaves(pages: dict[Alias, Page], gallery: Gallery) -> None:
    member = pages[E1]
    await pages[W1].close()
    await expect(member.get_by_text("见证人员不再旁听，已结束")).to_be_visible()
    await expect(_agent_seen_by(member).locator("video")).to_be_hidden()
    await gallery.take(member, "agent_talk", "ended")


async def the_auditor_replays_it(hall: Hall, host: Page, gallery: Gallery) -> None:
    """Once the room is closed: the talks, and when nothing of the witness was recorded, on the line and in words."""
    await expect(host.get_by_role("region", name="未被录制的席位")).to_contain_text("W1 摄像头、麦克风")
    await press(host, "关闭评标室")
    await dialog(host).get_by_label("关闭说明").fill("改期。")
    await dialog(host).get_by_label("请输入“确认关闭”四个字以确认：").fill("确认关闭")
    await press(dialog(host), "永久关闭")
    page = await hall.page()
    await hall.enter(page, U1)

    await heading(page, "复盘")
    for lane in ("break", "talk"):
        await expect(page.locator(f".lane .lane--{lane}").first).to_be_visible()
    recordings = page.locator("[data-recordings]")
    await recordings.locator("summary").click()
    await expect(recordings.locator("summary")).to_contain_text("录制已随评标室关闭结束，中断 ")
    broken_off = recordings.get_by_role("row", name=re.compile("W1 摄像头 .* – 未恢复 音视频连接中断"))
    await gallery.take(page, "agent_talk", "replayed")
    assert await violations(page) == []
    await broken_off.get_by_role("button").press("Enter")
    await expect(recordings.get_by_role("row", name=re.compile("^W1 .*未录制，自 .*：音视频连接中断"))).to_be_visible()


def _agent_seen_by(page: Page) -> Locator:
    """The agent's seat on a member's wall."""
    return page.locator('#wall [data-seat="G1"]')


async def the_tone_is_heard_and_recorded(hall: Hall, witness: Page) -> None:
    """Of each side."""
    for side in (E1, G1):
        await _until_heard(witness, side)
    kept = {side: len(_pieces(hall, side)) for side in (E1, G1)}
    await until(lambda: all(len(_pieces(hall, side)) > kept[side] for side in kept))
    read = await hall.sitting.server.backend.recordings.reader(hall.sitting.room)
    for side in (E1, G1):
        pieces = _pieces(hall, side).values()
        assert holds_tone(sound_of(read(path) for path in pieces), at_least_s=BROKEN_NOTE_S)


async def _until_heard(listener: Page, side: Alias) -> None:
    """Look for the tone in all that has come since one listens, piece by piece."""
    since = 0
    async with asyncio.timeout(PATIENCE_S):
        while not holds_tone(samples := await heard(listener, f"{side}-audio", since), at_least_s=BROKEN_NOTE_S):
            since += max(0, len(samples) - UNDER_WAY)
            await asyncio.sleep(0.5)


def _pieces(hall: Hall, side: Alias) -> dict[int, Path]:
    """Of a side's sound; the first stands there when it is full."""
    folders = track_folders(hall.sitting.server.backend.recordings.folder / hall.sitting.room)
    return pieces_in(folders[side, MediaTrack.AUDIO]) if (side, MediaTrack.AUDIO) in folders else {}


async def _prepare(page: Page) -> None:
    await page.add_init_script(COUNT_TONES)
    await can_listen(page)
