from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server.domain.ids import Millis, RoomId
from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey
from server.store.encryption import MasterKey
from server.store.rooms import Rooms
from tests.support.cutting_proxy import CuttingProxy


@pytest.fixture
def master_key() -> MasterKey:
    return MasterKey(bytes(range(32)))


@pytest_asyncio.fixture
async def rooms(store: Store, master_key: MasterKey) -> Rooms:
    return Rooms(store, master_key)


@pytest_asyncio.fixture
async def room(rooms: Rooms) -> RoomId:
    room = RoomId("r1")
    await rooms.add(room, "A sitting", Millis(0))
    return room


@pytest_asyncio.fixture
async def proxy(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[CuttingProxy]:
    async with CuttingProxy(valkey.socket, tmp_path / "proxy.sock") as proxy:
        yield proxy


@pytest_asyncio.fixture
async def cut_store(proxy: CuttingProxy) -> AsyncIterator[Store]:
    async with Store(proxy.url) as store:
        yield store
