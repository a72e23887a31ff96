"""The network cable of a page in a browser."""

import re

from playwright.async_api import Page, WebSocketRoute


class Cable:
    """Pulled out, and put in again."""

    def __init__(self) -> None:
        self.received: list[str | bytes] = []
        "Every frame that came to the page."
        self._out = False
        self._sockets: list[WebSocketRoute] = []

    async def lay(self, page: Page) -> None:
        """Lead the page's sockets through this cable; before the page opens a room."""
        await page.route_web_socket(re.compile("/sync$"), self._connect)

    async def pull(self) -> None:
        self._out = True
        for socket in self._sockets:
            await socket.close(code=4000)

    def plug(self) -> None:
        self._out = False

    async def _connect(self, socket: WebSocketRoute) -> None:
        if self._out:
            await socket.close(code=4000)
            return
        self._sockets.append(socket)

        def pass_on(frame: str | bytes) -> None:
            self.received.append(frame)
            socket.send(frame)

        socket.connect_to_server().on_message(pass_on)
