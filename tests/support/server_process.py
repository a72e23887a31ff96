"""`lianping` as a process of its own: commands that end, and a server that a test may kill."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from msgspec import Struct

from tests.support.patience import PATIENCE_S

PROGRAM = (sys.executable, "-c", "from server.cli import main; main()")

ROOT = Path(__file__).parents[2]


class Finished(Struct, frozen=True):
    """A command that has ended."""

    code: int
    out: str
    err: str


def environment(**settings: object) -> dict[str, str]:
    """This environment in English, with these settings and no others: `data` is `LIANPING_DATA`."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("LIANPING_", "LC_"))}
    given = {f"LIANPING_{key.upper()}": str(value) for key, value in settings.items()}
    return {**ours, "LANG": "C.UTF-8", "COLUMNS": "200", "NO_COLOR": "1", **given}


async def run(*arguments: str | Path, env: Mapping[str, str]) -> Finished:
    """Run a command to its end."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *map(str, arguments), env=dict(env), cwd=ROOT, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await process.communicate()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return Finished(await process.wait(), out.decode(), err.decode())


class ServerProcess:
    """A server that listens, with its log."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.log: list[str] = []
        "What it wrote to standard error, line by line."
        self.url = ""

    async def listen(self) -> None:
        """Wait until it says where it listens; go on reading what it says."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.url:
                line = await self._line()
                if not line:
                    raise AssertionError("the server has ended:\n" + "".join(self.log))
                with suppress(json.JSONDecodeError):
                    self.url = json.loads(line).get("url", "")
        self._reading = asyncio.create_task(self._read())

    async def kill(self) -> None:
        """`kill -9`."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        await self._reading

    async def _read(self) -> None:
        while await self._line():
            pass

    async def _line(self) -> str:
        if self.process.stderr is None:
            raise TypeError("it was started with a pipe")
        line = (await self.process.stderr.readline()).decode()
        self.log.append(line)
        return line


async def start_server(env: Mapping[str, str]) -> ServerProcess:
    """`lianping serve`, once it listens; the caller kills it."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "serve", env=dict(env), cwd=ROOT, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    server = ServerProcess(process)
    try:
        await server.listen()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    return server


@asynccontextmanager
async def serving(env: Mapping[str, str]) -> AsyncIterator[ServerProcess]:
    """A server that is killed at the end."""
    server = await start_server(env)
    try:
        yield server
    finally:
        await server.kill()
