"""The real store for tests: one private Valkey a session, emptied for each test, and one to kill or pause."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio

from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import StoreUnavailable


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def session_valkey(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedValkey]:
    """Shared by all tests; ask for `valkey` instead."""
    async with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as valkey:
        yield valkey


@pytest_asyncio.fixture
async def valkey(session_valkey: EmbeddedValkey) -> EmbeddedValkey:
    """An empty Valkey; its settings must stay as they are."""
    async with Store(session_valkey.url) as store:
        await store.ask("FLUSHALL")
    return session_valkey


@pytest_asyncio.fixture
async def store(valkey: EmbeddedValkey) -> AsyncIterator[Store]:
    """Connections to the empty Valkey."""
    async with Store(valkey.url) as store:
        yield store


@pytest_asyncio.fixture
async def own_valkey(tmp_path: Path) -> AsyncIterator[EmbeddedValkey]:
    """A Valkey of this test alone, which it may kill, pause and set."""
    async with EmbeddedValkey(tmp_path / "own", stop_wait_s=0.5) as valkey:
        yield valkey


@contextmanager
def paused(valkey: EmbeddedValkey) -> Iterator[None]:
    """Valkey hangs: connections are taken, requests lie unread."""
    os.kill(valkey.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(valkey.pid, signal.SIGCONT)


def kill(valkey: EmbeddedValkey) -> None:
    """Valkey dies without a word; it is started again by itself."""
    os.kill(valkey.pid, signal.SIGKILL)


async def until(store: Store, section: str, fact: bytes) -> None:
    """Waits until `INFO` shows a fact in a section."""
    async with asyncio.timeout(10):
        while fact not in await store.ask("INFO", section):
            pass


async def until_back(valkey: EmbeddedValkey) -> None:
    """Waits until a killed Valkey answers again."""
    async with asyncio.timeout(10), Store(valkey.url) as store:
        while True:
            with suppress(StoreUnavailable):
                await store.ask("PING")
                return
            await asyncio.sleep(0.01)
