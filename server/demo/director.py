"""A sitting to try out: scripted participants at a human pace, people in any seats they take.

A seat nobody took is played. Taking a played seat goes the way a real move to another device goes: the operator of its
venue releases it, and a new code lets the person in.
"""

import asyncio
import random
import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from itertools import cycle
from typing import Final

from msgspec import Struct

from server.app import Server
from server.auth.codes import SeatEntry
from server.auth.signed_tokens import new_device_id
from server.auth.tokens import Seat as SeatHolder
from server.demo.play import act, enrol
from server.demo.seat_client import SeatClient, SeatKey
from server.demo.seat_media import SeatMedia
from server.domain import commands as c
from server.domain.errors import Rejection
from server.domain.ids import Alias, Digest, RoomId, VenueId
from server.domain.media_policy import publishes
from server.domain.roles import OPERATORS, Role
from server.domain.scoring.criteria import member_criteria
from server.domain.state import RoomState
from server.task_end import end_tasks
from server.tender.tender_file import Acts
from signaling.scripted.clip import clips, load

PACES_S: Final[Mapping[type[c.AnyCommand], tuple[float, float]]] = {
    c.ConfirmSeat: (1, 3),
    c.StateRecusal: (2, 8),
    c.MakePledge: (2, 6),
    c.OpenCheckIn: (3, 5),
    c.OpenElection: (4, 8),
    c.CastBallot: (3, 12),
    c.HandInExamination: (15, 45),
    c.ConcludeExamination: (8, 15),
    c.HandInScores: (20, 60),
    c.ScorePrices: (10, 15),
    c.LockResult: (15, 20),
    c.IssueReport: (15, 25),
    c.SignReport: (10, 40),
    c.SignAnnex: (8, 20),
    c.RefuseReport: (15, 40),
    c.MinuteRefusal: (10, 20),
    c.SealReport: (8, 15),
    c.AnswerCall: (4, 8),
    c.CloseRoom: (60, 90),
}
"Seconds a scripted participant takes for an act, from and to."

ENROL_WITHIN_S: Final = 4.0
"People come one after the other."


class SeatNotFree(Rejection):
    """Nobody can move the seat now: a person holds the operator's seat of its venue."""

    code = "seat_not_free"
    sentence = "{alias} can be moved only by {operator}, whose seat a person holds."


class SittingSeat(Struct, frozen=True, kw_only=True):
    """A seat as the lobby shows it."""

    alias: Alias
    role: Role
    venue: VenueId
    venue_name: str
    held_by: str
    "`script`, `person` or `nobody`."
    about_to: str
    "The command that a scripted participant is preparing; empty for none."


class Sitting(Struct, frozen=True, kw_only=True):
    """What the lobby shows."""

    room: RoomId
    title: str
    started: bool
    seats: tuple[SittingSeat, ...]
    card: dict[Alias, dict[str, dict[str, str]]]
    "The points of the worked example to type: by member, bid and criterion."
    titles: dict[str, str]
    "Of the criteria that members score."


