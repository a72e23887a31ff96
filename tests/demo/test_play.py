import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.app import run_server
from server.demo.narration import no_pause, standing
from server.demo.play import Troupe, close, enrol, enrol_all, play, seat_all
from server.demo.seat_client import SeatRefused
from server.domain.commands import LockResult, OpenCheckIn, PauseRoom, ResumeRoom
from server.domain.phases import Phase
from server.domain.roles import Role
from server.room_desk import create_room, issue_codes
from tests.support.live_server import ACTS, E1, H1, L1, TEXTBOOK, V1, plain_settings


async def test_troupe_plays_to_a_condition_and_closes(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server, AsyncExitStack() as stack:
        room = await create_room(server.backend, TEXTBOOK)
        troupe = await seat_all(server.address.url, room, await issue_codes(server.backend, room), stack)

        await play(troupe, ACTS, no_pause, lambda view: view.phase is Phase.CHECK_IN)
        await close(troupe, "演示结束")

        assert {seat.view.phase for seat in troupe.seats.values()} == {Phase.CLOSED}
        assert standing(troupe.host.view) == {"": Phase.CLOSED}


async def test_host_is_the_hosts_operator_or_whoever_is_there(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server, AsyncExitStack() as stack:
        room = await create_room(server.backend, TEXTBOOK)
        codes = await issue_codes(server.backend, room)
        troupe = await seat_all(server.address.url, room, {alias: codes[alias] for alias in (E1, V1, H1)}, stack)

        assert troupe.host.alias == H1
        assert Troupe({E1: troupe.seats[E1]}).host.alias == E1
        assert troupe.host.view.seats[H1].role is Role.HOST_OPERATOR


async def test_refusal_that_nothing_overtook_ends_the_play(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server, AsyncExitStack() as stack:
        room = await create_room(server.backend, TEXTBOOK)
        codes = await issue_codes(server.backend, room)
        troupe = await seat_all(server.address.url, room, {H1: codes[H1]}, stack)
        await enrol_all(troupe)

        with pytest.raises(SeatRefused, match="wrong_phase"):
            await troupe.host.submit(LockResult(lot=L1))


async def test_seat_is_enrolled_however_often_the_room_goes_on_meanwhile(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server, AsyncExitStack() as stack:
        room = await create_room(server.backend, TEXTBOOK)
        codes = await issue_codes(server.backend, room)
        troupe = await seat_all(server.address.url, room, {alias: codes[alias] for alias in (H1, E1)}, stack)
        await enrol(troupe.host)

        async def go_on() -> None:
            await troupe.host.submit(OpenCheckIn())
            for _ in range(3):
                await troupe.host.submit(PauseRoom(reason="午休"))
                await troupe.host.submit(ResumeRoom())

        await asyncio.gather(go_on(), enrol(troupe.seats[E1]))

        await troupe.host.until(lambda view: view.seats[E1].key is not None)
