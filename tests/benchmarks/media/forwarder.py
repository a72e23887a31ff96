"""What the benchmark asks of a server, and our own media process behind it."""

import os
from pathlib import Path as FilePath
from typing import Protocol

import msgspec

from signaling.dtls_srtp import Certificate
from signaling.messages import KINDS, OpenRoom
from tests.benchmarks.media.description import Feature
from tests.benchmarks.media.path import Path
from tests.support.media_worker import Worker
from tests.support.media_world import AnswerOffer
from tests.support.recorded import RECORDING_KEY


class RoomPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends sound and picture in a room, and who receives all of it but the own."""

    name: str
    publishers: tuple[str, ...]
    listeners: tuple[str, ...]

    @property
    def seats(self) -> tuple[str, ...]:
        """Everyone, publishers first."""
        return tuple(dict.fromkeys((*self.publishers, *self.listeners)))

    @property
    def routes(self) -> list[tuple[str, str]]:
        """(publisher, listener)."""
        return [(one, other) for one in self.publishers for other in self.listeners if one != other]


class Forwarder(Protocol):
    """A server under test; it runs between `start` and `close`."""

    name: str
    "With its version."

    @property
    def pid(self) -> int:
        """Of the process that carries media."""
        ...

    async def start(self) -> None:
        """Start the process."""
        ...

    async def fill(self, plan: RoomPlan) -> list[Path]:
        """Make a room and seat everyone; the connected paths, those that send first."""
        ...

    async def view(self, plan: RoomPlan, alias: str, answer: AnswerOffer) -> None:
        """Let one more listener into a room that was filled; `answer` takes an offer."""
        ...

    async def close(self) -> None:
        """End the process."""
        ...


def resident_bytes(pid: int) -> int:
    """The memory that a process holds."""
    pages = int(FilePath(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Lianping:
    """Our media process, driven as the server drives it.

    Args:
        folder: for the control socket, and for what is recorded.
        address: where it listens.
        records: whether everything that is sent is recorded as well.
        without: what the seats leave out of their answers.
    """

    name = "lianping"

    def __init__(
        self,
        folder: FilePath,
        address: str,
        *,
        records: bool = False,
        without: frozenset[Feature] = frozenset(),
    ) -> None:
        self._address = address
        self._recordings = folder / "recordings" if records else None
        self._without = without
        self._certificate = Certificate()
        self._worker = Worker(folder / "control", address)
        self._viewers: list[str] = []

    @property
    def pid(self) -> int:
        """Of the media process: there is one."""
        return self._worker.process.pid

    async def start(self) -> None:
        """Start the media process."""
        if self._recordings is not None:
            self._recordings.mkdir()
        await self._worker.start(self._recordings)

    async def _allow(self, plan: RoomPlan) -> None:
        await self._worker.server.set_policy(
            [(*route, kind) for route in plan.routes for kind in KINDS],
            [(alias, kind) for alias in plan.publishers for kind in KINDS if self._recordings is not None],
            room=plan.name,
        )

    async def fill(self, plan: RoomPlan) -> list[Path]:
        """One connection a seat; the policy lets everything in the plan flow."""
        server = self._worker.server
        server.say(OpenRoom(room=plan.name, recording_key=RECORDING_KEY))
        await self._allow(plan)
        paths = []
        for alias in plan.seats:
            is_publisher = alias in plan.publishers
            path = Path(self._certificate, self._address, KINDS if is_publisher else (), self._without)
            sources = [one for one, other in plan.routes if other == alias]
            await server.join(alias, path.answer, sources, KINDS if is_publisher else (), plan.name)
            await path.connected()
            paths.append(path)
        return paths

    async def view(self, plan: RoomPlan, alias: str, answer: AnswerOffer) -> None:
        """One more alias, allowed to receive from all publishers."""
        self._viewers.append(alias)
        listeners = (*plan.listeners, *self._viewers)
        wider = RoomPlan(name=plan.name, publishers=plan.publishers, listeners=listeners)
        await self._allow(wider)
        await self._worker.server.join(alias, answer, plan.publishers, (), plan.name)

    async def close(self) -> None:
        """Hang up; the process ends by that."""
        self._worker.hang_up()
        await self._worker.ended()
