import pytest

from server.auth.camera_passes import LIFETIME_S, CameraPasses
from server.auth.rejections import CameraPassExpired, CameraPassUnknown
from server.domain.ids import Alias, Millis, RoomId
from tests.support.memory_keeping import MemoryKeeping

ROOM, OTHER = RoomId("r1"), RoomId("r2")
C1, C2 = Alias("C1"), Alias("C2")
NOW = Millis(1_774_400_000_000)


async def test_pass_opens_its_camera_as_often_as_the_encoder_comes_back() -> None:
    passes = CameraPasses(MemoryKeeping())

    issued = await passes.issue(ROOM, C1, NOW)

    assert issued.ends_at == NOW + 1000 * LIFETIME_S
    assert issued.text.startswith("C1.")
    assert len(issued.text) == 46
    assert [await passes.camera_of(ROOM, issued.text, NOW) for _ in range(2)] == [C1, C1]


async def test_store_never_holds_the_pass() -> None:
    store = MemoryKeeping()

    issued = await CameraPasses(store).issue(ROOM, C1, NOW)

    assert issued.text.encode() not in store.kept[ROOM, C1]
    assert issued.text.split(".")[1].encode() not in store.kept[ROOM, C1]


async def test_pass_of_another_room_or_camera_or_none_opens_nothing() -> None:
    passes = CameraPasses(MemoryKeeping())
    issued = await passes.issue(ROOM, C1, NOW)
    await passes.issue(ROOM, C2, NOW)

    wrong = [issued.text.replace("C1", "C2"), issued.text[:-1] + ("A" if issued.text[-1] != "A" else "B"), "", "C1.x"]
    for text in wrong:
        with pytest.raises(CameraPassUnknown):
            await passes.camera_of(ROOM, text, NOW)
    with pytest.raises(CameraPassUnknown):
        await passes.camera_of(OTHER, issued.text, NOW)


async def test_new_pass_replaces_the_one_before_and_a_withdrawn_one_is_good_no_more() -> None:
    passes = CameraPasses(MemoryKeeping())
    first = await passes.issue(ROOM, C1, NOW)
    second = await passes.issue(ROOM, C1, NOW)
    with pytest.raises(CameraPassUnknown):
        await passes.camera_of(ROOM, first.text, NOW)
    assert await passes.camera_of(ROOM, second.text, NOW) == C1

    await passes.withdraw(ROOM, C1)

    with pytest.raises(CameraPassUnknown):
        await passes.camera_of(ROOM, second.text, NOW)


async def test_pass_that_has_ended_is_told_from_a_wrong_one() -> None:
    passes = CameraPasses(MemoryKeeping())
    issued = await passes.issue(ROOM, C1, NOW)

    assert await passes.camera_of(ROOM, issued.text, Millis(issued.ends_at - 1)) == C1
    with pytest.raises(CameraPassExpired):
        await passes.camera_of(ROOM, issued.text, issued.ends_at)
