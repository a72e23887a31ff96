from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from server.domain import commands as c
from server.domain.events import AnyEvent, WallPlayerCame, WallPlayerLeft
from server.domain.ids import Alias, RoomId, WallId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.session.wall_watch import WallNotes, wall_watch
from server.store.embedded_valkey import EmbeddedValkey
from tests.support.desk import Desk, open_desk
from tests.support.live_server import S1, plain_settings
from tests.support.patience import until
from tests.support.room_scenes import at

P1 = WallId("P1")
E1_CAME = WallPlayerCame(wall=P1, player="wall-1", alias=Alias("E1"), kind=MediaTrack.VIDEO)
E2_CAME = WallPlayerCame(wall=P1, player="wall-2", alias=Alias("E2"), kind=MediaTrack.VIDEO)
E1_LEFT = WallPlayerLeft(wall=P1, player="wall-1")
PASS = c.GiveWallPass(place="监督大厅", sha256=bytes(32))


def test_notes_say_once_who_has_come_and_who_has_left() -> None:
    world, present = at(Phase.SCORING), {"wall-1": E1_CAME}
    notes = WallNotes(lambda: present)
    assert notes.due(world.room) == []
    world.act("S1", PASS)

    assert notes.due(world.room) == [E1_CAME]
    world.note(E1_CAME)
    assert notes.due(world.room) == []
    present.clear()
    present["wall-2"] = E2_CAME
    assert notes.due(world.room) == [E1_LEFT, E2_CAME]


def test_nothing_is_said_of_a_pass_that_has_ended() -> None:
    world = at(Phase.SCORING)
    world.act("S1", PASS)
    world.note(E1_CAME)
    world.act("S1", c.WithdrawWallPass(wall=P1))

    assert WallNotes(lambda: {"wall-2": E2_CAME}).due(world.room) == []


class World:
    """A room in its check-in with a pass for a wall, and who is on the wall."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.present: dict[str, WallPlayerCame] = {}
        self.watch = wall_watch(desk.rooms.session, self._present)

    def _present(self, room_id: RoomId) -> dict[str, WallPlayerCame]:
        return self.present if room_id == self.desk.room_id else {}

    async def notes(self, count: int) -> list[AnyEvent]:
        """What has been noted, once there is so much of it."""
        session = await self.desk.session()

        def told() -> list[AnyEvent]:
            events = [each.line.event for each in session.record.stored]
            return [event for event in events if isinstance(event, WallPlayerCame | WallPlayerLeft)]

        await until(lambda: len(told()) >= count)
        return told()


@pytest_asyncio.fixture
async def world(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[World]:
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        await desk.act(S1, PASS)
        world = World(desk)
        async with world.watch:
            yield world


async def test_players_are_noted_as_they_come_and_go(world: World) -> None:
    world.present["wall-1"] = E1_CAME
    world.watch.follow(world.desk.room_id, (await world.desk.session()).room)
    assert await world.notes(1) == [E1_CAME]

    world.present.clear()
    world.watch.wake(world.desk.room_id)

    assert await world.notes(2) == [E1_CAME, E1_LEFT]
    assert (await world.desk.session()).room.walls[P1].players == {}


async def test_players_that_went_with_an_earlier_server_are_noted_as_gone(world: World) -> None:
    world.present["wall-1"] = E1_CAME
    world.watch.follow(world.desk.room_id, (await world.desk.session()).room)
    await world.notes(1)

    async with wall_watch(world.desk.rooms.session, lambda _: {}) as another:
        another.follow(world.desk.room_id, (await world.desk.session()).room)
        assert await world.notes(2) == [E1_CAME, E1_LEFT]
