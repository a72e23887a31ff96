"""Real browsers at the seats: Chromium with a simulated camera and microphone, and the smallest page with our media."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

import server as product
from server.demo.seat_client import SeatClient
from server.evidence.command_signatures import sign_join
from tests.support.patience import PATIENCE_S

LEFT_OUT = (
    "WebRtcHideLocalIpsWithMdns",
    "WebUIOmniboxPopup",  # this and the next two: pages of the address bar, a process of their own for every window
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",  # a process begun in advance for every window
)
"Parts of Chromium that no test looks at and that cost more than an empty page; measured with version 156."

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    f"--disable-features={','.join(LEFT_OUT)}",
]


def simulated(*habits: str) -> str:
    """The flag for simulated cameras and screens with these habits; they give half the pictures they otherwise would.

    Several people's pages run on one machine here, and no test looks at how smoothly things move.
    """
    return f"--use-fake-device-for-media-stream={','.join((*habits, 'fps=10'))}"


CLIENT = Path(product.__file__).parents[1] / "client_web"
PATH = "/seat-page"


async def build_seat_page(folder: Path) -> list[web.AbstractRouteDef]:
    """Build the page from the client's sources; gives the routes that serve it."""
    source = CLIENT / "src" / "media" / "testWorld" / "seatPage"
    options = ("--outDir", folder, "--emptyOutDir", "--base", f"{PATH}/", "--logLevel", "error")
    program = CLIENT / "node_modules" / ".bin" / "vite"
    vite = await asyncio.create_subprocess_exec(program, "build", source, *options, cwd=CLIENT)
    assert await vite.wait() == 0
    return [web.static(PATH, folder)]


@asynccontextmanager
async def chromium(*more_flags: str, executable: Path | None = None) -> AsyncIterator[Browser]:
    """A browser of this machine."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable or shutil.which("chromium"),
            headless=True,
            args=[*FLAGS, *more_flags],
            ignore_default_args=["--headless", "--headless=old", "--mute-audio"],
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def served(html: str) -> AsyncIterator[str]:
    """Where a single page is served on the loopback."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield site.name
    finally:
        await runner.cleanup()


class SeatPage:
    """One seat's page, with its own camera and microphone."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def state(self) -> Any:
        """What the page would show, as in `mediaPort.ts`."""
        return await self._page.evaluate("seatPage.state()")

    async def until(self, holds: str) -> None:
        """Wait until the state, as `s`, meets a condition in JavaScript."""
        await self._until(f"() => (s => {holds})(seatPage.state())", None)

    async def _until(self, holds: str, argument: Any) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not await self._page.evaluate(holds, argument):  # noqa: ASYNC110 - the page sets no event here
                await asyncio.sleep(0.05)

    async def do(self, verb: str) -> None:
        """Call a verb of the port."""
        await self._page.evaluate(f"seatPage.media.{verb}")

    async def packets(self, *sources: str) -> dict[str, int]:
        """How many packets have come of each line of these seats."""
        received = await self._page.evaluate("seatPage.received()")
        return {
            line: counts["packetsReceived"] for line, counts in received.items() if line.partition("-")[0] in sources
        }

    async def way(self) -> Any:
        """How the packets leave the browser: the kind of its candidate, and the transport of that."""
        return await self._page.evaluate("seatPage.way()")

    async def connections(self) -> int:
        """How many peer connections the page has made so far."""
        return int(await self._page.evaluate("seatPage.connections()"))

    async def sees(self, *sources: str, more: int = 10) -> None:
        """Wait until so many more pictures of each of these seats have been decoded."""
        received = await self._page.evaluate("seatPage.received()")
        lines = (f"{source}-video" for source in sources)
        before = {line: received.get(line, {}).get("framesDecoded", 0) for line in lines}
        await self._until(_HAVE_COME, {"before": before, "more": more})


_HAVE_COME = """async ({before, more}) => {
  const received = await seatPage.received();
  return Object.entries(before).every(([line, count]) => {
    const frames = received[line]?.framesDecoded ?? 0;
    return frames >= (frames < count ? more : count + more);  // a new connection counts anew
  });
}"""


async def open_seat_page(browser: Browser, seat: SeatClient, url: str) -> SeatPage:
    """A page at a seat, its media started."""
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(f"{url}{PATH}/index.html")
    proof = list(sign_join(seat.key.private, seat.token))
    await page.evaluate(
        "(seat) => seatPage.join(seat)",
        {"room": seat.room, "token": seat.token, "fingerprint": seat.key.fingerprint, "proof": proof},
    )
    return SeatPage(page)
