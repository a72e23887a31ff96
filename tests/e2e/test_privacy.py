"""A room that covers faces and changes voices: what members and a witness get of a member, and of one that stalls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.domain import commands as c
from server.domain.ids import Alias
from server.tender.bid_files import WholeTender
from tests.support.axe import violations
from tests.support.client_pages import Gallery, wanted_pictures
from tests.support.hall import Hall, hall_on_air
from tests.support.hidden_tabs import HidingBrowser, Tab, hiding_chromium
from tests.support.listening import can_listen, falls_silent, heard, listen, sounds
from tests.support.live_server import ACTS, E1, H1, V1, W1, open_sitting, protected
from tests.support.microphone import voice
from tests.support.mosaics import BARE, BLACK, LOOK, MOSAIC, SMOOTH, shows
from tests.support.page_moves import confirm_seat
from tests.support.patience import PATIENCE_S
from tests.support.seat_pages import chromium, simulated
from tests.support.tones import pitch_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

E2, E3 = Alias("E2"), Alias("E3")

MAY_STALL = """
  window.isStalled = false;
  const [peers, workers, contexts] = [[], [], []];
  const [RealPeer, RealWorker, RealContext] = [RTCPeerConnection, Worker, AudioContext];
  window.RTCPeerConnection = class extends RealPeer {
    constructor(...given) { super(...given); peers.push(this); }
  };
  window.Worker = class extends RealWorker {
    constructor(...given) { super(...given); workers.push(this); }
    postMessage(...given) { if (!isStalled) super.postMessage(...given); }
  };
  window.AudioContext = class extends RealContext {
    constructor(...given) { super(...given); contexts.push(this); if (isStalled) void super.suspend(); }
    async resume() { if (!isStalled) await super.resume(); }
  };
  window.stall = () => {
    window.isStalled = true;
    for (const worker of workers) worker.terminate();
    for (const context of contexts) if (context.state !== 'closed') void context.suspend();
  };
  window.lines = () => peers.at(-1).getTransceivers().map(({ mid }) => mid);
