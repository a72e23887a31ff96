"""Tabs that a browser hides as it does for people: one of Playwright's own counts as shown, whatever lies before it."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final

from playwright.async_api import CDPSession, async_playwright

from tests.support.patience import PATIENCE_S
from tests.support.seat_pages import FLAGS, simulated

KEEPING_AWAKE: Final = (
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)
"With these, which Playwright gives of itself, a hidden tab would be treated like one that is shown."


class Tab:
    """A tab that Playwright does not know of, over the browser's own protocol."""

    def __init__(self, browser: CDPSession, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        browser.on("Target.receivedMessageFromTarget", self._hear)

    async def open(self, url: str, *, before: str) -> None:
        """Load a page; a script runs before anything of it does."""
        await self._ask("Page.enable")
        await self._ask("Page.addScriptToEvaluateOnNewDocument", source=before)
        await self._ask("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        """What a script gives, once it is there."""
        told = await self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def until(self, holds: str) -> None:
        """Wait until a condition in JavaScript holds; a hidden page itself would look too seldom."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.run(holds):  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.1)

    async def show(self) -> None:
        """Put it in front of the others, which are hidden from now on."""
        await self._browser.send("Target.activateTarget", {"targetId": self._target})

    async def _ask(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        message = json.dumps({"id": number, "method": method, "params": params})
        await self._browser.send("Target.sendMessageToTarget", {"sessionId": self._session, "message": message})
        async with asyncio.timeout(PATIENCE_S):
            told = await answer
        assert "result" in told, told
        return dict(told["result"])

    def _hear(self, news: dict[str, Any]) -> None:
        message = json.loads(news["message"])
        if news["sessionId"] == self._session and "id" in message:
            self._asked.pop(message["id"]).set_result(message)


class HidingBrowser:
    """Its tabs lie one before the other in one window."""

    def __init__(self, browser: CDPSession) -> None:
        self._browser = browser

    async def tab(self) -> Tab:
        """A new one, in front."""
        target = (await self._browser.send("Target.createTarget", {"url": "about:blank"}))["targetId"]
        attached = await self._browser.send("Target.attachToTarget", {"targetId": target, "flatten": False})
        return Tab(self._browser, target, attached["sessionId"])


@asynccontextmanager
async def hiding_chromium() -> AsyncIterator[HidingBrowser]:
    """A browser of this machine whose tabs are hidden by others, and then treated as such."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*FLAGS, simulated(), "--lang=zh-CN"],
            ignore_default_args=["--headless", "--headless=old", "--mute-audio", *KEEPING_AWAKE],
        )
        yield HidingBrowser(await browser.new_browser_cdp_session())
        await browser.close()
