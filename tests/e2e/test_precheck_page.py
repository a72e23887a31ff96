"""入场前检测 in real browsers: with devices and network as they are, without permission, too old, behind a firewall."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from server.app import Server, run_server
from server.domain.commands import PrecheckMark, PrecheckPart
from server.domain.ids import Alias
from server.settings import Settings, Tls
from tests.support import second_network, turn_server
from tests.support.axe import violations
from tests.support.bad_line import BadLine, Quality
from tests.support.client_pages import Gallery
from tests.support.hall import Hall
from tests.support.live_server import ACTS, E1, E3, H1, V1, media_settings, open_sitting
from tests.support.page_line import lead_through
from tests.support.page_moves import confirm_seat, press
from tests.support.patience import PATIENCE_S
from tests.support.seat_pages import chromium

pytestmark = pytest.mark.asyncio(loop_scope="package")

RESULT_WITHIN_MS: Final = 3 * PATIENCE_S * 1000
"Three ways of eight seconds each, and ten seconds of measuring."

E2 = Alias("E2")
PASSED, WARNED, FAILED = PrecheckMark.PASSED, PrecheckMark.WARNED, PrecheckMark.FAILED


def settings(data: Path, client: Path, address: str = "127.0.0.1") -> Settings:
    """A server with media under one address."""
    return replace(media_settings(data / "data", address), page=client)


async def start(page: Page) -> None:
    """Begin; the person is asked whether the tone is heard once the devices have been looked at."""
    await press(page, "开始检测")
    await expect(page.get_by_role("button", name="听到了", exact=True)).to_be_visible(timeout=RESULT_WITHIN_MS)


async def result(page: Page, result: str) -> None:
    await expect(page.locator("[data-result]")).to_have_attribute("data-result", result, timeout=RESULT_WITHIN_MS)


async def marks(page: Page) -> dict[str, str]:
    """What stands beside each part."""
    rows = await page.locator("[data-part]").all()
    found = {str(await row.get_attribute("data-part")): str(await row.get_attribute("data-mark")) for row in rows}
    return dict(sorted(found.items()))


async def test_seat_is_checked_before_it_is_confirmed_and_the_staff_see_the_result(
    tmp_path: Path, client: Path, browser: Browser
) -> None:
    gallery = Gallery()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(run_server(settings(tmp_path, client)))
        sitting = await stack.enter_async_context(open_sitting(server))
        hall = Hall(sitting, browser, ACTS)
        desk, page = await hall.page(), await hall.page()
        await hall.enter(desk, H1)
        await hall.enter(page, E1)
        await press(page, "开始检测")  # leads to the page
        await expect(page).to_have_url(f"{server.address.url}/precheck")
        await gallery.take(page, "precheck", "ready")

        elsewhere = asyncio.create_task(_bad_network_is_named(hall, stack))
        await start(page)
        await expect(page.get_by_role("button", name="正在检测……")).to_be_focused()
        assert await violations(page) == []
        await gallery.take(page, "precheck", "running")
        await press(page, "听到了")
        await result(page, "passed")
        assert await marks(page) == {part: "passed" for part in PrecheckPart} | {"relay": "skipped"}
        assert await violations(page) == []
        await gallery.take(page, "precheck", "passed")

        await elsewhere
        await press(page, "回到评标室")
        await expect(desk.locator("[data-seat=E1] [data-precheck=none]")).to_be_visible()
        await confirm_seat(desk, E1)
        await expect(desk.locator("[data-seat=E1] [data-precheck=passed]")).to_be_visible()
        await expect(page.locator("[data-precheck]")).to_contain_text("入场前检测：正常")
        await gallery.take(desk, "precheck", "console")
        found = (await sitting.state()).prechecks[E1]
        assert found.marks == {part: PASSED for part in PrecheckPart if part is not PrecheckPart.RELAY}
        assert found.line is not None
        assert found.line.kbit_s > 0
        assert found.clock_offset_ms is not None
        await hall.leave()
        assert hall.errors == []


async def _bad_network_is_named(hall: Hall, stack: AsyncExitStack) -> None:
    """A member whose proxy lets no WebSocket through at first, and whose line is bad when it does."""
    line = BadLine(Quality(), seed=1)
    stack.callback(line.close)
    page = await hall.page(prepare=partial(lead_through, line))
    await page.route_web_socket(re.compile("/signal$"), lambda socket: socket.close(code=4000))
    await hall.enter(page, E2)
    await press(page, "开始检测")
    await start(page)
    await press(page, "听到了")
    await result(page, "failed")
    await expect(page.locator("[data-part=socket]")).to_contain_text("数据连接（WebSocket）被拦截或中断。")
    await expect(page.locator("[data-part=socket]")).to_contain_text("请网络管理员在代理或防火墙上放行")
    assert [part for part, mark in (await marks(page)).items() if mark == "failed"] == ["socket"]

    await page.unroute_all()
    await lead_through(line, page)
    line.up.quality = line.down.quality = Quality(loss=0.15)
    await press(page, "重新检测")
    await expect(page.get_by_role("button", name="听到了", exact=True)).to_be_visible(timeout=RESULT_WITHIN_MS)
    await press(page, "听到了")
    await result(page, "failed")
    await expect(page.locator("[data-part=line]")).to_contain_text("线路太差：丢包")
    await expect(page.locator("[data-part=line]")).to_contain_text("请改用网线")


REFUSED_DEVICES: Final = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('by the test', 'NotAllowedError'));
"""
OLD_BROWSER: Final = "delete globalThis.HTMLDialogElement; delete globalThis.ResizeObserver;"
SLOW_CLOCK: Final = "const now = Date.now; Date.now = () => now() - 90_000;"


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def server(tmp_path_factory: pytest.TempPathFactory, client: Path) -> AsyncIterator[Server]:
    async with run_server(settings(tmp_path_factory.mktemp("server"), client)) as server:
        yield server


