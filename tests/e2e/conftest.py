"""For every test of this folder: patience with browsers, the browser, and the count of the pictures at the end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from msgspec.structs import replace
from playwright.async_api import Browser, expect

from server.app import Server, run_server
from tests.support.client_pages import Gallery, build_client
from tests.support.hall import Hall, open_hall
from tests.support.live_server import plain_settings
from tests.support.patience import PATIENCE_S
from tests.support.seat_pages import build_seat_page, chromium, simulated

expect.set_options(timeout=PATIENCE_S * 1000)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def chromium_of_all() -> AsyncIterator[Browser]:
    """One for all modules, with two simulated cameras, of which a page that asks for a screen gets a window."""
    async with chromium(simulated("device-count=2", "display-media-type=window")) as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def browser(chromium_of_all: Browser) -> AsyncIterator[Browser]:
    """The same, in which no page of a module outlives it."""
    yield chromium_of_all
    for profile in chromium_of_all.contexts:
        await profile.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built client."""
    folder = tmp_path_factory.mktemp("client")
    await build_client(folder)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def server(tmp_path_factory: pytest.TempPathFactory, client: Path) -> AsyncIterator[Server]:
    """A server of this module that serves the client, without media."""
    settings = replace(plain_settings(tmp_path_factory.mktemp("data")), page=client)
    async with run_server(settings) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="package")
async def hall(server: Server, browser: Browser) -> AsyncIterator[Hall]:
    """A room of this test alone on the module's server."""
    async with open_hall(server, browser) as hall:
        yield hall


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def page_routes(tmp_path_factory: pytest.TempPathFactory) -> list[web.AbstractRouteDef]:
    """Of the smallest page with our media."""
    return await build_seat_page(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """What a module takes pictures with."""
    return Gallery()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count the pictures after the other tests, in whatever order those run."""
    items.sort(key=lambda item: item.path.name == "test_screens.py")
