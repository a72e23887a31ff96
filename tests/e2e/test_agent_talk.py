"""A talk with the agent at real pages: asked for by a member, opened by the witness who listens, heard, and ended."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from server.domain.recordings import MediaTrack
from server.store.piece_files import track_folders
from signaling.recording.piece_places import pieces_in
from tests.support.axe import violations
from tests.support.client_pages import Gallery
from tests.support.hall import Hall, hall_on_air
from tests.support.listening import can_listen, heard, listen
from tests.support.live_server import E1, H1, V1, W1, kept
from tests.support.microphone import silence
from tests.support.page_moves import press
from tests.support.patience import PATIENCE_S, until
from tests.support.seat_pages import chromium, simulated
from tests.support.tones import holds_tone, sound_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

G1, V2 = Alias("G1"), Alias("V2")
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
    await listen(witness, f"{E1}-audio", f"{G1}-audio")
    await press(witness, "开始旁听")
    for page in pages.values():
        await expect(page.get_by_text("正在通话")).to_be_visible()
    await expect(agent_seen.locator("video")).to_be_visible()
    await member.wait_for_function("() => window.tones > 0")
    await agent.wait_for_function("() => window.tones > 0")
    await the_tone_is_heard_and_recorded(hall, witness)
    assert await witness.evaluate("window.tones") == 0
    await gallery.take(member, "agent_talk", "open")
    await gallery.take(agent, "agent_talk", "open_agent")
    assert await violations(member) == []

    await witness.close()
    await expect(member.get_by_text("见证人员不再旁听，已结束")).to_be_visible()
    await expect(agent_seen.locator("video")).to_be_hidden()
    await gallery.take(member, "agent_talk", "ended")
    assert hall.errors == []


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


async def _until_heard(witness: Page, side: Alias) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds_tone(await heard(witness, f"{side}-audio"), at_least_s=BROKEN_NOTE_S):  # noqa: ASYNC110 - it comes
            await asyncio.sleep(0.5)


def _pieces(hall: Hall, side: Alias) -> dict[int, Path]:
    """Of a side's sound; the first stands there when it is full."""
    folders = track_folders(hall.sitting.server.backend.recordings.folder / hall.sitting.room)
    return pieces_in(folders[side, MediaTrack.AUDIO]) if (side, MediaTrack.AUDIO) in folders else {}


async def _prepare(page: Page) -> None:
    await page.add_init_script(COUNT_TONES)
    await can_listen(page)
