"""A server that a test may kill -9: seats before it, behind relays, and a store behind a proxy outlive it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from server.backend import Backend, open_backend
from server.demo.play import Troupe, seat_all
from server.demo.seat_client import SeatClient
from server.domain.commands import HandInScores
from server.domain.ids import Alias, RoomId
from server.domain.lines import parse_line
from server.domain.state import RoomView
from server.evidence.ledger import entries_of
from server.room_desk import create_room, issue_codes
from server.session.frames import Accepted, Submit
from server.store.embedded_valkey import EmbeddedValkey
from server.tender.bid_files import WholeTender
from tests.support.cutting_proxy import CuttingProxy
from tests.support.live_server import L1, plain_settings, sheet
from tests.support.relay import Relay
from tests.support.server_process import ServerProcess, environment, start_server

APPEND, READ = b"XADD", b"XREAD"
"Words of requests to the store, at which the proxy may hold."


class Rig:
    """A server process behind relays, before a store behind a proxy; the store and the seats outlive the server."""

    def __init__(
        self, backend: Backend, proxy: CuttingProxy, env: dict[str, str], relays: dict[Alias, Relay], room: RoomId
    ) -> None:
        self.backend = backend
        self.proxy = proxy
        self.relays = relays
        self.room = room
        self.troupe = Troupe({})
        self.server: ServerProcess | None = None
        self._env = env

    async def start(self) -> None:
        """Start the server, again or for the first time; the relays lead to it."""
        self.server = await start_server(self._env)
        for relay in self.relays.values():
            relay.release()
            relay.lead_to(self.server.url)

    async def kill(self) -> None:
        """Kill the server where it stands; the seats wait for the next one."""
        for relay in self.relays.values():
            relay.lead_nowhere()
        if self.server is not None:
            await self.server.kill()

    async def size(self) -> int:
        """Lines in the log."""
        return sum(len(entry.lines) for entry in await self.backend.log.read(self.room))

    async def hand_in(self, member: SeatClient) -> tuple[Submit, "asyncio.Task[Accepted]"]:
        """A member's sheet, signed, and the answer that the seat waits for, over all its connections."""
        frame = member.signed(HandInScores(lot=L1, round=1, points=sheet(member)), n := 1000)
        return frame, asyncio.create_task(member.send(frame, n))

    async def commands(self) -> list[str]:
        """The text of every command that stands in the log."""
        lines = [parse_line(line) for entry in await self.backend.log.read(self.room) for line in entry.lines]
        return [line.head.signed.text for entry in entries_of(lines) for line in entry if line.head.signed]

    async def all_hold_everything(self) -> None:
        """Wait until every seat holds each line, or its hash, under a signed head."""
        size = await self.size()
        for seat in self.troupe.seats.values():
            await seat.until(_holds(seat, size))


def _holds(seat: SeatClient, size: int) -> Callable[[RoomView], bool]:
    return lambda _: seat.record.have == seat.record.signed_size == size


@asynccontextmanager
async def open_rig(folder: Path, tender: WholeTender) -> AsyncIterator[Rig]:
    """A room of this tender, every seat of it entered."""
    async with AsyncExitStack() as stack:
        valkey = await stack.enter_async_context(EmbeddedValkey(folder / "valkey"))
        backend = await stack.enter_async_context(open_backend(plain_settings(folder / "data", valkey.url)))
        proxy = await stack.enter_async_context(CuttingProxy(valkey.socket, folder / "proxy.sock"))
        room = await create_room(backend, tender)
        codes = await issue_codes(backend, room)
        relays = {alias: await stack.enter_async_context(Relay("http://127.0.0.1:1")) for alias in codes}
        env = environment(data=folder / "data", redis_url=proxy.url, tls="off", host="127.0.0.1", port=0, media="false")
        rig = Rig(backend, proxy, env, relays, room)
        stack.push_async_callback(rig.kill)
        await rig.start()
        for alias, code in codes.items():
            rig.troupe.seats |= (await seat_all(relays[alias].url, room, {alias: code}, stack)).seats
        yield rig
