import re
from pathlib import Path

import pytest

from server.domain.ids import Millis
from server.domain.lines import parse_line
from server.evidence.merkle import MerkleTree, leaf_hash
from server.session.opening import new_room_id, open_room
from server.store.connection import Store
from server.store.encryption import MasterKey
from server.store.errors import RoomExists, RoomUnknown, StoreUnavailable, StoreUnwritable
from server.store.room_log import RoomLog
from server.store.rooms import RoomRecord, Rooms
from tests.support.room_plan import ROOM, opening

NOW = Millis(1_774_400_000_000)
EVENTS = opening()


async def nothing() -> None:
    """No file to keep."""


@pytest.fixture
def rooms(store: Store) -> Rooms:
    return Rooms(store, MasterKey(bytes(32)))


def test_a_room_id_cannot_be_guessed() -> None:
    ids = {new_room_id() for _ in range(100)}

    assert len(ids) == 100
    assert all(re.fullmatch(r"r-[0-9a-f]{12}", room) for room in ids)


async def test_opening_writes_the_events_as_the_first_entry(store: Store, rooms: Rooms) -> None:
    log = RoomLog(store, rooms)

    await open_room(ROOM, "项目", EVENTS, rooms=rooms, log=log, now=NOW, keep_files=nothing)

    [entry] = await log.read(ROOM)
    lines = [parse_line(raw) for raw in entry.lines]
    assert [line.event for line in lines] == EVENTS
    assert [line.seq for line in lines] == list(range(len(EVENTS)))
    assert {(line.by, line.head.at, line.head.cause, line.head.signed) for line in lines} == {
        ("system", NOW, None, None)
    }
    assert len({line.head.salt for line in lines}) == len(EVENTS)
    assert entry.head == MerkleTree(leaf_hash(raw) for raw in entry.lines).head
    assert await rooms.list_rooms() == [RoomRecord(room=ROOM, created_at=NOW, title="项目")]


async def test_a_room_is_opened_once(store: Store, rooms: Rooms) -> None:
    log = RoomLog(store, rooms)
    await open_room(ROOM, "项目", EVENTS, rooms=rooms, log=log, now=NOW, keep_files=nothing)
    before = await log.read(ROOM)

    with pytest.raises(RoomExists):
        await open_room(ROOM, "另一个", EVENTS, rooms=rooms, log=log, now=NOW, keep_files=nothing)

    assert await log.read(ROOM) == before


async def test_no_room_is_opened_without_a_store(tmp_path: Path) -> None:
    async with Store(f"unix://{tmp_path}/nobody.sock") as store:
        rooms = Rooms(store, MasterKey(bytes(32)))

        with pytest.raises(StoreUnavailable):
            await open_room(ROOM, "项目", EVENTS, rooms=rooms, log=RoomLog(store, rooms), now=NOW, keep_files=nothing)


async def test_files_are_kept_before_the_first_entry_and_under_the_rooms_key(store: Store, rooms: Rooms) -> None:
    log, seen = RoomLog(store, rooms), []

    async def keep() -> None:
        seen.append(((await rooms.cipher_of(ROOM)).room, await log.read(ROOM)))

    await open_room(ROOM, "项目", EVENTS, rooms=rooms, log=log, now=NOW, keep_files=keep)

    assert seen == [(ROOM, [])]


async def test_a_room_whose_files_cannot_be_kept_is_forgotten(store: Store, rooms: Rooms) -> None:
    log = RoomLog(store, rooms)

    async def fail() -> None:
        raise StoreUnwritable(reply=OSError("no space left"))

    with pytest.raises(StoreUnwritable):
        await open_room(ROOM, "项目", EVENTS, rooms=rooms, log=log, now=NOW, keep_files=fail)

    assert await rooms.list_rooms() == []
    with pytest.raises(RoomUnknown):
        await rooms.cipher_of(ROOM)
    await open_room(ROOM, "项目", EVENTS, rooms=rooms, log=log, now=NOW, keep_files=nothing)
