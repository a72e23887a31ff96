"""A load test of a running server: rooms are made, filled with seats that send real media, measured, and closed."""

import asyncio
import os
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec
from msgspec import Struct

from server.domain.errors import LianpingError
from server.domain.ids import Alias, RoomId
from server.load.figures import LoadReport, WorkerFigures, report
from server.load.plan import SMALLEST_ROOM, load_tender
from server.load.worker import SEATED, Job, RoomJob
from server.words import words

SEATED_WITHIN_S: Final = 300.0
LINE_LIMIT: Final = 1 << 26
ENDED_WITHIN_S: Final = 30.0

_TOO_SLOW: Final = (
    "五分钟之内没能坐满席位：服务器、网络或运行测试的电脑太慢。请减少评标室，或换一台更快的电脑。",
    "The seats were not filled within five minutes: server, network or the machine that runs this test is too slow. "
    "Try fewer rooms, or a faster machine.",
)

Say = Callable[[str], None]


class LoadRefused(LianpingError):
    """The test cannot be made."""


class LoadPlan(Struct, frozen=True, kw_only=True):
    """What is asked for."""

    url: str
    code: str
    "The entry code of an operator, who makes the rooms."
    rooms: int
    seats: int
    "Of each room."
    seconds: float
    processes: int | None = None
    "Of the generator; none for one a room, at most as many as there are cores."
    root: Path | None = None
    "The certificate, in PEM, that the server's is to be checked with."


async def load_test(plan: LoadPlan, say: Say) -> LoadReport:
    """Make the rooms, measure, and close them, also when it is broken off.

    Raises:
        LoadRefused: the server cannot be reached or does not let the operator in, the seats cannot be filled in time,
            or a process of the generator ended.
    """
    if plan.seats < SMALLEST_ROOM:
        raise LoadRefused(words(f"每个评标室至少 {SMALLEST_ROOM} 席。", f"A room has at least {SMALLEST_ROOM} seats."))
    root = await asyncio.to_thread(plan.root.read_text) if plan.root else None
    rooms = await _make_rooms(plan, root, say)
    count = min(plan.rooms, plan.processes or os.cpu_count() or 1)
    workers = [_Worker(Job(url=plan.url, root=root, rooms=rooms[n::count], seconds=plan.seconds)) for n in range(count)]
    try:
        say(words(f"{count} 个进程正在入席……", f"{count} processes are sitting down …"))
        await asyncio.gather(*(worker.start() for worker in workers))
        try:
            async with asyncio.timeout(SEATED_WITHIN_S):
                await asyncio.gather(*(worker.seated() for worker in workers))
        except TimeoutError as error:
            raise LoadRefused(words(*_TOO_SLOW)) from error
        say(words(f"开始测量，{plan.seconds:g} 秒……", f"Measuring for {plan.seconds:g} s …"))
        began_at, busy_s = time.monotonic(), _busy_s()
        for worker in workers:
            worker.begin()
        figures = await asyncio.gather(*(worker.hear(WorkerFigures) for worker in workers))
        machine_cores = (_busy_s() - busy_s) / (time.monotonic() - began_at)
    finally:
        say(words("正在关闭评标室……", "Closing the rooms …"))
        await asyncio.gather(*(worker.end() for worker in workers))
    return report(
        figures,
        rooms=plan.rooms,
        seats=plan.seats,
        seconds=plan.seconds,
        machine_cores=machine_cores,
        machine_has=os.cpu_count() or 1,
    )


async def _make_rooms(plan: LoadPlan, root: str | None, say: Say) -> list[RoomJob]:
    trust = ssl.create_default_context(cadata=root) if root else True
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as http:
            entry = await _ask(http, f"{plan.url}/api/entry", {"json": {"code": plan.code}}, expected=200)
            if "operator" not in entry:
                raise LoadRefused(words("这不是管理员的入场码。", "This is no operator's entry code."))
            headers = {"Authorization": f"Bearer {entry['token']}"}
            made = []
            for number in range(1, plan.rooms + 1):
                tender = {"data": load_tender(plan.seats, number), "headers": headers}
                made.append(await _ask(http, f"{plan.url}/api/rooms?name=load.json", tender, expected=201))
                say(words(f"已创建评标室 {number}/{plan.rooms}", f"Room {number} of {plan.rooms} is open"))
    except aiohttp.ClientError as error:
        raise LoadRefused(words(f"无法连接 {plan.url}：{error}", f"No connection to {plan.url}: {error}")) from error
    return [
        RoomJob(room=RoomId(room["room"]), codes={Alias(seat["alias"]): seat["code"] for seat in room["seats"]})
        for room in made
    ]


async def _ask(http: aiohttp.ClientSession, url: str, what: dict[str, Any], *, expected: int) -> dict[str, Any]:
    async with http.post(url, **what) as response:
        answer: dict[str, Any] = await response.json()
        if response.status != expected:
            raise LoadRefused(f"{answer.get('code')}: {answer.get('text')}")
        return answer


class _Worker:
    """A process of the generator, from here."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server.load.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us: the process closes its rooms when its input ends
            limit=LINE_LIMIT,
        )
        self._write(msgspec.json.encode(self._job))

    def _write(self, line: bytes) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(line + b"\n")

    async def seated(self) -> None:
        """Wait until it has tried every seat.

        Raises:
            LoadRefused: the server does not let one in, or the process has ended.
        """
        said = await self.hear(str)
        if said != SEATED:
            raise LoadRefused(said)

    def begin(self) -> None:
        """Have it measure."""
        self._write(b"begin")

    async def hear(self, kind: type[Any]) -> Any:
        """Its next answer.

        Raises:
            LoadRefused: it has ended.
        """
        assert self._process is not None
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise LoadRefused(words("负载进程意外结束。", "A process of the load generator ended."))
        return msgspec.json.decode(line, type=kind)

    async def end(self) -> None:
        """Have it close its rooms and end."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(ENDED_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def _busy_s() -> float:
    """Seconds of all cores of this machine so far that were not idle. Source: proc(5), /proc/stat."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    busy = sum(fields[:3]) + sum(fields[5:8])  # user, nice, system; interrupts, and what other machines took
    return busy / os.sysconf("SC_CLK_TCK")
