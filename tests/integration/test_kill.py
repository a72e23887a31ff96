"""`kill -9` at each step of decide, append, durable, acknowledge, publish: nothing accepted is missing or doubled."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio

from server.app import Server, run_server
from server.demo.narration import no_pause
from server.demo.play import play
from server.demo.seat_client import SeatClient, SeatRefused
from server.domain.commands import HandInScores, ReleaseSeat
from server.domain.events import SeatReleased
from server.domain.lines import parse_line
from server.domain.phases import Phase, Stage
from server.evidence.verdict import Outcome
from server.room_desk import create_room, export_room
from server.session.frames import Accepted, SaveCell, Submit
from server.store.errors import StoreUnavailable
from server.verify_desk import verify_package
from tests.support.cutting_proxy import Hold
from tests.support.live_server import (
    ACTS,
    E1,
    H1,
    L1,
    TEXTBOOK,
    W1,
    Sitting,
    plain_settings,
    scoring,
    stop_before,
)
from tests.support.patience import PATIENCE_S
from tests.support.rig import APPEND, READ, Rig, open_rig

pytestmark = pytest.mark.asyncio(loop_scope="module")

T = TypeVar("T")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A room in which everyone is about to score."""
    async with open_rig(tmp_path_factory.mktemp("kill"), TEXTBOOK) as rig:
        await play(rig.troupe, ACTS, stop_before(HandInScores), scoring)
        yield rig


async def decided(rig: Rig, member: SeatClient, witness: SeatClient) -> "tuple[Submit, asyncio.Task[Accepted]]":
    """Decided; the store has not seen the append."""
    rig.proxy.cut(Hold.BEFORE, APPEND)
    sent = await rig.hand_in(member)
    await rig.proxy.held.wait()
    return sent


async def appended(rig: Rig, member: SeatClient, witness: SeatClient) -> "tuple[Submit, asyncio.Task[Accepted]]":
    """Stored; the server does not know."""
    rig.proxy.cut(Hold.AFTER, APPEND)
    sent = await rig.hand_in(member)
    await rig.proxy.held.wait()
    return sent


async def durable(rig: Rig, member: SeatClient, witness: SeatClient) -> "tuple[Submit, asyncio.Task[Accepted]]":
    """Stored and answered; the reader has not brought it."""
    rig.proxy.cut(Hold.AFTER, READ)
    await rig.proxy.held.wait()
    before = await rig.commands()
    sent = await rig.hand_in(member)
    async with asyncio.timeout(PATIENCE_S):
        while await rig.commands() == before:
            pass
    return sent


async def acknowledged(rig: Rig, member: SeatClient, witness: SeatClient) -> "tuple[Submit, asyncio.Task[Accepted]]":
    """The member has the answer; nobody else has the line."""
    for alias, relay in rig.relays.items():
        if alias != member.alias:
            relay.withhold()
    frame, answer = await rig.hand_in(member)
    await answer
    return frame, answer


async def published(rig: Rig, member: SeatClient, witness: SeatClient) -> "tuple[Submit, asyncio.Task[Accepted]]":
    """Others have the line; the member has no answer."""
    rig.relays[member.alias].withhold()
    sent = await rig.hand_in(member)
    await witness.until(lambda view: member.alias not in view.lots[L1].stages[Stage.SCORING].pending)
    return sent


Step = Callable[[Rig, SeatClient, SeatClient], Awaitable["tuple[Submit, asyncio.Task[Accepted]]"]]


@pytest.mark.parametrize("step", [decided, appended, durable, acknowledged, published])
async def test_a_server_killed_at_a_step_comes_back_with_every_accepted_command_once(rig: Rig, step: Step) -> None:
    host = rig.troupe.seats[H1]
    pending = host.view.lots[L1].stages[Stage.SCORING].pending
    member, typist = rig.troupe.seats[pending[0]], rig.troupe.seats[pending[-1]]
    typed = f"typed before {step.__name__}"
    version = typist.cells["A/plan"].version + 1 if typist.cells else 1
    cell = SaveCell(lot=L1, stage=Stage.SCORING, round=1, cell="A/plan", value=typed, version=version)
    await typist.put(cell)
    await typist.until(lambda _: [each.value for each in typist.cells.values()] == [typed])
    before = await rig.commands()
    rig.proxy.held.clear()

    frame, answer = await step(rig, member, host)
    was_answered = answer.done()
    await rig.kill()
    typist.cells.clear()
    await rig.start()
    accepted = await answer
    await rig.all_hold_everything()
    await typist.until(lambda _: [each.value for each in typist.cells.values()] == [typed])

    assert was_answered == (step is acknowledged)
    assert await rig.commands() == [*before, frame.text]
    assert (accepted.first, accepted.last) == (await rig.size() - 2, await rig.size() - 1)
    assert len({seat.record.seen.root for seat in rig.troupe.seats.values()}) == 1
    assert (await member.send(frame, 1000)).first == accepted.first


async def test_a_sitting_of_a_server_that_was_killed_often_ends_with_a_sound_record(rig: Rig) -> None:
    await play(rig.troupe, ACTS, no_pause, lambda view: view.phase is Phase.CLOSED)

    package = await export_room(rig.backend, rig.room)
    assert (await asyncio.to_thread(verify_package, package)).outcome in (Outcome.SOUND, Outcome.INCOMPLETE)


async def test_a_room_goes_on_after_its_store_was_killed(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server, AsyncExitStack() as stack:
        sitting = Sitting(server, await create_room(server.backend, TEXTBOOK), stack)
        host, first = await sitting.enrol(H1, E1)
        os.kill(await _store_pid(server), signal.SIGKILL)

        await insist(lambda: host.submit(ReleaseSeat(seat=E1, reason="换机")))
        second = await sitting.enter(W1, token=await insist(lambda: sitting.token(W1)))
        await insist(second.enrol)

        await host.until(lambda view: view.seats[W1].key == second.key.fingerprint)
        lines = [parse_line(line).event for line in await sitting.lines()]
        assert sum(isinstance(event, SeatReleased) for event in lines) == 1
        assert first.goodbye is not None
        del sitting.seats[E1]
        await sitting.all_hold_everything()
        assert host.record.seen == second.record.seen


async def _store_pid(server: Server) -> int:
    facts: bytes = await server.backend.store.ask("INFO", "server")
    return next(int(line.partition(b":")[2]) for line in facts.splitlines() if line.startswith(b"process_id"))


async def insist(act: Callable[[], Awaitable[T]]) -> T:
    """Do what a person would while the store is being restarted: try again."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(StoreUnavailable):
                try:
                    return await act()
                except SeatRefused as error:
                    if error.code != StoreUnavailable.code:
                        raise
            await asyncio.sleep(0.02)
