import asyncio
import os
import signal
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from server.domain.errors import AppendConflict, AppendUncertain, Rejection
from server.domain.ids import Millis, RoomId
from server.evidence.merkle import Head
from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey
from server.store.encryption import MasterKey
from server.store.errors import LogContradicted, SealBroken, StoreUnavailable, StoreUnwritable
from server.store.room_log import PAGE, Entry, RoomLog, log_key
from server.store.rooms import Rooms
from tests.support.cutting_proxy import Cut, CuttingProxy
from tests.support.log_entries import entries, entry
from tests.support.valkey import kill, paused

FIRST = entry(0, b"opened", b"plan")
SECOND = entry(2, b"checked in")
OTHER_SECOND = entry(2, b"someone else", b"was first")
THIRD = entry(3, b"scored", b"handed in")

QUICK = (0.0,) * 5
"Pauses of `settle` where nothing takes time."


@pytest_asyncio.fixture
async def log(store: Store, rooms: Rooms, room: RoomId) -> RoomLog:
    """A log with its first entry."""
    log = RoomLog(store, rooms, settle_pauses_s=QUICK)
    await log.create(room, FIRST)
    return log


@pytest_asyncio.fixture
async def cut_log(log: RoomLog, cut_store: Store, rooms: Rooms) -> AsyncIterator[RoomLog]:
    """The same log, written through a connection that can be cut."""
    yield RoomLog(cut_store, rooms, settle_pauses_s=QUICK)


async def test_read_gives_what_was_appended(log: RoomLog, room: RoomId) -> None:
    await log.append(room, SECOND, FIRST.head)
    await log.append(room, THIRD, SECOND.head)

    assert await log.read(room) == [FIRST, SECOND, THIRD]
    assert await log.read(room, 3) == [THIRD]
    assert await log.read(room, 5) == []


async def test_read_of_no_log_is_empty(store: Store, rooms: Rooms, room: RoomId) -> None:
    assert await RoomLog(store, rooms).read(room) == []


async def test_read_goes_on_over_pages(log: RoomLog, room: RoomId) -> None:
    more = [entry(2 + n, b"line %d" % n) for n in range(2 * PAGE)]
    for before, after in pairwise([FIRST, *more]):
        await log.append(room, after, before.head)

    assert await log.read(room) == [FIRST, *more]


async def test_entries_stand_under_the_size_after_them_with_their_lines_sealed(
    log: RoomLog, room: RoomId, store: Store
) -> None:
    [[stream_id, [head, root, lines, sealed]]] = await store.ask("XRANGE", "room:{r1}:log", "-", "+")

    assert (stream_id, head, root, lines) == (b"2-0", b"head", FIRST.head.root.hex().encode(), b"lines")
    assert b"opened" not in sealed


async def test_create_opens_a_room_once(log: RoomLog, room: RoomId) -> None:
    with pytest.raises(AppendConflict):
        await log.create(room, entry(0, b"another", b"opening"))

    assert await log.read(room) == [FIRST]


async def test_create_again_with_the_same_entry_changes_nothing(log: RoomLog, room: RoomId) -> None:
    await log.create(room, FIRST)

    assert await log.read(room) == [FIRST]


async def test_append_again_with_the_same_entry_changes_nothing(log: RoomLog, room: RoomId) -> None:
    await log.append(room, SECOND, FIRST.head)
    await log.append(room, THIRD, SECOND.head)

    await log.append(room, SECOND, FIRST.head)

    assert await log.read(room) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("late", [SECOND, entry(2, b"longer", b"than", b"all")], ids=["same size", "greater size"])
async def test_append_behind_a_head_that_is_no_longer_last_conflicts(log: RoomLog, room: RoomId, late: Entry) -> None:
    await log.append(room, OTHER_SECOND, FIRST.head)

    with pytest.raises(AppendConflict):
        await log.append(room, late, FIRST.head)

    assert await log.read(room) == [FIRST, OTHER_SECOND]


@pytest.mark.parametrize("after", [Head(size=2, root=bytes(32)), SECOND.head], ids=["another root", "lost entries"])
async def test_append_behind_a_head_that_the_log_lacks_stops_the_room(log: RoomLog, room: RoomId, after: Head) -> None:
    with pytest.raises(LogContradicted, match=f"does not hold the head of size {after.size}"):
        await log.append(room, THIRD, after)

    assert await log.read(room) == [FIRST]


async def test_append_never_makes_a_log(store: Store, rooms: Rooms, room: RoomId) -> None:
    with pytest.raises(LogContradicted):
        await RoomLog(store, rooms).append(room, SECOND, FIRST.head)

    assert await store.ask("EXISTS", log_key(room)) == 0


