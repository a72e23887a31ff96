import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from server.domain.ids import Millis, RoomId
from server.store.connection import Store
from server.store.embedded_valkey import EmbeddedValkey
from server.store.encryption import MasterKey
from server.store.errors import LogContradicted, SealBroken
from server.store.log_reader import PAGE, Following, LogReader
from server.store.room_log import Entry, RoomLog, log_key
from server.store.rooms import Rooms
from tests.support.log_entries import entries, entry
from tests.support.valkey import kill, paused, until_back

A, B = RoomId("a"), RoomId("b")


@pytest_asyncio.fixture
async def log(store: Store, rooms: Rooms) -> RoomLog:
    await rooms.add(A, "One", Millis(0))
    await rooms.add(B, "Two", Millis(0))
    return RoomLog(store, rooms)


@pytest_asyncio.fixture
async def reader(valkey: EmbeddedValkey, rooms: Rooms) -> AsyncIterator[LogReader]:
    async with LogReader(valkey.url, rooms) as reader:
        yield reader


async def test_follow_gives_what_stands_and_what_comes_in_order(log: RoomLog, reader: LogReader) -> None:
    wanted = entries(3 * PAGE)
    await _write(log, A, wanted[: 2 * PAGE])

    with reader.follow(A) as following:
        _, got = await asyncio.gather(_write(log, A, wanted, start=2 * PAGE), _take(following, len(wanted)))

    assert got == wanted


async def test_follow_starts_behind_the_size_that_is_known(log: RoomLog, reader: LogReader) -> None:
    wanted = entries(5)
    await _write(log, A, wanted)

    with reader.follow(A, after_size=3) as following:
        assert await _take(following, 2) == wanted[3:]


async def test_follow_keeps_rooms_apart_and_takes_new_ones_at_any_time(log: RoomLog, reader: LogReader) -> None:
    with reader.follow(A) as in_a:
        await _write(log, A, entries(2))
        assert await _take(in_a, 2) == entries(2)
        await log.create(B, entry(0, b"other"))

        with reader.follow(B) as in_b:
            assert await _take(in_b, 1) == [entry(0, b"other")]
        await _write(log, A, entries(4), start=2)

        assert await _take(in_a, 2) == entries(4)[2:]


async def test_follow_again_starts_where_it_is_told(log: RoomLog, reader: LogReader) -> None:
    await _write(log, A, entries(3))
    with reader.follow(A) as following:
        await _take(following, 3)

    with reader.follow(A, after_size=1) as following:
        assert await _take(following, 2) == entries(3)[1:]


async def test_follow_takes_one_follower_a_room(reader: LogReader) -> None:
    with reader.follow(A), pytest.raises(ValueError, match="room a is followed twice"), reader.follow(A):
        pass


async def test_a_cancelled_wait_loses_no_entry(log: RoomLog, reader: LogReader) -> None:
    with reader.follow(A) as following:
        waiting = asyncio.create_task(anext(following))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

        await _write(log, A, entries(2))

        assert await _take(following, 2) == entries(2)


async def test_a_broken_room_stops_its_follower_only(log: RoomLog, reader: LogReader, store: Store) -> None:
    await _write(log, A, entries(2))
    await store.ask("XDEL", log_key(A), "1-0")
    await log.create(B, entry(0, b"sound"))
    [[_, fields]] = await store.ask("XRANGE", log_key(B), "-", "+")
    await store.ask("XADD", log_key(B), "2-0", *fields)

    with reader.follow(A) as in_a, reader.follow(B) as in_b:
        with pytest.raises(LogContradicted, match="entry 2-0 holds 1 lines and follows size 0"):
            await _take(in_a, 1)
        assert await _take(in_b, 1) == [entry(0, b"sound")]
        with pytest.raises(SealBroken):
            await _take(in_b, 1)


async def test_reader_goes_on_after_the_server_was_killed(own_valkey: EmbeddedValkey, master_key: MasterKey) -> None:
    async with Store(own_valkey.url) as store, LogReader(own_valkey.url, Rooms(store, master_key)) as reader:
        rooms = Rooms(store, master_key)
        await rooms.add(A, "One", Millis(0))
        log = RoomLog(store, rooms)
        wanted = entries(6)

        with reader.follow(A) as following:
            await _write(log, A, wanted[:3])
            before = await _take(following, 3)
            kill(own_valkey)
            await until_back(own_valkey)
            await _write(log, A, wanted, start=3)
            after = await _take(following, 3)

    assert before + after == wanted


async def test_reader_shows_that_it_lives_without_any_room(valkey: EmbeddedValkey, rooms: Rooms) -> None:
    reader = LogReader(valkey.url, rooms)
    assert reader.silence_s == float("inf")

    async with reader:
        await _until(lambda: reader.silence_s < 1)


async def test_reader_shows_that_the_server_hangs_and_goes_on_after_it(
    own_valkey: EmbeddedValkey, master_key: MasterKey
) -> None:
    async with Store(own_valkey.url) as store:
        rooms = Rooms(store, master_key)
        await rooms.add(A, "One", Millis(0))
        log = RoomLog(store, rooms)

        async with LogReader(own_valkey.url, rooms, timeout_s=0.05, pauses_s=(0.01, 0.1)) as reader:
            await _until(lambda: reader.silence_s < 0.5)
            with reader.follow(A) as following:
                with paused(own_valkey):
                    await _until(lambda: reader.silence_s > 0.5)
                await _write(log, A, entries(2))

                assert await _take(following, 2) == entries(2)
                assert reader.silence_s < 0.5


async def _write(log: RoomLog, room: RoomId, wanted: list[Entry], start: int = 0) -> None:
    for number, new in enumerate(wanted[start:], start):
        if number == 0:
            await log.create(room, new)
        else:
            await log.append(room, new, wanted[number - 1].head)


async def _take(following: Following, count: int) -> list[Entry]:
    taken: list[Entry] = []
    async with asyncio.timeout(10):
        async for new in following:
            taken.append(new)
            if len(taken) == count:
                break
    return taken


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  # the reader works in the background
            await asyncio.sleep(0.01)