"""
"Before the page loads: its transforms can be stopped, and stay so however often they are begun anew."

WITHOUT_FRAMES = "delete window.MediaStreamTrackGenerator;"
"Before the page loads: a browser that takes no frames from it, so that the mosaic goes by a canvas."

ENTER = """(code) => {
  const field = document.querySelector('input');
  field.value = code;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.form.requestSubmit();
}"""
"What a person does at the door, in a tab without Playwright."

OWN_HZ = 90
"How high all speak here."
CHANGED_HZ = ((110, 150), (175, 220))
"How high a changed voice is once the mask knows the own one, whoever speaks: `disguise.ts`, and what measuring adds."
BARE_SOUND, MASKED_SOUND = f"{E2}-audio", f"{E2}-masked_audio"

LOOK_ON = f"""([selector, count]) => new Promise((done) => {{
  const video = document.querySelector(selector);
  const shown = () => video.getVideoPlaybackQuality().totalVideoFrames;
  const seen = [];
  const end = shown() + count;
  const looking = setInterval(() => {{
    seen.push(({LOOK})(video));
    if (shown() < end) return;
    clearInterval(looking);
    done(seen);
  }}, 50);
}})"""
"What is seen until so many more pictures have come."


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """Before its microphone somebody speaks at a known pitch."""
    async with chromium(simulated(), voice(tmp_path_factory.mktemp("sound"), OWN_HZ)) as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Hall]:
    async with hall_on_air(tmp_path_factory, browser, protected()) as hall:
        yield hall


async def _prepare(page: Page, before: str = "") -> None:
    await can_listen(page)
    await page.add_init_script(MAY_STALL + before)


async def test_members_get_a_mosaic_and_another_voice_and_nothing_where_these_stall(
    hall: Hall, gallery: Gallery
) -> None:
    hall.conductor.allow(c.ConfirmSeat)
    await hall.seat(V1)
    aliases = (H1, W1, E1, E2)
    opened = await asyncio.gather(*(hall.page(prepare=_prepare) for _ in aliases))
    pages = dict(zip(aliases, opened, strict=True))
    async with hiding_chromium() as browser:
        tab = await browser.tab()
        await asyncio.gather(
            enter(tab, hall, E3), *(hall.enter(page, alias) for alias, page in pages.items()), confirm_seats(pages[H1])
        )
        await they_are_protected(pages, gallery)
        await a_hidden_page_is_no_exception(browser, tab, pages[E1])
        await the_voice_that_was_heard_is_another(pages[E1], pages[W1])
        await these_stall(pages, tab, gallery)
        await they_come_back(pages, tab)
    for page in opened:
        await page.context.close()


async def confirm_seats(host: Page) -> None:
    for alias in (W1, E1, E2):
        await confirm_seat(host, alias)


async def they_are_protected(pages: dict[Alias, Page], gallery: Gallery) -> None:
    one, witness = pages[E1], pages[W1]
    tile = one.locator(f'li[data-seat="{E2}"]')

    # a member sees a mosaic of the other one and of itself, the witness the camera's picture
    await asyncio.gather(
        *(shows(page, seat, MOSAIC) for page, seat in ((one, E2), (one, E1), (one, E3), (pages[H1], E2))),
        shows(witness, E2, BARE),
    )
    await expect(tile).to_contain_text("已遮挡 · 已变声")
    await expect(one.locator(f'li[data-seat="{E1}"]')).to_contain_text("别人看到的您")
    await expect(witness.locator(f'[data-seat="{E2}"]').first).not_to_contain_text("已遮挡")

    # a member's page has no line of what is kept from it
    lines = {alias: await lines_of(page, E2) for alias, page in pages.items()}
    assert lines[E1] == lines[H1] == {f"{E2}-masked_video", f"{E2}-masked_audio"}
    assert lines[W1] == {f"{E2}-video", f"{E2}-audio"}

    # the witness hears the voice as it is, the member another one: this is listened to for a while
    await expect(tile).to_contain_text("正在发言")
    await listen(witness, BARE_SOUND)
    await listen(one, MASKED_SOUND)
    await gallery.take(one, "privacy", "member")
    assert await violations(one) == []


async def the_voice_that_was_heard_is_another(one: Page, witness: Page) -> None:
    assert await pitch(witness, BARE_SOUND) == pytest.approx(OWN_HZ, rel=0.05)
    changed = await pitch(one, MASKED_SOUND)
    assert any(low < changed < high for low, high in CHANGED_HZ), changed


async def a_hidden_page_is_no_exception(browser: HidingBrowser, tab: Tab, one: Page) -> None:
    """What it sends goes on: it is never a picture of before, nor the camera's."""
    await (await browser.tab()).show()
    await tab.until("document.visibilityState === 'hidden'")
    async with asyncio.timeout(PATIENCE_S):
        seen = await one.evaluate(LOOK_ON, [f'[data-seat="{E3}"] video', 30])
    assert max(each["roughest"] for each in seen) < SMOOTH
    await shows(one, E3, MOSAIC)
    await expect(one.locator(f'li[data-seat="{E3}"]')).to_contain_text("正在发言")


async def these_stall(pages: dict[Alias, Page], tab: Tab, gallery: Gallery) -> None:
    """At a page in front and at a hidden one: black and silence, and the person is told."""
    one, other, witness = pages[E1], pages[E2], pages[W1]
    tiles = {alias: one.locator(f'li[data-seat="{alias}"]') for alias in (E2, E3)}
    await asyncio.gather(other.evaluate("stall()"), tab.run("stall()"))
    for sentence in ("其他成员现在只看到黑屏", "其他成员现在听不到您说话"):
        await expect(other.get_by_text(sentence)).to_be_visible()
    await asyncio.gather(shows(one, E2, BLACK), shows(one, E3, BLACK), falls_silent(one, MASKED_SOUND))
    for tile in tiles.values():
        await expect(tile).not_to_contain_text("正在发言")
    await asyncio.gather(shows(witness, E2, BARE), sounds(witness, BARE_SOUND))

    # so are those who get nothing of it, and the venue's operator; the witness, who gets it as it is, is not
    for row in (*tiles.values(), pages[H1].locator(f'tr[data-seat="{E2}"]')):
        await expect(row).to_contain_text("画面遮挡中断，暂时没有画面")
        await expect(row).to_contain_text("变声中断，暂时没有声音")
        await expect(row).not_to_contain_text("已遮挡")
    await expect(witness.locator(f'[data-seat="{E2}"]').first).not_to_contain_text("中断")
    await asyncio.gather(
        gallery.take(one, "privacy", "others"),
        gallery.take(pages[H1], "privacy", "console"),
        gallery.take(other, "privacy", "stalled"),
    )
    assert await violations(other) == []


