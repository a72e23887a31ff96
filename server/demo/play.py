"""Scripted participants play a room from the empty seats to the locked ranking, each through its own socket."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from itertools import cycle

import aiohttp

from server.demo.acts import points_of, verdicts_of
from server.demo.seat_client import SeatClient, SeatKey, enter
from server.demo.seat_media import SeatMedia
from server.domain import commands as c
from server.domain.committee import members
from server.domain.ids import Alias, LotId, RoomId, VenueId
from server.domain.media_policy import publishes
from server.domain.phases import Phase, Stage
from server.domain.roles import OPERATORS, Role
from server.domain.rules.checks import lot_plan
from server.domain.state import RoomView
from server.tender.tender_file import Acts
from signaling.scripted.clip import clips, load

Say = Callable[[str], None]
"Tells a person what is going on."


class Troupe:
    """All seats of a room, each with a client."""

    def __init__(self, seats: Mapping[Alias, SeatClient]) -> None:
        self.seats = seats

    @property
    def host(self) -> SeatClient:
        """The host's operator."""
        return next(seat for alias, seat in self.seats.items() if seat.view.seats[alias].role is Role.HOST_OPERATOR)

    @property
    def chair(self) -> SeatClient:
        """The member who was elected."""
        chair = self.host.view.chair
        if chair is None:
            raise LookupError("no chair is elected yet")
        return self.seats[chair]

    @property
    def members(self) -> list[SeatClient]:
        """The committee."""
        return [self.seats[alias] for alias in members(self.host.view)]

    def operator_of(self, venue: VenueId) -> SeatClient:
        """The operator who confirms the seats of a venue."""
        return next(
            seat
            for alias, seat in self.seats.items()
            if seat.view.seats[alias].role in OPERATORS and seat.view.seats[alias].venue == venue
        )

    async def everyone_sees(self, condition: Callable[[RoomView], object]) -> None:
        """Wait until every seat's view meets a condition."""
        await asyncio.gather(*(seat.until(condition) for seat in self.seats.values()))


async def seat_all(
    url: str, room: RoomId, codes: Mapping[Alias, str], stack: AsyncExitStack, trust: ssl.SSLContext | None = None
) -> Troupe:
    """Enter every seat with its code; the clients leave with the stack."""
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


async def play(troupe: Troupe, acts: Acts, say: Say) -> None:
    """Play everything that the acts hold, up to the locked result of every lot."""
    say("席位登记密钥，各场工作人员确认 / Seats enrol their keys, the venues' operators confirm them")
    await _enrol(troupe)
    say("签到：回避声明、承诺书 / Check-in: recusal statements, pledges")
    await _check_in(troupe)
    say("推选组长 / The chair is elected")
    await _elect(troupe, acts)
    for lot in troupe.host.view.lots:
        say(f"初步评审：{lot} / Preliminary examination: {lot}")
        await _examine(troupe, acts, lot)
        if troupe.chair.view.lots[lot].phase is Phase.LOCKED:
            continue
        say(f"独立打分：{lot} / Scoring, each alone: {lot}")
        await _score(troupe, acts, lot)
        say(f"价格评审与汇总：{lot} / Prices and ranking: {lot}")
        await troupe.chair.submit(c.ScorePrices(lot=lot))
        await troupe.chair.submit(c.LockResult(lot=lot))
    await troupe.everyone_sees(lambda view: all(lot.phase is Phase.LOCKED for lot in view.lots.values()))


async def close(troupe: Troupe, reason: str) -> None:
    """End the room."""
    await troupe.host.submit(c.CloseRoom(reason=reason))
    await troupe.everyone_sees(lambda view: view.phase is Phase.CLOSED)


async def _enrol(troupe: Troupe) -> None:
    ordered = sorted(troupe.seats.items(), key=lambda item: item[1].view.seats[item[0]].role not in OPERATORS)
    for alias, seat in ordered:
        await seat.enrol()
        planned = seat.view.seats[alias]
        if planned.role not in OPERATORS:
            await troupe.operator_of(planned.venue).submit(c.ConfirmSeat(seat=alias, key=seat.key.fingerprint))
    await troupe.everyone_sees(lambda view: all(view.seats[alias].confirmed for alias in troupe.seats))


async def _check_in(troupe: Troupe) -> None:
    await troupe.host.submit(c.OpenCheckIn())
    await troupe.everyone_sees(lambda view: view.phase is Phase.CHECK_IN)
    await asyncio.gather(*(_check_in_member(member) for member in troupe.members))
    await troupe.host.until(lambda view: all(view.seats[m.alias].pledged for m in troupe.members))


async def _check_in_member(member: SeatClient) -> None:
    await member.submit(c.StateRecusal(conflict=False, grounds=""))
    await member.submit(c.MakePledge())


async def _elect(troupe: Troupe, acts: Acts) -> None:
    await troupe.host.submit(c.OpenElection())
    chair = acts.chair or troupe.members[0].alias
    await troupe.everyone_sees(lambda view: view.phase is Phase.CHAIR_ELECTION)
    await asyncio.gather(*(member.submit(c.CastBallot(round=1, candidate=chair)) for member in troupe.members))
    await troupe.everyone_sees(lambda view: view.chair == chair and view.phase is Phase.EVALUATION)


async def _examine(troupe: Troupe, acts: Acts, lot: LotId) -> None:
    plan = lot_plan(lot, troupe.host.view)
    await asyncio.gather(
        *(
            member.submit(c.HandInExamination(lot=lot, round=1, verdicts=verdicts_of(acts, member.alias, plan)))
            for member in troupe.members
        )
    )
    await troupe.chair.until(lambda view: view.lots[lot].stages[Stage.EXAMINATION].revealed_at(1) is not None)
    conclusion = c.ConcludeExamination(lot=lot, minutes=acts.minutes, competition=acts.competition)
    await troupe.chair.submit(conclusion)
    await troupe.everyone_sees(lambda view: view.lots[lot].phase is not Phase.EXAMINATION)


async def _score(troupe: Troupe, acts: Acts, lot: LotId) -> None:
    scheme = lot_plan(lot, troupe.host.view).scheme
    bids = troupe.host.view.lots[lot].admitted or ()
    await asyncio.gather(
        *(
            member.submit(c.HandInScores(lot=lot, round=1, points=points_of(acts, member.alias, scheme, bids)))
            for member in troupe.members
        )
    )
    await troupe.everyone_sees(lambda view: view.lots[lot].phase is Phase.PRICES)