async def door(browser: Browser, server: Server, script: str) -> Page:
    """The page of a computer that has entered no seat, in a browser that the script has made worse."""
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(PATIENCE_S * 1000)
    page = await context.new_page()
    await page.add_init_script(script)
    await page.goto(server.address.url)
    await press(page, "先检测这台电脑")
    return page


@pytest.mark.parametrize(
    ("state", "script", "failed", "says"),
    [
        (
            "denied",
            REFUSED_DEVICES,
            {"camera", "microphone"},
            "请点击地址栏左侧的图标，把摄像头改为“允许”，再重新检测。",
        ),
        ("old_browser", OLD_BROWSER, {"browser"}, "这个浏览器太旧，缺少：ResizeObserver、dialog。"),
    ],
    ids=["denied", "old_browser"],
)
async def test_computer_without_a_seat_is_told_what_fails_and_what_to_do(
    browser: Browser, server: Server, state: str, script: str, failed: set[str], says: str
) -> None:
    page = await door(browser, server, script)

    await start(page)
    await press(page, "听到了")
    await result(page, "failed")

    assert {part for part, mark in (await marks(page)).items() if mark == "failed"} == failed
    await expect(page.get_by_text(says)).to_be_visible()
    await Gallery().take(page, "precheck", state)
    await page.context.close()


async def test_what_is_doubtful_is_named_and_does_not_keep_anyone_out(browser: Browser, server: Server) -> None:
    page = await door(browser, server, SLOW_CLOCK)

    await start(page)
    await press(page, "听到了")
    await result(page, "warned")

    await expect(page.locator("[data-result]")).to_contain_text("这台电脑可以使用，但有需要注意的地方：电脑时间。")
    await expect(page.get_by_text("请在系统设置里打开“自动设置时间”。")).to_be_visible()
    await Gallery().take(page, "precheck", "warned")

    await press(page, "重新检测")
    await expect(page.get_by_role("button", name="没有听到")).to_be_visible(timeout=RESULT_WITHIN_MS)
    await press(page, "没有听到")
    await result(page, "failed")
    await expect(page.locator("[data-part=loudspeaker]")).to_have_attribute("data-mark", "failed")
    await page.context.close()


@pytest.mark.skipif(not second_network.can_be_made(), reason="needs iproute2, and the right to make namespaces")
@pytest.mark.skipif(not turn_server.is_installed(), reason="needs coturn (Debian package `coturn`)")
async def test_firewall_against_udp_is_named_with_and_without_a_relay(tmp_path: Path, client: Path) -> None:
    async with AsyncExitStack() as stack:
        network = await stack.enter_async_context(second_network.second_network())
        await network.block_udp()
        relay = await stack.enter_async_context(
            turn_server.turn_server(tmp_path, second_network.HOST, second_network.HOST)
        )
        program = network.program_inside("chromium", tmp_path)
        without = settings(tmp_path / "without", client, second_network.HOST)
        with_relay = replace(
            settings(tmp_path / "with", client, second_network.HOST),
            turn_urls=(relay.udp, relay.tcp),
            turn_secret=turn_server.SECRET,
        )

        unknown = replace(with_relay, data=tmp_path / "unknown" / "data", turn_secret="another")

        await asyncio.gather(
            _fails_without(without, program),
            _passes_over(relay, with_relay, program),
            _fails_at_a_relay_that_does_not_know_it(relay, unknown, program),
        )