async def they_come_back(pages: dict[Alias, Page], tab: Tab) -> None:
    """By themselves."""
    one, other = pages[E1], pages[E2]
    await asyncio.gather(other.evaluate("() => { window.isStalled = false; }"), tab.run("window.isStalled = false"))
    for alias in (E2, E3):
        tile = one.locator(f'li[data-seat="{alias}"]')
        await shows(one, alias, MOSAIC)
        await expect(tile).to_contain_text("正在发言")
        await expect(tile).to_contain_text("已遮挡 · 已变声")
    await expect(other.get_by_text("暂停工作")).to_have_count(0)


async def pitch(page: Page, line: str) -> float:
    """Of the voice that has been heard on a line."""
    return pitch_of(await heard(page, line))


async def enter(tab: Tab, hall: Hall, alias: Alias) -> None:
    """A seat's page in a tab that can be hidden."""
    await tab.open(hall.sitting.url, before=MAY_STALL)
    await tab.until("document.querySelector('input')?.form !== undefined")
    await tab.run(f"({ENTER})('{await hall.sitting.code(alias)}')")


async def test_faces_alone_are_covered_and_voices_alone_are_changed(hall: Hall) -> None:
    async with asyncio.TaskGroup() as rooms:
        rooms.create_task(faces_alone_are_covered_by_a_canvas_too(hall))
        rooms.create_task(voices_alone_are_changed(hall))


async def faces_alone_are_covered_by_a_canvas_too(hall: Hall) -> None:
    async with room_of_two(hall, protected(voices=False), WITHOUT_FRAMES) as (one, other):
        tile = one.locator(f'li[data-seat="{E2}"]')
        await shows(one, E2, MOSAIC)
        await expect(tile).to_contain_text("正在发言")
        await expect(tile).to_contain_text("已遮挡")
        await expect(tile).not_to_contain_text("已变声")
        assert await lines_of(one, E2) == {f"{E2}-masked_video", f"{E2}-audio"}

        await other.evaluate("stall()")
        await shows(one, E2, BLACK)
        await expect(tile).to_contain_text("画面遮挡中断，暂时没有画面")
        await expect(tile).not_to_contain_text("变声中断")
        await expect(tile).to_contain_text("正在发言")
        await other.evaluate("() => { window.isStalled = false; }")
        await shows(one, E2, MOSAIC)


async def voices_alone_are_changed(hall: Hall) -> None:
    async with room_of_two(hall, protected(faces=False)) as (one, other):
        tile = one.locator(f'li[data-seat="{E2}"]')
        await shows(one, E2, BARE)
        await expect(tile).to_contain_text("正在发言")
        await expect(tile).to_contain_text("已变声")
        await expect(tile).not_to_contain_text("已遮挡")
        assert await lines_of(one, E2) == {f"{E2}-video", f"{E2}-masked_audio"}

        await other.evaluate("stall()")
        await expect(tile).to_contain_text("变声中断，暂时没有声音")
        await expect(tile).not_to_contain_text("正在发言")
        await shows(one, E2, BARE)


@asynccontextmanager
async def room_of_two(hall: Hall, whole: WholeTender, before: str = "") -> AsyncIterator[tuple[Page, Page]]:
    """Another room on the same server: pages of E1, who looks on, and of E2, before which a script runs."""
    async with open_sitting(hall.sitting.server, whole) as sitting:
        room = Hall(sitting, hall.browser, ACTS)
        room.conductor.allow(c.ConfirmSeat)
        await room.seat(H1, V1)
        one, other = await asyncio.gather(
            room.page(prepare=_prepare), room.page(prepare=partial(_prepare, before=before))
        )
        await asyncio.gather(room.enter(one, E1), room.enter(other, E2))
        yield one, other
        await room.leave()
        assert room.errors == []


async def lines_of(page: Page, seat: Alias) -> set[str]:
    """The lines of a page that are of a seat."""
    return {mid for mid in await page.evaluate("lines()") if mid.startswith(f"{seat}-")}


async def test_every_wanted_picture_was_taken(gallery: Gallery) -> None:
    assert gallery.taken == wanted_pictures("privacy")
