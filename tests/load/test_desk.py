import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from server.app import Server, run_server
from server.auth.operators import Operator, add_operator, new_operator_id
from server.domain.ids import Alias, RoomId, VenueId
from server.domain.phases import Phase
from server.load.desk import LoadPlan, LoadRefused, load_test
from server.load.figures import Result
from server.load.plan import SMALLEST_ROOM
from server.load.worker import Job, RoomJob
from server.room_desk import read_room
from tests.support.live_server import media_settings

TECHNICIAN = Operator(id=new_operator_id(), name="技术员", venue=VenueId("main"))


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with run_server(media_settings(tmp_path)) as server:
        add_operator(server.backend.operators_folder, TECHNICIAN)
        yield server


async def planned(server: Server, *, code: str | None = None, seats: int = SMALLEST_ROOM) -> LoadPlan:
    code = code or (await server.backend.codes.issue(TECHNICIAN)).digits
    return LoadPlan(url=server.address.url, code=code, rooms=1, seats=seats, seconds=2.0)


async def test_room_is_filled_measured_and_closed(server: Server) -> None:
    said: list[str] = []

    report = await load_test(await planned(server), said.append)

    assert (report.not_connected, report.unseen, report.loss.max) == (0, 0, 0.0)
    assert report.result in (Result.CARRIED, Result.UNDECIDED)  # the machine of a test may be busy
    assert 0 < report.delay_ms.p50 < 2000
    assert report.join_s.p50 > 0
    assert len(said) == 4
    (record,) = await server.backend.rooms.list_rooms()
    assert (await read_room(server.backend, record.room)).phase is Phase.CLOSED


async def test_test_that_is_broken_off_closes_its_rooms(server: Server) -> None:
    measuring = asyncio.Event()

    def say(line: str) -> None:
        if line.startswith(("开始测量", "Measuring")):
            measuring.set()

    plan = replace(await planned(server), seconds=600.0)
    task = asyncio.create_task(load_test(plan, say))
    begun = asyncio.create_task(measuring.wait())
    await asyncio.wait((task, begun), return_when=asyncio.FIRST_COMPLETED)
    assert begun.done(), task.result()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    (record,) = await server.backend.rooms.list_rooms()
    assert (await read_room(server.backend, record.room)).phase is Phase.CLOSED


async def test_code_that_leads_nowhere_makes_no_room(server: Server) -> None:
    with pytest.raises(LoadRefused):
        await load_test(await planned(server, code="00000000"), lambda line: None)

    assert await server.backend.rooms.list_rooms() == []


async def test_generator_that_is_not_let_in_says_why(server: Server) -> None:
    job = Job(
        url=server.address.url,
        root=None,
        rooms=[RoomJob(room=RoomId("r-1"), codes={Alias("H1"): "00000000"})],
        seconds=1.0,
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.load.worker", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate(msgspec.json.encode(job) + b"\n")

    assert (process.returncode, msgspec.json.decode(said, type=str).partition(":")[0]) == (0, "code_unknown")


async def test_server_that_does_not_answer_is_said_to_be_so(server: Server) -> None:
    plan = LoadPlan(url="http://127.0.0.1:9", code="12345678", rooms=1, seats=SMALLEST_ROOM, seconds=1.0)

    with pytest.raises(LoadRefused, match=r"127\.0\.0\.1:9"):
        await load_test(plan, lambda line: None)


async def test_room_that_is_too_small_is_none(server: Server) -> None:
    with pytest.raises(LoadRefused):
        await load_test(await planned(server, seats=SMALLEST_ROOM - 1), lambda line: None)