async def test_many_writers_append_each_entry_behind_another(log: RoomLog, room: RoomId) -> None:
    async def write(word: bytes) -> None:
        while True:
            head = (await log.read(room))[-1].head
            try:
                return await log.append(room, entry(head.size, word), head)
            except AppendConflict:
                continue

    await asyncio.gather(*(write(b"%d" % n) for n in range(12)))

    lines = [line for stored in await log.read(room, 2) for line in stored.lines]
    assert sorted(lines) == sorted(b"%d" % n for n in range(12))


@pytest.mark.parametrize(("cut", "stored"), [(Cut.BEFORE, [FIRST]), (Cut.AFTER, [FIRST, SECOND])])
async def test_append_unanswered_is_uncertain_and_settled_without_loss_or_double(
    log: RoomLog, cut_log: RoomLog, room: RoomId, proxy: CuttingProxy, cut: Cut, stored: list[Entry]
) -> None:
    proxy.cut(cut)

    with pytest.raises(AppendUncertain):
        await cut_log.append(room, SECOND, FIRST.head)
    assert await log.read(room) == stored
    await cut_log.settle(room, SECOND, FIRST.head)

    assert await log.read(room) == [FIRST, SECOND]


@pytest.mark.parametrize(("cut", "stored"), [(Cut.BEFORE, []), (Cut.AFTER, [FIRST])])
async def test_create_unanswered_is_uncertain_and_settled_without_loss_or_double(
    cut_store: Store, store: Store, rooms: Rooms, room: RoomId, proxy: CuttingProxy, cut: Cut, stored: list[Entry]
) -> None:
    log = RoomLog(cut_store, rooms, settle_pauses_s=QUICK)
    proxy.cut(cut)

    with pytest.raises(AppendUncertain):
        await log.create(room, FIRST)
    assert await RoomLog(store, rooms).read(room) == stored
    await log.settle(room, FIRST, None)

    assert await log.read(room) == [FIRST]


@pytest.mark.parametrize("cuts", [[Cut.BEFORE, Cut.AFTER], [Cut.AFTER, Cut.AFTER], [Cut.AFTER, Cut.BEFORE]])
async def test_settle_outlasts_further_cuts(
    log: RoomLog, cut_log: RoomLog, room: RoomId, proxy: CuttingProxy, cuts: list[Cut]
) -> None:
    for cut in cuts:
        proxy.cut(cut)

    await cut_log.settle(room, SECOND, FIRST.head)

    assert await log.read(room) == [FIRST, SECOND]


async def test_settle_finds_its_entry_below_later_ones(
    log: RoomLog, cut_log: RoomLog, room: RoomId, proxy: CuttingProxy
) -> None:
    proxy.cut(Cut.AFTER)
    with pytest.raises(AppendUncertain):
        await cut_log.append(room, SECOND, FIRST.head)
    await log.append(room, THIRD, SECOND.head)

    await cut_log.settle(room, SECOND, FIRST.head)

    assert await log.read(room) == [FIRST, SECOND, THIRD]


async def test_settle_finds_that_someone_else_was_first(
    log: RoomLog, cut_log: RoomLog, room: RoomId, proxy: CuttingProxy
) -> None:
    proxy.cut(Cut.BEFORE)
    with pytest.raises(AppendUncertain):
        await cut_log.append(room, SECOND, FIRST.head)
    await log.append(room, OTHER_SECOND, FIRST.head)

    with pytest.raises(AppendConflict):
        await cut_log.settle(room, SECOND, FIRST.head)

    assert await log.read(room) == [FIRST, OTHER_SECOND]


async def test_settle_leaves_it_uncertain_after_its_last_try(
    log: RoomLog, cut_log: RoomLog, room: RoomId, proxy: CuttingProxy
) -> None:
    proxy.cut(Cut.BEFORE, times=len(QUICK))

    with pytest.raises(AppendUncertain, match="not known whether the entry at 3 is stored"):
        await cut_log.settle(room, SECOND, FIRST.head)

    assert await log.read(room) == [FIRST]


async def test_append_over_a_refused_connection_is_surely_not_stored(
    log: RoomLog, rooms: Rooms, room: RoomId, tmp_path: Path
) -> None:
    async with Store(f"unix://{tmp_path}/nobody.sock") as nowhere:
        with pytest.raises(StoreUnavailable):
            await RoomLog(nowhere, rooms).append(room, SECOND, FIRST.head)
        with pytest.raises(AppendUncertain):
            await RoomLog(nowhere, rooms, settle_pauses_s=QUICK).settle(room, SECOND, FIRST.head)

    assert await log.read(room) == [FIRST]


