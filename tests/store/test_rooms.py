from pathlib import Path

import pytest

from server.domain.ids import Millis, RoomId
from server.store.connection import Store
from server.store.encryption import MasterKey
from server.store.errors import RoomExists, RoomUnknown, SealBroken, StoreSilent
from server.store.piece_files import PieceFiles
from server.store.recording_keys import RecordingKeys
from server.store.rooms import REGISTRY, RoomRecord, Rooms
from tests.support.cutting_proxy import Cut, CuttingProxy


async def test_list_rooms_gives_the_oldest_first(rooms: Rooms, store: Store, master_key: MasterKey) -> None:
    await rooms.add(RoomId("b"), "城东小学装修", Millis(2))
    await rooms.add(RoomId("a"), "供水管网", Millis(3))
    await rooms.add(RoomId("c"), "桥梁加固", Millis(1))

    listed = await Rooms(store, master_key).list_rooms()

    assert listed == [
        RoomRecord(room=RoomId("c"), created_at=Millis(1), title="桥梁加固"),
        RoomRecord(room=RoomId("b"), created_at=Millis(2), title="城东小学装修"),
        RoomRecord(room=RoomId("a"), created_at=Millis(3), title="供水管网"),
    ]


async def test_rooms_store_no_title_in_the_clear(rooms: Rooms, store: Store) -> None:
    await rooms.add(RoomId("a"), "供水管网", Millis(3))

    stored = await store.ask("HGET", REGISTRY, "a")

    assert "供水管网".encode() not in stored


async def test_add_refuses_a_second_room_of_an_id(rooms: Rooms) -> None:
    first = await rooms.add(RoomId("a"), "one", Millis(1))
    sealed = first.seal(b"92", "cell")

    with pytest.raises(RoomExists, match="There is a room a already"):
        await rooms.add(RoomId("a"), "two", Millis(2))

    assert (await rooms.cipher_of(RoomId("a"))).open(sealed, "cell") == b"92"


async def test_cipher_of_is_the_same_on_every_node(rooms: Rooms, store: Store, master_key: MasterKey) -> None:
    sealed = (await rooms.add(RoomId("a"), "one", Millis(1))).seal(b"92", "cell")

    cipher = await Rooms(store, master_key).cipher_of(RoomId("a"))

    assert cipher.open(sealed, "cell") == b"92"


async def test_cipher_that_was_asked_for_is_known_without_the_store(
    rooms: Rooms, store: Store, master_key: MasterKey
) -> None:
    await rooms.add(RoomId("a"), "one", Millis(1))
    other = Rooms(store, master_key)
    before = other.known_cipher(RoomId("a"))
    found = await other.cipher_of(RoomId("a"))

    assert (before, other.known_cipher(RoomId("a"))) == (None, found)


async def test_recordings_have_no_key_without_the_master_key_or_once_their_room_is_forgotten(
    rooms: Rooms, store: Store, tmp_path: Path
) -> None:
    await rooms.add(RoomId("a"), "one", Millis(1))
    keys = RecordingKeys(tmp_path / "secrets")
    pieces, foreign = (PieceFiles(tmp_path, each, keys) for each in (rooms, Rooms(store, MasterKey(bytes(32)))))
    assert await pieces.key_of(RoomId("a")) is not None
    assert await foreign.key_of(RoomId("a")) is None

    await rooms.forget(RoomId("a"))

    assert await pieces.key_of(RoomId("a")) is None


async def test_cipher_of_an_unknown_room_is_refused(rooms: Rooms) -> None:
    with pytest.raises(RoomUnknown, match="There is no room a"):
        await rooms.cipher_of(RoomId("a"))


async def test_rooms_open_with_their_master_key_only(rooms: Rooms, store: Store) -> None:
    await rooms.add(RoomId("a"), "one", Millis(1))

    with pytest.raises(SealBroken):
        await Rooms(store, MasterKey(bytes(32))).list_rooms()


async def test_rooms_notice_a_record_that_is_none(store: Store, master_key: MasterKey) -> None:
    await store.ask("HSET", REGISTRY, "a", b"\x00")

    with pytest.raises(SealBroken):
        await Rooms(store, master_key).cipher_of(RoomId("a"))


@pytest.mark.parametrize(("cut", "listed"), [(Cut.BEFORE, []), (Cut.AFTER, ["one"])])
async def test_add_unanswered_leaves_a_whole_room_or_none(
    rooms: Rooms, cut_store: Store, proxy: CuttingProxy, master_key: MasterKey, cut: Cut, listed: list[str]
) -> None:
    proxy.cut(cut, b"HSETNX")

    with pytest.raises(StoreSilent):
        await Rooms(cut_store, master_key).add(RoomId("a"), "one", Millis(1))

    assert [record.title for record in await rooms.list_rooms()] == listed
