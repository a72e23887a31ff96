"""`lianping` as a process of its own: commands that end, and a server that a test may kill.

The program is imported once, by a process that is forked for each command: an import takes a second, a fork none.
"""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from msgspec import Struct

from server.cli.main import main
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["pytest", "server.cli.main", "tests.support.server_process"])


class Finished(Struct, frozen=True):
    """A command that has ended."""

    code: int | None
    out: str
    err: str


def environment(**settings: object) -> dict[str, str]:
    """This environment in English, with these settings and no others: `data` is `LIANPING_DATA`."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("LIANPING_", "LC_"))}
    given = {f"LIANPING_{key.upper()}": str(value) for key, value in settings.items()}
    return {**ours, "LANG": "C.UTF-8", "COLUMNS": "200", "NO_COLOR": "1", **given}


def _become(arguments: list[str], env: dict[str, str], out: str, err: str) -> None:
    """Be the command, in a process of its own."""
    for number, path in ((0, os.devnull), (1, out), (2, err)):
        descriptor = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    sys.argv = ["lianping", *arguments]
    main()


def _start(arguments: tuple[str | Path, ...], env: Mapping[str, str], out: str, err: str) -> ForkServerProcess:
    process = _FORKS.Process(target=_become, args=([str(each) for each in arguments], dict(env), out, err))
    process.start()
    return process


async def ended(process: ForkServerProcess) -> int | None:
    """The exit code, once the process has ended."""
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(process.sentinel, gone.set)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await gone.wait()
    finally:
        loop.remove_reader(process.sentinel)
    process.join()
    return process.exitcode


async def run(*arguments: str | Path, env: Mapping[str, str]) -> Finished:
    """Run a command to its end."""
    with tempfile.TemporaryDirectory(prefix="lianping-test-") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _start(arguments, env, str(out), str(err))
        try:
            code = await ended(process)
        finally:
            process.kill()
            process.join()
        return Finished(code, out.read_text(), err.read_text())


async def run_installed(*arguments: str, env: Mapping[str, str]) -> Finished:
    """Run the installed command, as a person does."""
    program = Path(sys.executable).with_name("lianping")
    process = await asyncio.create_subprocess_exec(
        program, *arguments, env=dict(env), cwd=ROOT, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    return Finished(process.returncode, out.decode(), err.decode())


async def run_on_terminal(*arguments: str | Path, env: Mapping[str, str]) -> Finished:
    """Run the installed command on a terminal of its own: all that it draws."""
    program = Path(sys.executable).with_name("lianping")
    ours, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        program, *arguments, env=dict(env), cwd=ROOT, stdin=DEVNULL, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    drawn = await asyncio.to_thread(_read_all, ours)
    return Finished(await process.wait(), drawn.decode(), "")


def _read_all(terminal: int) -> bytes:
    """What is drawn until the last program has left the terminal, which Linux tells by an error."""
    drawn = b""
    with suppress(OSError):
        while data := os.read(terminal, 1 << 16):
            drawn += data
    os.close(terminal)
    return drawn


class ServerProcess:
    """A server that listens, with its log."""

    def __init__(self, process: ForkServerProcess, log: asyncio.StreamReader, transport: asyncio.BaseTransport) -> None:
        self.process = process
        self.log: list[str] = []
        "What it wrote to standard error, line by line."
        self.url = ""
        self._stream = log
        self._transport = transport

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

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.process.pid or 0, number)

    async def end(self) -> int | None:
        """The exit code of a server that was told to end, when it has."""
        code = await ended(self.process)
        await self._reading
        return code

    async def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.join()
        await self._reading
        self._transport.close()

    async def _read(self) -> None:
        while await self._line():
            pass

    async def _line(self) -> str:
        line = (await self._stream.readline()).decode()
        self.log.append(line)
        return line


async def start_server(env: Mapping[str, str]) -> ServerProcess:
    """`lianping serve`, once it listens; the caller kills it."""
    with tempfile.TemporaryDirectory(prefix="lianping-test-") as folder:
        pipe = Path(folder) / "log"
        os.mkfifo(pipe)
        reading = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb")
        process = _start(("serve",), env, os.devnull, str(pipe))
        log = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(log), reading
        )
        server = ServerProcess(process, log, transport)
        try:
            await server.listen()
        except BaseException:
            process.kill()
            process.join()
            transport.close()
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
