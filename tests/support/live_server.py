"""A running server for tests: plain HTTP on a free port, an own data folder, rooms of the textbook's tender."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace

from server.app import Server, run_server
from server.auth.codes import SeatEntry
from server.demo.acts import points_of
from server.demo.narration import no_pause
from server.demo.play import Pause, Troupe, play
from server.demo.seat_client import SeatClient, SeatKey, SeatRecord, enter
from server.domain.commands import AnyCommand, ConfirmSeat, HandInScores
from server.domain.ids import Alias, BidAlias, CriterionId, LotId, RoomId
from server.domain.phases import Phase
from server.domain.plan import MemberNames, Recording
from server.domain.roles import OPERATORS
from server.domain.rules.checks import lot_plan
from server.domain.state import RoomState, RoomView
from server.room_desk import create_room, read_room
from server.settings import Settings, Tls
from server.tender.bid_files import WholeTender
from server.tender.template import textbook
from server.tender.tender_file import Acts
from tests.support.patience import PATIENCE_S

TEXTBOOK = textbook()
TENDER = TEXTBOOK.tender
ACTS = TENDER.acts or Acts()
UNNAMED = replace(TEXTBOOK, tender=replace(TENDER, policy=replace(TENDER.policy, member_names=MemberNames.NEVER)))
"The same for a room that never tells names."
L1 = LotId("L1")
E1, E2, E3, H1, V1, S1, U1, W1 = (Alias(name) for name in ("E1", "E2", "E3", "H1", "V1", "S1", "U1", "W1"))


def kept(whole: WholeTender = TEXTBOOK) -> WholeTender:
    """The same for a room that is recorded, and in which members without a camera score."""
    policy = replace(whole.tender.policy, recording=Recording.KEPT)
    return replace(whole, tender=replace(whole.tender, policy=policy))


def protected(whole: WholeTender = TEXTBOOK, *, faces: bool = True, voices: bool = True) -> WholeTender:
    """A room that covers its members' faces and changes their voices; recorded where they have a camera."""
    recorded = kept(whole)
    policy = replace(recorded.tender.policy, cover_faces=faces, change_voices=voices)
    return replace(recorded, tender=replace(recorded.tender, policy=policy))


def desktops(whole: WholeTender = TEXTBOOK) -> WholeTender:
    """A room that records its members' desktops, and lets nobody hand in a sheet without."""
    policy = replace(whole.tender.policy, recording=Recording.REQUIRED, record_desktops=True)
    return replace(whole, tender=replace(whole.tender, policy=policy))


def plain_settings(data: Path, redis_url: str | None = None) -> Settings:
    """A server for this machine alone, without media."""
    return Settings(data=data, redis_url=redis_url, host="127.0.0.1", port=0, tls=Tls.OFF, media=False)


def media_settings(data: Path, address: str = "127.0.0.1") -> Settings:
    """A server with media, which listens under one address."""
    return replace(
        plain_settings(data),
        host=address,
        media=True,
        media_port=0,
        media_addresses=(address,),
        media_log=data / "media.log",
        camera_networks=("127.0.0.0/8",),
    )


