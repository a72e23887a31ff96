import pytest
import pytest_asyncio

from server.domain.ids import Alias, RoomId
from server.store.camera_keeping import CameraKeeping
from server.store.connection import Store
from server.store.errors import SealBroken
from server.store.rooms import Rooms

C1, C2 = Alias("C1"), Alias("C2")


@pytest_asyncio.fixture
async def keeping(store: Store, rooms: Rooms) -> CameraKeeping:
    return CameraKeeping(store, rooms, "camera")


async def test_value_is_kept_for_one_camera_until_it_is_removed(keeping: CameraKeeping, room: RoomId) -> None:
    await keeping.put(room, C1, b"first", ttl_s=60)
    await keeping.put(room, C1, b"second", ttl_s=60)

    assert await keeping.get(room, C1) == b"second"
    assert await keeping.get(room, C2) is None
    await keeping.remove(room, C1)
    assert await keeping.get(room, C1) is None


async def test_value_lies_sealed_and_opens_in_its_own_place_only(
    keeping: CameraKeeping, store: Store, room: RoomId
) -> None:
    await keeping.put(room, C1, b"a secret", ttl_s=60)
    sealed = await store.ask("GET", f"room:{{{room}}}:camera:C1")
    assert b"a secret" not in sealed

    await store.ask("SET", f"room:{{{room}}}:camera:C2", sealed)

    with pytest.raises(SealBroken):
        await keeping.get(room, C2)
    assert 0 < await store.ask("TTL", f"room:{{{room}}}:camera:C1") <= 60