async def _fails_without(used: Settings, program: Path) -> None:
    async with _checked_there(used, program, "failed") as (server, page):
        found = await marks(page)
        assert (found["udp"], found["relay"], found["line"]) == ("failed", "skipped", "skipped")
        media_port = server.services.media and server.services.media.udp_port
        await expect(page.locator("[data-part=udp]")).to_contain_text(f"UDP {media_port} 端口")
        await Gallery().take(page, "precheck", "failed")


async def _passes_over(relay: turn_server.TurnServer, used: Settings, program: Path) -> None:
    async with _checked_there(used, program, "warned") as (_, page):
        found = await marks(page)
        assert (found["udp"], found["relay"], found["line"]) == ("warned", "warned", "passed")
        port = relay.udp.split(":")[2].partition("?")[0]
        await expect(page.locator("[data-part=relay]")).to_contain_text(f"{second_network.HOST} {port}/UDP")


async def _fails_at_a_relay_that_does_not_know_it(relay: turn_server.TurnServer, used: Settings, program: Path) -> None:
    async with _checked_there(used, program, "failed") as (_, page):
        found = await marks(page)
        assert (found["udp"], found["relay"], found["line"]) == ("failed", "failed", "skipped")
        port = relay.tcp.split(":")[2].partition("?")[0]
        row = page.locator("[data-part=relay]")
        await expect(row).to_contain_text(f"中继线路都不通：{relay.address} {port}/UDP、{relay.address} {port}/TCP。")
        await expect(row).to_contain_text("请网络管理员放行这些地址和端口，请主场管理员检查中继服务")


@asynccontextmanager
async def _checked_there(used: Settings, program: Path, outcome: str) -> AsyncIterator[tuple[Server, Page]]:
    """A member's page behind the firewall, with this result of the check."""
    async with run_server(used) as server, open_sitting(server) as sitting:
        await sitting.enrol(H1, V1)
        secure = f"--unsafely-treat-insecure-origin-as-secure={server.address.url}"
        async with chromium(secure, executable=program) as browser:
            hall = Hall(sitting, browser, ACTS)
            page = await hall.page()
            await hall.enter(page, E3)
            await press(page, "开始检测")
            await start(page)
            await press(page, "听到了")
            await result(page, outcome)
            yield server, page
            await hall.leave()


def trusting(root: Path, folder: Path) -> Path:
    """A Chromium of a computer on which the root certificate has been installed."""
    store = folder / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for command in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "lianping", "-i", str(root)]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *command], check=True)
    program = folder / "chromium"
    program.write_text(f'#!/bin/sh\nHOME={folder} exec {shutil.which("chromium")} "$@"\n')
    program.chmod(0o700)
    return program


@pytest.mark.parametrize(("trusts", "mark"), [(True, "passed"), (False, "warned")])
async def test_certificate_is_found_trusted_or_not_even_where_the_warning_was_passed(
    tmp_path: Path, client: Path, *, trusts: bool, mark: str
) -> None:
    async with AsyncExitStack() as stack:
        used = replace(settings(tmp_path, client), tls=Tls.EMBEDDED, media=False)
        server = await stack.enter_async_context(run_server(used))
        (tmp_path / "root.crt").write_bytes(server.services.root_certificate or b"")
        program = trusting(tmp_path / "root.crt", tmp_path) if trusts else None
        browser = await stack.enter_async_context(chromium(executable=program))
        context = await browser.new_context(locale="zh-CN", ignore_https_errors=not trusts)
        page = await context.new_page()
        await page.goto(f"{server.address.url}/precheck")

        await press(page, "开始检测")

        row = page.locator("[data-part=https]")
        await expect(row).to_have_attribute("data-mark", mark, timeout=RESULT_WITHIN_MS)
        await expect(row).to_contain_text("证书受信任" if trusts else "/trust")