class Director:
    """Runs the scripted seats of one room; entered, it ends them all with it."""

    def __init__(self, server: Server, room: RoomId, acts: Acts, keys: Mapping[Alias, SeatKey]) -> None:
        self.room = room
        self._server = server
        self._acts = acts
        self._keys = keys
        self._films = cycle([load(path) for path in clips()])
        self._played: dict[Alias, AsyncExitStack] = {}
        self._clients: dict[Alias, SeatClient] = {}
        self._people: set[Alias] = set()
        self._about_to: dict[Alias, str] = {}
        self._started = asyncio.Event()
        self._hurry = asyncio.Event()
        self._chance = random.Random()
        self._trust = _trust_of(server)

    async def __aenter__(self) -> "Director":
        state = await self._state()
        self._people = {alias for alias, seat in state.seats.items() if seat.key and seat.key != self._key(alias)}
        for alias, seat in state.seats.items():
            if seat.left_at is None and alias not in self._people:
                await self._play(alias)
        if any(seat.key for seat in state.seats.values()):
            self._started.set()
        return self

    async def __aexit__(self, *_: object) -> None:
        for alias in list(self._played):
            await self._leave(alias)

    async def sitting(self) -> Sitting:
        """The lobby's picture of the room."""
        state = await self._state()
        opening = state.opening
        if opening is None:
            raise TypeError("a live room has its first event")
        return Sitting(
            room=self.room,
            title=opening.title,
            started=self._started.is_set(),
            seats=tuple(
                SittingSeat(
                    alias=alias,
                    role=seat.role,
                    venue=seat.venue,
                    venue_name=opening.venues[seat.venue].name,
                    held_by=self._holder(alias),
                    about_to=self._about_to.get(alias, ""),
                )
                for alias, seat in state.seats.items()
                if seat.left_at is None
            ),
            card={
                member: {bid: {str(name): points for name, points in row.items()} for bid, row in rows.items()}
                for member, rows in self._acts.points.items()
            },
            titles={
                str(criterion.id): criterion.title
                for lot in opening.lots.values()
                for criterion in member_criteria(lot.scheme.criteria)
            },
        )

    def start(self) -> None:
        """Let the scripted participants begin."""
        self._started.set()

    def go_on(self) -> None:
        """快进: everyone who is preparing an act gives it now."""
        waited, self._hurry = self._hurry, asyncio.Event()
        waited.set()

    def client(self, alias: Alias) -> SeatClient | None:
        """The scripted participant of a seat; none where a person sits."""
        return self._clients.get(alias)

    async def take(self, alias: Alias) -> str:
        """An entry code for a person who takes this seat from its scripted participant.

        Raises:
            SeatNotFree: a person holds the operator's seat that would have to release it.
        """
        state = await self._state()
        seat = state.seats[alias]
        if seat.key is not None:
            await self._release(alias, state)
        await self._leave(alias)
        self._people.add(alias)
        self._started.set()
        moves = (await self._state()).seats[alias].moves
        entry = SeatEntry(room=self.room, alias=alias, venue=seat.venue, role=seat.role, moves=moves)
        return (await self._server.backend.codes.issue(entry)).display

    # -- scripted seats ------------------------------------------------------------------------------------------

    async def _play(self, alias: Alias) -> None:
        """Seat a scripted participant."""
        state = await self._state()
        seat = state.seats[alias]
        tokens, clock = self._server.services.tokens, self._server.services.clock
        holder = SeatHolder(room=self.room, alias=alias, moves=seat.moves)
        token = tokens.issue(holder, new_device_id(), clock())
        stack = AsyncExitStack()
        url = self._server.address.url
        client = SeatClient(url, self.room, alias, token, key=self._keys[alias], trust=self._trust)
        self._clients[alias] = await stack.enter_async_context(client)
        if publishes(seat):
            await stack.enter_async_context(SeatMedia(client, next(self._films)))
        task = asyncio.create_task(self._act(client))
        stack.push_async_callback(end_tasks, task)
        self._played[alias] = stack

    async def _act(self, client: SeatClient) -> None:
        await self._started.wait()
        if client.view.seats[client.alias].key is None:
            await asyncio.sleep(self._chance.uniform(0, ENROL_WITHIN_S))
            await enrol(client)
        await act(client, self._acts, self._pause)

    async def _pause(self, alias: Alias, command: c.AnyCommand) -> None:
        """Wait as long as a person would take, or until 快进."""
        self._about_to[alias] = c.tag_of(type(command))
        pace = self._chance.uniform(*PACES_S.get(type(command), (1, 3)))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(pace):
                    await self._hurry.wait()
        finally:
            self._about_to.pop(alias, None)

    async def _leave(self, alias: Alias) -> None:
        stack = self._played.pop(alias, None)
        self._clients.pop(alias, None)
        if stack is not None:
            await stack.aclose()

    async def _release(self, alias: Alias, state: RoomState) -> None:
        """Have the operator of the seat's venue release it."""
        venue = state.seats[alias].venue
        operator = next(name for name, seat in state.seats.items() if seat.venue == venue and seat.role in OPERATORS)
        client = self._clients.get(operator)
        if client is None:
            raise SeatNotFree(alias=alias, operator=operator)
        await client.submit(c.ReleaseSeat(seat=alias, reason="演示：由现场人员接替该席位。"))

    def _holder(self, alias: Alias) -> str:
        if alias in self._people:
            return "person"
        return "script" if alias in self._played else "nobody"

    def _key(self, alias: Alias) -> Digest:
        return self._keys[alias].fingerprint

    async def _state(self) -> RoomState:
        return (await self._server.services.rooms.session(self.room)).room


def _trust_of(server: Server) -> ssl.SSLContext | None:
    """What scripted seats need to trust the embedded certificate; none where it is not used."""
    root = server.services.root_certificate
    return ssl.create_default_context(cadata=root.decode()) if root else None