class Sitting:
    """One room on a running server, and the seats that have entered it."""

    def __init__(self, server: Server, room: RoomId, stack: AsyncExitStack) -> None:
        self.server = server
        self.room = room
        self.url = server.address.url
        "Where seats connect; a test may put a relay there."
        self.seats: dict[Alias, SeatClient] = {}
        self._stack = stack

    async def state(self) -> RoomState:
        """The room as its log tells it."""
        return await read_room(self.server.backend, self.room)

    async def code(self, alias: Alias) -> str:
        """A new entry code for a seat."""
        seat = (await self.state()).seats[alias]
        entry = SeatEntry(room=self.room, alias=alias, venue=seat.venue, role=seat.role, moves=seat.moves)
        return (await self.server.backend.codes.issue(entry)).digits

    async def token(self, alias: Alias) -> str:
        """What a person with a new code gets at the entrance."""
        async with aiohttp.ClientSession() as http:
            return (await enter(http, self.url, await self.code(alias)))["token"]

    async def enter(self, alias: Alias, *, key: SeatKey | None = None, token: str | None = None) -> SeatClient:
        """A seat on a new device, with a new code and a new key unless they are given."""
        client = SeatClient(self.url, self.room, alias, token or await self.token(alias), key=key or SeatKey())
        self.seats[alias] = await self._stack.enter_async_context(client)
        return client

    async def enrol(self, *aliases: Alias) -> list[SeatClient]:
        """Seats that have entered and enrolled, confirmed by the operators of their venues, who must be here."""
        for alias in aliases:
            seat = await self.enter(alias)
            await seat.enrol()
            if seat.view.seats[alias].role not in OPERATORS:
                operator = self.operator_of(seat)
                await operator.until(partial(_is_enrolled, alias))
                await operator.submit(ConfirmSeat(seat=alias, key=seat.key.fingerprint))
        return [self.seats[alias] for alias in aliases]

    def operator_of(self, seat: SeatClient) -> SeatClient:
        """The operator of the venue where a seat stands."""
        planned = seat.view.seats
        venue = planned[seat.alias].venue
        return next(
            self.seats[alias]
            for alias in self.seats
            if planned[alias].role in OPERATORS and planned[alias].venue == venue
        )

    async def play(self, until: Callable[[RoomView], object], pause: Pause = no_pause) -> None:
        """Seat everyone and play until all see a condition."""
        for alias in (await self.state()).seats:
            if alias not in self.seats:
                await self.enter(alias)
        await play(Troupe(self.seats), ACTS, pause, until)

    async def play_to_scoring(self) -> None:
        """Seat everyone and play until the members are to score; none of them has."""
        await self.play(scoring, stop_before(HandInScores))

    async def all_hold_everything(self) -> None:
        """Wait until every seat holds each line, or its hash, under a signed head."""
        size = len(await self.lines())
        for seat in self.seats.values():
            await seat.until(partial(_holds, seat.record, size), PATIENCE_S)

    async def lines(self) -> list[bytes]:
        """The record."""
        return [line for entry in await self.server.backend.log.read(self.room) for line in entry.lines]


def _is_enrolled(alias: Alias, view: RoomView) -> bool:
    return view.seats[alias].key is not None


def _holds(record: SeatRecord, size: int, _: RoomView) -> bool:
    return record.have == record.signed_size >= size


def scoring(view: RoomView) -> bool:
    """Whether the members score."""
    return view.phase is Phase.EVALUATION and view.lots[L1].phase is Phase.SCORING


def stop_before(kind: type[AnyCommand]) -> Pause:
    """A participant who never gives a command of a kind."""

    async def pause(alias: Alias, command: AnyCommand) -> None:
        if isinstance(command, kind):
            await asyncio.get_running_loop().create_future()

    return pause


def sheet(seat: SeatClient) -> dict[BidAlias, dict[CriterionId, str]]:
    """A member's points, as the textbook has them."""
    lot = seat.view.lots[L1]
    return points_of(ACTS, seat.alias, lot_plan(L1, seat.view).scheme, lot.admitted or ())


@asynccontextmanager
async def open_sitting(server: Server, whole: WholeTender = TEXTBOOK) -> AsyncIterator[Sitting]:
    """A new room; its seats leave at the end."""
    async with AsyncExitStack() as stack:
        yield Sitting(server, await create_room(server.backend, whole), stack)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """One server for all tests of a module, with a store of its own; tests run in the module's loop."""
    async with run_server(plain_settings(tmp_path_factory.mktemp("data"))) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def sitting(server: Server) -> AsyncIterator[Sitting]:
    """A room of this test alone on the module's server."""
    async with open_sitting(server) as sitting:
        yield sitting


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scored(server: Server) -> AsyncIterator[Sitting]:
    """A room in which the members are to score; the tests that share it change nothing."""
    async with open_sitting(server) as sitting:
        await sitting.play_to_scoring()
        yield sitting
