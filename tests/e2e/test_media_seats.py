"""Browsers among scripted seats: real cameras (simulated by Chromium), the real server, its real media process."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from msgspec.structs import replace
from playwright.async_api import expect

from server.app import run_server
from server.demo.play import Pause, Troupe, play
from server.demo.seat_media import SeatMedia
from server.domain import commands as c
from server.domain.ids import Alias, Digest
from server.domain.phases import Phase, Stage
from server.domain.state import RoomView
from signaling.messages import KINDS, Kind
from tests.support import second_network
from tests.support.bad_line import BadLine, Quality
from tests.support.client_pages import build_client
from tests.support.hall import Hall
from tests.support.live_server import ACTS, E1, E3, H1, L1, W1, Sitting, kept, media_settings, open_sitting
from tests.support.page_line import lead_through
from tests.support.patience import UNIT_S, until
from tests.support.played_media import played_media
from tests.support.seat_pages import SeatPage, chromium, open_seat_page

E2 = Alias("E2")
WITHOUT_VP8 = """
const take = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = function ({type, sdp}) {
  return take.call(this, {type, sdp: sdp.replaceAll(' VP8/', ' XVP8/')});
};
"""
"A browser that does not know the format of the pictures, so that it refuses their lines."
AWAY_WITHIN_S = 8 * UNIT_S
"Of a cable that is pulled. A dead peer is to be noticed in five seconds; this leaves time to a busy machine."
LOOK = 15
"Pictures of a seat that is seen, while others are watched for staying silent: about a second."


def holding_back(held: type[c.AnyCommand]) -> Pause:
    """Scripted participants who never give this command."""

    async def pause(_: Alias, command: c.AnyCommand) -> None:
        if isinstance(command, held):
            await asyncio.Event().wait()

    return pause


def everyone_is_checking_in(view: RoomView) -> bool:
    return view.phase is Phase.CHECK_IN and all(seat.confirmed for seat in view.seats.values())


def examination_is_open(view: RoomView) -> bool:
    return view.phase is Phase.EVALUATION and view.lots[L1].stages[Stage.EXAMINATION].open_round == 1


def examination_is_revealed(view: RoomView) -> bool:
    return view.lots[L1].stages[Stage.EXAMINATION].revealed_at(1) is not None


@pytest.mark.asyncio(loop_scope="package")
async def test_browsers_see_whom_the_rules_of_the_moment_let_them_see(
    tmp_path: Path, page_routes: list[web.AbstractRouteDef]
) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(run_server(media_settings(tmp_path, "127.0.0.1"), page_routes))
        sitting = await stack.enter_async_context(open_sitting(server, kept()))
        browser = await stack.enter_async_context(chromium())
        for alias in (await sitting.state()).seats:
            await sitting.enter(alias)
        troupe = Troupe(sitting.seats)
        await play(troupe, ACTS, holding_back(c.OpenElection), everyone_is_checking_in)
        scripted = await played_media(sitting, stack, E2, W1)
        pages = {alias: await open_seat_page(browser, sitting.seats[alias], server.address.url) for alias in (E1, E3)}

        await all_see_each_other(pages, scripted)
        await play(troupe, ACTS, holding_back(c.HandInExamination), examination_is_open)
        await members_see_the_witness_alone(pages)
        await play(troupe, ACTS, holding_back(c.ConcludeExamination), examination_is_revealed)
        await all_see_each_other(pages, scripted)
        await kill_media_process(sitting)
        for media in scripted.values():
            media.peer.received.clear()
        await all_see_each_other(pages, scripted)


async def all_see_each_other(pages: dict[Alias, SeatPage], scripted: dict[Alias, SeatMedia]) -> None:
    """Every member and the witness: browsers decode pictures, scripted seats get the packets of both kinds."""
    everyone = (*pages, *scripted)
    await asyncio.gather(*(page.sees(*(set(everyone) - {alias})) for alias, page in pages.items()))
    for alias, media in scripted.items():
        wanted = {(source, kind) for source in everyone if source != alias for kind in KINDS}
        await until(partial(_has_all, media, wanted))
    for page in pages.values():
        await page.until("s.link.state === 'connected' && s.own.camera.state === 'on'")
        await page.until("s.own.microphone.state === 'on' && s.own.speaking")  # Chromium's simulated one beeps


def _has_all(media: SeatMedia, wanted: set[tuple[Alias, Kind]]) -> bool:
    return wanted <= media.peer.received.keys()


async def members_see_the_witness_alone(pages: dict[Alias, SeatPage]) -> None:
    """Not one packet of another member comes while the witness is seen on and on."""
    members = (E1, E2, E3)
    await asyncio.gather(*(page.sees(W1) for page in pages.values()))  # so that what was under way has come
    before = [await page.packets(*members) for page in pages.values()]

    await asyncio.gather(*(page.sees(W1, more=LOOK) for page in pages.values()))

    assert [await page.packets(*members) for page in pages.values()] == before
    assert all(sum(lines.values()) > 0 for lines in before)


async def kill_media_process(sitting: Sitting) -> None:
    """As `kill -9` does, and wait for the one in its place."""
    bridge = sitting.server.services.media
    assert bridge is not None
    killed = bridge.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    await until(lambda: bridge.pid not in (None, killed))


async def far_seat(
    stack: AsyncExitStack,
    folder: Path,
    page_routes: list[web.AbstractRouteDef],
    network: second_network.SecondNetwork,
    address: str,
) -> tuple[SeatPage, dict[Alias, SeatMedia], Sitting]:
    """E1 in a browser on another machine, and W1 played beside the server, which is reached at this address."""
    settings = media_settings(folder, address)
    server = await stack.enter_async_context(run_server(settings, page_routes))
    sitting = await stack.enter_async_context(open_sitting(server))
    await sitting.enrol(H1, E1, W1)
    scripted = await played_media(sitting, stack, W1)
    browser = await stack.enter_async_context(
        chromium(
            f"--unsafely-treat-insecure-origin-as-secure={server.address.url}",
            executable=network.program_inside("chromium", folder),
        )
    )
    return await open_seat_page(browser, sitting.seats[E1], server.address.url), scripted, sitting


async def is_away(sitting: Sitting, alias: Alias) -> None:
    """Wait until the server does not count this seat any more among those whom it reaches with sound and pictures."""
    bridge = sitting.server.services.media
    assert bridge is not None
    assert alias in bridge.listening(sitting.room)
    await until(lambda: alias not in bridge.listening(sitting.room))


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.skipif(not second_network.can_be_made(), reason="needs iproute2, and the right to make network namespaces")
async def test_browser_on_another_machine_comes_back_when_its_cable_was_pulled_and_its_address_changed(
    tmp_path: Path, page_routes: list[web.AbstractRouteDef]
) -> None:
    async with AsyncExitStack() as stack:
        network = await stack.enter_async_context(second_network.second_network())
        page, scripted, sitting = await far_seat(stack, tmp_path, page_routes, network, second_network.HOST)
        await all_see_each_other({E1: page}, scripted)
        connections = await page.connections()

        await network.plug(state="down")
        await asyncio.wait_for(is_away(sitting, E1), AWAY_WITHIN_S)
        await page.until("s.link.state === 'reconnecting'")
        await network.plug(state="up")
        await all_see_each_other({E1: page}, scripted)

        await network.readdress()
        await page.sees(W1)
        await all_see_each_other({E1: page}, scripted)

        assert await page.connections() == connections


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.skipif(not second_network.can_be_made(), reason="needs iproute2, and the right to make network namespaces")
async def test_browser_on_another_machine_sees_and_is_seen_over_ipv6(
    tmp_path: Path, page_routes: list[web.AbstractRouteDef]
) -> None:
    async with AsyncExitStack() as stack:
        network = await stack.enter_async_context(second_network.second_network())
        page, scripted, _ = await far_seat(stack, tmp_path, page_routes, network, second_network.HOST_V6)

        await all_see_each_other({E1: page}, scripted)


@pytest.mark.asyncio(loop_scope="package")
async def test_page_of_an_expert_shows_the_witness_and_says_why_it_cannot(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        line = BadLine(Quality(), seed=1)
        stack.callback(line.close)
        await build_client(tmp_path / "page")
        settings = replace(media_settings(tmp_path, "127.0.0.1"), page=tmp_path / "page")
        server = await stack.enter_async_context(run_server(settings))
        sitting = await stack.enter_async_context(open_sitting(server))
        host, _ = await sitting.enrol(H1, W1)
        scripted = await played_media(sitting, stack, W1)
        browser = await stack.enter_async_context(chromium())
        hall = Hall(sitting, browser, ACTS)
        page = await hall.page(prepare=partial(lead_through, line))
        await hall.enter(page, E1)
        await host.until(lambda view: view.seats[E1].key is not None)
        await host.submit(c.ConfirmSeat(seat=E1, key=host.view.seats[E1].key or Digest("")))

        for alias in (E1, W1):
            tile = page.get_by_role("listitem").filter(has_text=alias)
            await expect(tile.locator("video")).to_be_visible()
            await expect(tile.locator("video")).to_have_js_property("paused", False)
        await until(lambda: (E1, "video") in scripted[W1].peer.received)
        for device in ("麦克风", "摄像头"):
            button = page.get_by_role("button", name=f"{device} 开")
            assert await button.evaluate("button => button.offsetHeight") >= 44
            await button.click()
            await expect(page.get_by_role("button", name=f"{device} 关")).to_have_attribute("aria-pressed", "false")
        await expect(page.get_by_role("listitem").filter(has_text=E1).locator("video")).to_have_count(0)

        witness = page.get_by_role("listitem").filter(has_text=W1)
        line.down.quality = Quality(bits_per_second=100_000)
        await expect(witness).to_contain_text("网络较慢，画面暂停")
        line.down.quality = Quality()
        await expect(witness).not_to_contain_text("网络较慢")
        await expect(witness.locator("video")).to_be_visible()

        await page.add_init_script(WITHOUT_VP8)
        await page.reload()
        await expect(witness).to_contain_text("本机浏览器不支持此画面")
        await expect(page.get_by_text("摄像头：这个浏览器不支持本系统的格式")).to_be_visible()
        await expect(page.get_by_text("请改用最新版的 Chrome、Edge")).to_be_visible()
        await hall.leave()
        assert hall.errors == []
