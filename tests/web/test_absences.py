import asyncio
from functools import partial

from server.domain.ids import RoomId
from server.web.absences import Absences
from tests.support.live_server import E1, E3

ROOM = RoomId("2026-甲")


async def test_a_seat_that_does_not_come_back_is_let_go_and_one_that_does_is_not() -> None:
    let_go: asyncio.Queue[str] = asyncio.Queue()
    absences = Absences(within_s=0)
    for alias in (E1, E3):
        absences.begin(ROOM, alias, partial(let_go.put, alias))
    absences.end(ROOM, E1)

    assert await let_go.get() == E3
    assert let_go.empty()


async def test_a_seat_that_is_lost_again_is_let_go_once() -> None:
    let_go: asyncio.Queue[str] = asyncio.Queue()
    absences = Absences(within_s=0)
    absences.begin(ROOM, E1, lambda: let_go.put("first"))
    absences.begin(ROOM, E1, lambda: let_go.put("again"))

    assert await let_go.get() == "again"
    await absences.close()
    assert let_go.empty()


async def test_nobody_is_let_go_after_the_end() -> None:
    let_go: asyncio.Queue[str] = asyncio.Queue()
    absences = Absences(within_s=0)
    absences.begin(ROOM, E1, lambda: let_go.put("late"))

    await absences.close()
    await asyncio.sleep(0)

    assert let_go.empty()


async def test_letting_go_is_not_broken_off_by_a_page_that_comes_back_meanwhile() -> None:
    begun, may_end, let_go = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def part() -> None:
        begun.set()
        await may_end.wait()
        let_go.set()

    absences = Absences(within_s=0)
    absences.begin(ROOM, E1, part)
    await begun.wait()
    absences.end(ROOM, E1)
    may_end.set()

    await let_go.wait()
