"""A browser that is driven by WebDriver BiDi, as far as the tests need it; Playwright speaks it with none of Debian's.

Source: W3C WebDriver BiDi.
"""

import asyncio
import json
from base64 import b64decode
from itertools import count
from typing import Any, Final

import aiohttp

from tests.support.patience import PATIENCE_S

CAN_BE_PRESSED: Final = """(element) => {
  element.scrollIntoView({ block: 'center' });
  return !element.disabled;
}"""


class BidiBrowser:
    """The browser, and what its pages threw."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.errors: list[str] = []
        self._socket = socket
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def listen(self) -> None:
        """Take what the browser says, until it is gone."""
        async for message in self._socket:
            told = message.json()
            if told["type"] == "event" and told["params"].get("level") == "error":
                self.errors.append(told["params"]["text"])
            elif told.get("id") in self._asked:
                self._asked.pop(told["id"]).set_result(told)

    async def ask(self, method: str, **params: object) -> dict[str, Any]:
        """What the browser answers to a command."""
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(PATIENCE_S):
            told = await answer
        assert told["type"] == "success", told
        return dict(told["result"])

    async def page(self) -> "BidiPage":
        """A tab with a storage of its own."""
        user = await self.ask("browser.createUserContext")
        tab = await self.ask("browsingContext.create", type="tab", userContext=user["userContext"])
        return BidiPage(self, tab["context"])


class BidiPage:
    """A tab."""

    def __init__(self, browser: BidiBrowser, context: str) -> None:
        self._browser = browser
        self._context = context

    async def goto(self, url: str, *, before: str = "") -> None:
        """Load a page; a script runs before anything of it does."""
        script = f"() => {{ {before} }}"
        await self._browser.ask("script.addPreloadScript", functionDeclaration=script, contexts=[self._context])
        await self._browser.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def run(self, script: str) -> Any:
        """What an expression gives, once it is there."""
        return await self._call(f"async () => JSON.stringify(await ({script}) ?? null)")

    async def until(self, holds: str) -> None:
        """Wait until a condition in JavaScript holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.run(holds):  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.1)

    async def shows(self, text: str, where: str = "body") -> None:
        """Wait until a text stands in an element."""
        await self.until(f"document.querySelector({json.dumps(where)})?.innerText.includes({json.dumps(text)})")

    async def press(self, name: str, role: str = "button") -> None:
        """Click what has this name, with the mouse, once that is possible."""
        origin = {"type": "element", "element": {"sharedId": await self._pressable(name, role)}}
        clicks = [{"type": "pointerMove", "x": 0, "y": 0, "origin": origin}, *_down_and_up("pointer", "button", 0)]
        await self._act(type="pointer", id="mouse", actions=clicks)

    async def write(self, name: str, text: str) -> None:
        """Type into the field with this name."""
        await self.press(name, "textbox")
        await self.type(text)

    async def type(self, text: str) -> None:
        """Press keys, one after the other; those that have no letter by their code there (WebDriver, 17.4.2)."""
        strokes = [move for key in text for move in _down_and_up("key", "value", key)]
        await self._act(type="key", id="keys", actions=strokes)

    async def draw(self, points: list[tuple[int, int]]) -> None:
        """One stroke with the mouse held down, by the places in the window."""
        moves = [{"type": "pointerMove", "x": x, "y": y} for x, y in points]
        down, up = _down_and_up("pointer", "button", 0)
        await self._act(type="pointer", id="mouse", actions=[moves[0], down, *moves[1:], up])

    async def show(self) -> None:
        """Put it in front of the others, which are hidden from now on."""
        await self._browser.ask("browsingContext.activate", context=self._context)

    async def picture(self) -> bytes:
        """What the tab shows, as a PNG."""
        shot = await self._browser.ask("browsingContext.captureScreenshot", context=self._context)
        return b64decode(shot["data"])

    async def _pressable(self, name: str, role: str) -> str:
        """The element with this name as a screen reader tells it."""
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = await self._browser.ask("browsingContext.locateNodes", context=self._context, locator=locator)
                for node in found["nodes"]:
                    shared = {"sharedId": node["sharedId"]}
                    if await self._call(f"(element) => JSON.stringify(({CAN_BE_PRESSED})(element))", shared):
                        return str(node["sharedId"])
                await asyncio.sleep(0.1)

    async def _call(self, function: str, *arguments: object) -> Any:
        asked = {"functionDeclaration": function, "arguments": arguments, "target": {"context": self._context}}
        told = await self._browser.ask("script.callFunction", awaitPromise=True, userActivation=False, **asked)
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"]["value"])

    async def _act(self, **source: object) -> None:
        await self._browser.ask("input.performActions", context=self._context, actions=[source])


def _down_and_up(device: str, name: str, value: object) -> list[dict[str, object]]:
    return [{"type": f"{device}{move}", name: value} for move in ("Down", "Up")]
