from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from server.store.embedded_valkey import EmbeddedValkey
from tests.support.desk import Desk, open_desk
from tests.support.live_server import UNNAMED, plain_settings


@pytest_asyncio.fixture
async def desk(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[Desk]:
    """A new room, live on one node."""
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        yield desk


@pytest_asyncio.fixture
async def alias_desk(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[Desk]:
    """The same for a room that never tells names."""
    async with open_desk(plain_settings(tmp_path / "data", valkey.url), whole=UNNAMED) as desk:
        yield desk
