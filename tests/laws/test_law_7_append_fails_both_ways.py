"""Law 7: each append fails both ways, stored and not stored: nothing is lost or doubled after the reload."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server.backend import open_backend
from server.domain.commands import PauseRoom, StateRecusal
from server.domain.lines import parse_line
from server.domain.phases import Phase
from server.domain.roles import MEMBERS
from server.domain.state import RoomState
from server.evidence.ledger import entries_of
from server.evidence.verdict import Outcome
from server.room_desk import export_room
from server.session.record import Record
from server.session.room_session import RoomStopped
from server.store.embedded_valkey import EmbeddedValkey
from server.verify_desk import verify_package
from tests.support.cutting_proxy import Cut, CuttingProxy
from tests.support.desk import QUICK, Desk, open_desk, open_node
from tests.support.live_server import H1, plain_settings
from tests.support.patience import until

APPEND = b"XADD"
"A word that only the script of an append holds."

BOTH_WAYS = pytest.mark.parametrize("way", [Cut.BEFORE, Cut.AFTER], ids=["not stored", "stored, not answered"])


@pytest_asyncio.fixture
async def proxy(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[CuttingProxy]:
    async with CuttingProxy(valkey.socket, tmp_path / "proxy.sock") as proxy:
        yield proxy


@pytest_asyncio.fixture
async def desk(valkey: EmbeddedValkey, proxy: CuttingProxy, tmp_path: Path) -> AsyncIterator[Desk]:
    """A room whose appends go through the proxy."""
    async with open_desk(plain_settings(tmp_path / "data", valkey.url), writer_url=proxy.url) as desk:
        yield desk


def in_check_in(room: RoomState) -> bool:
    return room.phase is Phase.CHECK_IN


@BOTH_WAYS
async def test_every_append_of_a_sitting_fails_once_and_is_settled(desk: Desk, proxy: CuttingProxy, way: Cut) -> None:
    while due := await desk.next_command():
        proxy.cut(way, APPEND)
        given = await desk.act(*due)
        size = await desk.size()

        again = await desk.submit(given.alias, given.signed)

        assert (again, await desk.size(), proxy.waits) == (given, size, False)
        desk.given.pop()

    await _assert_each_command_stands_once(desk)


@BOTH_WAYS
async def test_a_room_stops_over_an_append_that_cannot_be_settled_and_goes_on_from_its_log(
    desk: Desk, proxy: CuttingProxy, way: Cut
) -> None:
    await desk.play(in_check_in)
    before = await desk.size()
    signed = await desk.sign(H1, PauseRoom(reason="停电"))
    proxy.cut(way, APPEND, times=1 + len(QUICK))
    stopped = await desk.session()

    with pytest.raises(RoomStopped):
        await desk.submit(H1, signed)
    with pytest.raises(RoomStopped):
        await stopped.submit(H1, signed)
    assert await desk.size() == before + (way is Cut.AFTER)
    given = await desk.submit(H1, signed)

    assert (given.accepted.first, given.accepted.last, await desk.size()) == (before, before, before + 1)
    await _assert_each_command_stands_once(desk)


@BOTH_WAYS
async def test_another_writer_comes_first_while_an_append_is_settled(
    desk: Desk, proxy: CuttingProxy, way: Cut, valkey: EmbeddedValkey
) -> None:
    await desk.play(in_check_in)
    statements = [StateRecusal(conflict=False, grounds="")] * 2
    members = [alias for alias, seat in (await desk.session()).room.seats.items() if seat.conflict is None][:2]
    first, second = [await desk.sign(alias, each) for alias, each in zip(members, statements, strict=True)]
    proxy.cut(way, APPEND)

    async with open_node(desk.backend) as other_node:
        other = await other_node.session(desk.room_id)
        answers = await asyncio.gather(
            (await desk.session()).submit(members[0], first), other.submit(members[1], second)
        )
        here = await desk.session()
        await until(lambda: here.record.tree.head == other.record.tree.head)

    assert len({answer.first for answer in answers}) == 2
    assert (await desk.session()).room.seats[members[0]].conflict is False
    assert (await desk.session()).room.seats[members[1]].conflict is False


async def test_two_nodes_write_one_room_and_neither_loses_or_doubles_a_command(desk: Desk) -> None:
    await desk.play(in_check_in)
    here = await desk.session()
    members = [alias for alias, seat in here.room.seats.items() if seat.role in MEMBERS]
    signed = {alias: await desk.sign(alias, StateRecusal(conflict=False, grounds="")) for alias in members}

    async with open_node(desk.backend) as other_node:
        there = await other_node.session(desk.room_id)
        nodes = [here, there] * len(members)
        answers = await asyncio.gather(
            *(node.submit(alias, signed[alias]) for node, alias in zip(nodes, members, strict=False))
        )
        await until(lambda: here.record.tree.head == there.record.tree.head)

    size = here.record.size
    assert sorted(answer.first for answer in answers) == list(range(size - len(members), size))
    assert here.record.tree.head == there.record.tree.head


async def test_a_command_sent_over_two_nodes_at_once_is_accepted_once(desk: Desk) -> None:
    await desk.play(in_check_in)
    here, before = await desk.session(), await desk.size()
    signed = await desk.sign(H1, PauseRoom(reason="停电"))

    async with open_node(desk.backend) as other_node:
        there = await other_node.session(desk.room_id)
        answers = await asyncio.gather(here.submit(H1, signed), there.submit(H1, signed))

    assert answers[0] == answers[1]
    assert await desk.size() == before + 1


async def _assert_each_command_stands_once(desk: Desk) -> None:
    """Read the log anew, in another process's place: all that was accepted is there, once, where it was said to be."""
    async with open_backend(desk.backend.settings) as fresh:
        record = Record(desk.room_id)
        for entry in await fresh.log.read(desk.room_id):
            record.take(entry)
        package = await export_room(fresh, desk.room_id)
    _, *commands = entries_of(stored.line for stored in record.stored)
    stands = [
        (line.head.signed, entry[0].seq, entry[-1].seq) for entry in commands for line in entry if line.head.signed
    ]
    assert stands == [(each.signed, each.accepted.first, each.accepted.last) for each in desk.given]
    assert record.tree.head == (await desk.session()).record.tree.head
    assert [parse_line(stored.raw) for stored in record.stored] == [stored.line for stored in record.stored]
    assert (await asyncio.to_thread(verify_package, package)).outcome in (Outcome.SOUND, Outcome.INCOMPLETE)
