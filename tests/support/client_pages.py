"""The whole client in a real browser: built from its sources, looked at in both languages and at two sizes."""

import asyncio
import json
import shutil
from base64 import b64decode
from pathlib import Path
from typing import Final

from playwright.async_api import CDPSession, Page

import server as product
from tests.support.patience import PATIENCE_S

CLIENT = Path(product.__file__).parents[1] / "client_web"
PICTURES = Path(__file__).parents[1] / "e2e" / "pictures"

LANGUAGES: Final = ("zh-CN", "en")
SIZES: Final = ((1366, 768), (911, 512))
"A common screen of a county's seats, and the same at a zoom of 150 %."

_LOOK: Final = """() => {
  const { scrollWidth, clientWidth, scrollHeight } = document.documentElement;
  return [scrollWidth - clientWidth, document.querySelector('dialog[open]') ? innerHeight : scrollHeight];
}"""
"By how much the page is too wide, and how high the screen has to be to show all of it."

_SPEAK: Final = "language => document.querySelector(`button[lang='${language}']`).click()"


_BUILT: list[Path] = []
"Where the client was built in this run."


async def build_client(folder: Path) -> None:
    """The client, built from its sources into this folder: once a run, then copied."""
    if _BUILT:
        await asyncio.to_thread(shutil.copytree, _BUILT[0], folder, dirs_exist_ok=True)
        return
    await build_page(".", folder)
    _BUILT.append(folder)


async def build_page(source: str, folder: Path) -> None:
    """Build the page whose `index.html` stands in this folder of the client."""
    program = CLIENT / "node_modules" / ".bin" / "vite"
    options = ("--config", "vite.config.ts", "--outDir", folder, "--emptyOutDir", "--logLevel", "error")
    vite = await asyncio.create_subprocess_exec(program, "build", source, *options, cwd=CLIENT)
    assert await vite.wait() == 0


Picture = tuple[str, str, str]
"Page, state, language."

ALL_TAKEN: set[Picture] = set()
"In this run, by whatever test."


class Gallery:
    """Pictures of every state, and the proof that none of them is wider than the screen."""

    def __init__(self) -> None:
        self.taken: set[Picture] = set()
        PICTURES.mkdir(exist_ok=True)

    async def take(self, page: Page, name: str, state: str) -> None:
        """Pictures of what the page shows now, in each language and size; it stays in Chinese at the first size.

        A browser leaves one of its tools' requests without an answer now and then; then all is done anew, once.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._take(page, name, state)
        except TimeoutError:
            async with asyncio.timeout(PATIENCE_S):
                await self._take(page, name, state)

    async def _take(self, page: Page, name: str, state: str) -> None:
        width, height = SIZES[-1]
        await page.set_viewport_size({"width": width, "height": height})  # it leaves a size alone that it has set last
        screen = await page.context.new_cdp_session(page)
        for width, least in reversed(SIZES):  # in the outer loop: a document is drawn anew for every width
            for language in reversed(LANGUAGES):
                await page.locator(f"button[lang='{language}']").first.wait_for(state="attached")
                await page.evaluate(_SPEAK, language)
                height = await _show_all(page, screen, width, least)
                path = PICTURES / f"{name}-{state}-{language}-{width}.png"
                path.write_bytes(await _photograph(screen))
        await screen.detach()
        await page.set_viewport_size({"width": width, "height": height})
        self.taken |= {(name, state, language) for language in LANGUAGES}
        ALL_TAKEN.update(self.taken)


async def _show_all(page: Page, screen: CDPSession, width: int, height: int) -> int:
    """Make the screen as high as the whole page, so that what sticks to its edges is where it belongs.

    Straight to the browser: this way a window that nobody sees is not laid out anew with every size.
    """
    await _resize(screen, width, height)
    for _ in range(2):  # what is as high as the screen grows with it
        excess, whole = await page.evaluate(_LOOK)
        assert excess <= 0, f"{page.url} is wider than its screen of {width}"
        if whole == height:
            break
        height = whole
        await _resize(screen, width, height)
    return height


async def _resize(screen: CDPSession, width: int, height: int) -> None:
    size = {"width": width, "height": height, "screenWidth": width, "screenHeight": height}
    await screen.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": 1, "mobile": False})


async def _photograph(screen: CDPSession) -> bytes:
    """A PNG, written in less time than a smaller one would take."""
    shot = await screen.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    return b64decode(shot["data"])


def wanted_pictures(*pages: str) -> set[Picture]:
    """The pictures of these pages that `screens.json` asks for; without any, those of all."""
    screens = json.loads((CLIENT / "screens.json").read_text())
    found = {(each["page"], each["state"], each["language"]) for each in screens}
    return {each for each in found if not pages or each[0] in pages}


def is_on_disk(picture: Picture) -> bool:
    """Whether a picture was written in every size."""
    return all((PICTURES / f"{'-'.join(picture)}-{width}.png").exists() for width, _ in SIZES)
