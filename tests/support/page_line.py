"""The line of a page in a browser: its sound and pictures go through a `BadLine`, whatever the page is told."""

import re

import msgspec
from playwright.async_api import Page, WebSocketRoute

from tests.support.bad_line import BadLine


async def lead_through(line: BadLine, page: Page) -> None:
    """Put a door of the line in the place of every address that an offer names; before the page opens a room."""

    def connect(socket: WebSocketRoute) -> None:
        def pass_on(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            frame = msgspec.msgpack.decode(message)
            if frame["type"] == "media_offer":
                frame["sdp"] = line.through(frame["sdp"])
            socket.send(msgspec.msgpack.encode(frame))

        socket.connect_to_server().on_message(pass_on)

    await page.route_web_socket(re.compile("/signal$"), connect)
