"""Scripted participants play a room, each through its own socket; people may hold any of the seats beside them."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from itertools import cycle
from typing import Final

import aiohttp

from server.demo.report_signing import sign_annex, sign_report
from server.demo.script import next_act
from server.demo.seat_client import SeatClient, SeatKey, SeatRefused, enter
from server.demo.seat_media import SeatMedia
from server.domain import commands as c
from server.domain.ids import Alias, RoomId
from server.domain.media_policy import publishes
from server.domain.phases import Phase
from server.domain.roles import OPERATORS, Role
from server.domain.state import RoomView
from server.task_end import end_tasks
from server.tender.tender_file import Acts
from signaling.scripted.clip import clips, load

Say = Callable[[str], None]
"Tells a person what is going on."

Pause = Callable[[Alias, c.AnyCommand], Awaitable[None]]
"Waits as a person would before an act."

OUTRUN: Final = frozenset(
    {
        "stale_view",
        "already_done",
        "seat_already_confirmed",
        "nothing_to_hand_in",
        "nothing_to_sign",
        "nothing_to_minute",
        "nobody_calls",
        "nobody_asks",
        "talk_goes_on",
        "report_version_passed",
        "wrong_phase",
    }
)
"Refusals of an act that the room's course has overtaken: the participant looks again."


async def enrol(client: SeatClient) -> None:
    """Bind a seat's key, however often the room goes on meanwhile.

    Raises:
        SeatRefused: for another reason.
    """
    while True:
        try:
            await client.enrol()
        except SeatRefused as refusal:
            if refusal.code != "stale_view":
                raise
        else:
            return


class Troupe:
    """The scripted seats of a room."""

    def __init__(self, seats: Mapping[Alias, SeatClient]) -> None:
        self.seats = dict(seats)

    @property
    def host(self) -> SeatClient:
        """The host's operator, or any other seat while a person holds that one."""
        seats = list(self.seats.values())
        return next((seat for seat in seats if seat.view.seats[seat.alias].role is Role.HOST_OPERATOR), seats[0])

    async def everyone_sees(self, condition: Callable[[RoomView], object]) -> None:
        """Wait until every seat's view meets a condition."""
        await asyncio.gather(*(seat.until(condition) for seat in self.seats.values()))


async def seat_all(
    url: str, room: RoomId, codes: Mapping[Alias, str], stack: AsyncExitStack, trust: ssl.SSLContext | None = None
) -> Troupe:
    """Enter these seats with their codes; the clients leave with the stack."""
    http = await stack.enter_async_context(aiohttp.ClientSession())
    seats = {}
    for alias, code in codes.items():
        entry = await enter(http, url, code, trust)
        client = SeatClient(url, room, alias, entry["token"], key=SeatKey(), trust=trust)
        seats[alias] = await stack.enter_async_context(client)
    return Troupe(seats)


async def bring_media(troupe: Troupe, stack: AsyncExitStack) -> dict[Alias, SeatMedia]:
    """Give every seat that has a camera a film to play; the films end with the stack."""
    films = [load(path) for path in clips()]
    view = troupe.host.view
    senders = [seat for alias, seat in troupe.seats.items() if publishes(view.seats[alias])]
    return {
        seat.alias: await stack.enter_async_context(SeatMedia(seat, film))
        for seat, film in zip(senders, cycle(films), strict=False)
    }


async def enrol_all(troupe: Troupe) -> None:
    """Enrol every scripted seat, operators first: they confirm the others."""
    for alias, seat in sorted(troupe.seats.items(), key=lambda item: item[1].view.seats[item[0]].role not in OPERATORS):
        if seat.view.seats[alias].key is None:
            await seat.enrol()


async def play(troupe: Troupe, acts: Acts, pause: Pause, until: Callable[[RoomView], object]) -> None:
    """Enrol, and act until every scripted seat's view meets a condition."""
    await enrol_all(troupe)
    players = [asyncio.create_task(act(seat, acts, pause)) for seat in troupe.seats.values()]
    watching = asyncio.create_task(troupe.everyone_sees(until))
    try:
        await asyncio.wait([watching, *players], return_when=asyncio.FIRST_COMPLETED)
        for player in players:
            if player.done():
                player.result()
        await watching
    finally:
        await end_tasks(watching, *players)


async def act(seat: SeatClient, acts: Acts, pause: Pause) -> None:
    """Give every command that becomes this seat's to give, for ever."""
    while True:
        await seat.until(lambda view: next_act(view, seat.alias, acts) is not None, patience_s=None)
        due = next_act(seat.view, seat.alias, acts)
        if due is None:
            continue
        await pause(seat.alias, due)
        try:
            await perform(seat, due)
        except SeatRefused as error:
            if error.code not in OUTRUN:
                raise


async def perform(seat: SeatClient, command: c.AnyCommand) -> None:
    """Give a command; what is to be signed is read and signed first.

    Raises:
        SeatRefused: the server does not take it.
    """
    match command:
        case c.SignReport():
            await sign_report(seat, command)
        case c.SignAnnex():
            await sign_annex(seat, command)
        case _:
            await seat.submit(command)


async def close(troupe: Troupe, reason: str) -> None:
    """End the room."""
    await troupe.host.submit(c.CloseRoom(reason=reason))
    await troupe.everyone_sees(lambda view: view.phase is Phase.CLOSED)