async def test_append_to_a_store_that_cannot_write_is_refused_and_may_be_settled_later(
    own_valkey: EmbeddedValkey, master_key: MasterKey
) -> None:
    async with Store(own_valkey.url) as store:
        log, room = await _opened(store, master_key)
        await store.ask("CONFIG", "SET", "min-replicas-to-write", 1)

        with pytest.raises(StoreUnwritable, match="The store cannot write: NOREPLICAS") as refused:
            await log.append(room, SECOND, FIRST.head)
        assert isinstance(refused.value, Rejection)
        with pytest.raises(AppendUncertain):
            await log.settle(room, SECOND, FIRST.head)
        assert await log.read(room) == [FIRST]
        await store.ask("CONFIG", "SET", "min-replicas-to-write", 0)
        await log.settle(room, SECOND, FIRST.head)

        assert await log.read(room) == [FIRST, SECOND]


async def test_a_request_carried_out_late_by_a_server_that_hung_doubles_nothing(
    own_valkey: EmbeddedValkey, master_key: MasterKey
) -> None:
    async with Store(own_valkey.url, timeout_s=1.0) as store:
        log, room = await _opened(store, master_key)

        with paused(own_valkey), pytest.raises(AppendUncertain):
            await log.append(room, SECOND, FIRST.head)
        await log.settle(room, SECOND, FIRST.head)
        await log.append(room, THIRD, SECOND.head)

        assert await log.read(room) == [FIRST, SECOND, THIRD]


async def test_settle_bridges_a_server_that_hangs(own_valkey: EmbeddedValkey, master_key: MasterKey) -> None:
    async with Store(own_valkey.url, timeout_s=0.2) as store:
        log, room = await _opened(store, master_key)
        wakes = asyncio.get_running_loop().call_later(0.3, os.kill, own_valkey.pid, signal.SIGCONT)

        with paused(own_valkey):
            await log.settle(room, SECOND, FIRST.head)

        wakes.cancel()
        assert await log.read(room) == [FIRST, SECOND]


async def test_appends_outlive_a_server_that_is_killed_again_and_again(
    own_valkey: EmbeddedValkey, master_key: MasterKey
) -> None:
    wanted = entries(300)
    async with Store(own_valkey.url) as store:
        rooms = Rooms(store, master_key)
        await rooms.add(RoomId("r1"), "A sitting", Millis(0))
        log = RoomLog(store, rooms, settle_pauses_s=(0.02,) * 500)
        await log.create(RoomId("r1"), wanted[0])

        for number, (before, after) in enumerate(pairwise(wanted)):
            if number % 100 == 50:
                asyncio.get_running_loop().call_later(0.0005 * number / 100, kill, own_valkey)
            await _append_surely(log, RoomId("r1"), after, before.head)

        assert await log.read(RoomId("r1")) == wanted


async def test_read_notices_a_missing_entry(log: RoomLog, room: RoomId, store: Store) -> None:
    await log.append(room, SECOND, FIRST.head)
    await log.append(room, THIRD, SECOND.head)
    await store.ask("XDEL", log_key(room), "3-0")

    with pytest.raises(LogContradicted, match="entry 5-0 holds 2 lines and follows size 2"):
        await log.read(room)


@pytest.mark.parametrize(
    ("stream_id", "fields"),
    [
        ("3-1", ("head", "00" * 32, "lines", "x")),
        ("3-0", ("head", "00" * 31, "lines", "x")),
        ("3-0", ("head", "zz" * 32, "lines", "x")),
        ("3-0", ("lines", "x")),
    ],
    ids=["id", "short head", "no hexadecimal", "no head"],
)
async def test_read_notices_an_entry_that_is_none(
    log: RoomLog, room: RoomId, store: Store, stream_id: str, fields: tuple[str, ...]
) -> None:
    await store.ask("XADD", log_key(room), stream_id, *fields)

    with pytest.raises(LogContradicted, match=f"entry {stream_id} has no proper id or head"):
        await log.read(room)


async def test_read_notices_lines_moved_to_another_entry(log: RoomLog, room: RoomId, store: Store) -> None:
    [[_, fields]] = await store.ask("XRANGE", log_key(room), "-", "+")
    await store.ask("XADD", log_key(room), "4-0", *fields)

    with pytest.raises(SealBroken, match="Room r1: what is stored at log/4-0 cannot be opened"):
        await log.read(room)


async def test_read_notices_an_entry_without_lines(log: RoomLog, room: RoomId, store: Store) -> None:
    await store.ask("XADD", log_key(room), "4-0", "head", "00" * 32)

    with pytest.raises(SealBroken):
        await log.read(room)


async def _opened(store: Store, master_key: MasterKey) -> tuple[RoomLog, RoomId]:
    """A log in a Valkey that the test may set and pause."""
    rooms, room = Rooms(store, master_key), RoomId("r1")
    await rooms.add(room, "A sitting", Millis(0))
    log = RoomLog(store, rooms, settle_pauses_s=QUICK)
    await log.create(room, FIRST)
    return log, room


async def _append_surely(log: RoomLog, room: RoomId, new: Entry, after: Head) -> None:
    """What a room does with a command."""
    try:
        await log.append(room, new, after)
    except (AppendUncertain, StoreUnavailable):
        await log.settle(room, new, after)
