"""`kill -9` while reports are signed and sealed: every seat goes on, and nothing accepted is missing or doubled.

A server that comes back knows nothing of what it had prepared: the signature over it has lapsed, and the seat signs
anew by itself.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from msgspec.structs import replace

from server.demo.narration import no_pause
from server.demo.play import play
from server.demo.report_signing import sign_report
from server.demo.script import next_act
from server.demo.seat_client import SeatClient
from server.domain.commands import AnyCommand, SealReport, SignReport, parse_command
from server.domain.ids import Alias, LotId
from server.domain.phases import Phase
from server.domain.state import Report, RoomView
from server.evidence.verdict import Outcome
from server.room_desk import export_room
from server.session.frames import Accepted, Refused
from server.verify_desk import verify_package
from tests.evidence.signed_room import found_by
from tests.support.cutting_proxy import Hold
from tests.support.live_server import ACTS, H1, L1, TENDER, TEXTBOOK
from tests.support.lying_server import LyingServer
from tests.support.rig import APPEND, Rig, open_rig

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEALED = tuple(LotId(f"L{number}") for number in (1, 2, 3))
"Lots whose reports everybody has signed."
SIGNED = LotId("L4")
"The lot whose report waits for signatures."
LOTS = {lot: TENDER.lots[L1] for lot in (*SEALED, SIGNED)}


def report_of(view: RoomView, lot: LotId) -> Report:
    report = view.lots[lot].report
    assert report is not None
    return report


def is_prepared(view: RoomView) -> bool:
    """Whether everybody has signed all reports but the last, which is there."""
    return view.lots[SIGNED].report is not None and all(has_ended(view.lots[lot].report) for lot in SEALED)


def has_ended(report: Report | None) -> bool:
    return report is not None and set(report.ends) == set(report.members)


async def stop(alias: Alias, command: AnyCommand) -> None:
    if isinstance(command, SealReport) or (isinstance(command, SignReport) and command.lot == SIGNED):
        await asyncio.get_running_loop().create_future()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A room with reports to seal, and one to sign."""
    tender = replace(TEXTBOOK, tender=replace(TENDER, lots=LOTS))
    async with open_rig(tmp_path_factory.mktemp("kill"), tender) as rig:
        await play(rig.troupe, ACTS, stop, is_prepared)
        yield rig


Act = Callable[[], Awaitable[Accepted]]
Acting = asyncio.Task[Accepted]
Step = Callable[[Rig, SeatClient, Act], Awaitable[Acting]]


def started(act: Act) -> Acting:
    async def run() -> Accepted:
        return await act()

    return asyncio.create_task(run())


# -- where the server is killed


async def preparing(rig: Rig, seat: SeatClient, act: Act) -> Acting:
    """It is asked for a revision, and answers nothing."""
    async with LyingServer(rig.relays[seat.alias].url) as liar:
        seat.url = liar.url
        liar.may_answer.clear()
        acting = started(act)
        await liar.reached.wait()
        await rig.kill()
        seat.url = rig.relays[seat.alias].url
    return acting


async def prepared(rig: Rig, seat: SeatClient, act: Act) -> Acting:
    """The seat has its revision, and has sent no signature; it comes to the next server."""
    liar = LyingServer(rig.relays[seat.alias].url)
    async with liar:
        seat.url = liar.url
        liar.may_answer.clear()
        acting = started(act)
        await liar.prepared.wait()
        await rig.kill()
        seat.url = rig.relays[seat.alias].url
        liar.may_answer.set()
        await asyncio.sleep(0)
    return acting


async def decided(rig: Rig, seat: SeatClient, act: Act) -> Acting:
    """The file is on disk; the store has not seen the line that names it."""
    rig.proxy.cut(Hold.BEFORE, APPEND)
    acting = started(act)
    await rig.proxy.held.wait()
    return acting


