"""Sixteen seats play a whole room while their connections break at random moments; the record verifies."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest

from server.app import run_server
from server.demo.narration import no_pause
from server.demo.play import Troupe, play, seat_all
from server.domain.phases import Phase
from server.evidence.verdict import Outcome
from server.room_desk import create_room, export_room, issue_codes
from server.verify_desk import verify_package
from tests.support.live_server import ACTS, TEXTBOOK, Sitting, plain_settings
from tests.support.relay import Relay

RISK = 0.006
"Of every piece of 4 kB, before it is passed on and after it: a report gets through about every third time."


@pytest.mark.parametrize("seed", [1])
async def test_sixteen_seats_play_a_whole_room_over_connections_that_break(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    async with run_server(plain_settings(tmp_path)) as server, AsyncExitStack() as stack:
        room = await create_room(server.backend, TEXTBOOK)
        relay = await stack.enter_async_context(Relay(server.address.url))
        sitting = Sitting(server, room, stack)
        seated = await seat_all(relay.url, room, await issue_codes(server.backend, room), stack)
        sitting.seats = seated.seats
        relay.drops = lambda: chance.random() < RISK

        troupe = Troupe(sitting.seats)
        await play(troupe, ACTS, no_pause, lambda view: view.phase is Phase.CLOSED)
        relay.drops = lambda: False
        await sitting.all_hold_everything()

        package = await export_room(server.backend, room)
    assert len(sitting.seats) == 16
    assert relay.dropped > 20
    assert len({seat.record.seen for seat in sitting.seats.values()}) == 1
    assert (await asyncio.to_thread(verify_package, package)).outcome is Outcome.SOUND