async def appended(rig: Rig, seat: SeatClient, act: Act) -> Acting:
    """The line is stored; the server does not know."""
    rig.proxy.cut(Hold.AFTER, APPEND)
    acting = started(act)
    await rig.proxy.held.wait()
    return acting


async def acknowledged(rig: Rig, seat: SeatClient, act: Act) -> Acting:
    """The seat has the answer; nobody else has the line."""
    for alias, relay in rig.relays.items():
        if alias != seat.alias:
            relay.withhold()
    acting = started(act)
    await acting
    return acting


async def published(rig: Rig, seat: SeatClient, act: Act) -> Acting:
    """Others have the line; the seat has no answer."""
    async with LyingServer(rig.relays[seat.alias].url) as liar:
        seat.url = liar.url
        liar.may_answer.clear()
        acting = started(act)
        await liar.prepared.wait()
        rig.relays[seat.alias].withhold()
        liar.may_answer.set()
        host = rig.troupe.seats[H1]
        await host.until(lambda view: seat.alias in report_of(view, SIGNED).ends)
        seat.url = rig.relays[seat.alias].url
    return acting


@pytest.mark.parametrize("step", [preparing, prepared, decided, appended, acknowledged, published])
async def test_server_killed_while_a_member_signs_comes_back_with_one_signature(rig: Rig, step: Step) -> None:
    host = rig.troupe.seats[H1]
    report = report_of(host.view, SIGNED)
    alias = next(member for member in report.members if member not in report.ends)
    seat = rig.troupe.seats[alias]
    wish = next_act(seat.view, alias, ACTS)
    assert isinstance(wish, SignReport)
    before = await rig.commands()
    rig.proxy.held.clear()
    seat.heard.clear()

    acting = await step(rig, seat, lambda: sign_report(seat, wish))
    was_answered = acting.done()
    await rig.kill()
    await rig.start()
    accepted = await acting
    await rig.all_hold_everything()

    [added] = (await rig.commands())[len(before) :]
    envelope, command = parse_command(added)
    lapsed = "signing_lapsed" in [frame.code for frame in seat.heard if isinstance(frame, Refused)]
    assert (was_answered, lapsed) == (step is acknowledged, step in (prepared, decided))
    assert (envelope.by, type(command)) == (alias, SignReport)
    assert accepted.last == await rig.size() - 1
    assert list(report_of(host.view, SIGNED).ends) == [*report.ends, alias]


@pytest.mark.parametrize(("lot", "step"), list(zip(SEALED, (decided, appended, acknowledged), strict=True)))
async def test_server_killed_while_the_chair_seals_comes_back_with_one_seal(rig: Rig, lot: LotId, step: Step) -> None:
    host = rig.troupe.seats[H1]
    chair = host.view.chair
    assert chair is not None
    seat, seal = rig.troupe.seats[chair], SealReport(lot=lot, version=1)
    before = await rig.commands()
    rig.proxy.held.clear()

    acting = await step(rig, seat, lambda: seat.submit(seal))
    was_answered = acting.done()
    await rig.kill()
    await rig.start()
    accepted = await acting
    await rig.all_hold_everything()

    [added] = (await rig.commands())[len(before) :]
    assert was_answered == (step is acknowledged)
    assert (parse_command(added)[0].by, parse_command(added)[1]) == (chair, seal)
    assert accepted.last == await rig.size() - 1
    assert host.view.lots[lot].phase is Phase.SEALED


async def test_package_of_a_server_that_was_killed_while_signing_is_sound(rig: Rig) -> None:
    await play(rig.troupe, ACTS, no_pause, lambda view: view.phase is Phase.CLOSED)
    await rig.all_hold_everything()

    verdict = await asyncio.to_thread(verify_package, await export_room(rig.backend, rig.room))

    assert (verdict.outcome, found_by(verdict.checks)) == (Outcome.SOUND, {})
    assert [account.lot for account in verdict.reports] == list(LOTS)
