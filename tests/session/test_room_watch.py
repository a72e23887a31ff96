from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from server.domain import commands as c
from server.domain.events import WallPlayerCame
from server.domain.ids import Alias, RoomId, WallId
from server.domain.phases import Phase
from server.domain.recordings import MediaTrack
from server.session.room_session import RoomSession
from server.session.room_watch import Duty, RoomWatch
from server.session.server_notes import ServerNotes
from server.session.wall_watch import WallNotes
from server.store.embedded_valkey import EmbeddedValkey
from server.store.errors import StoreUnavailable
from tests.support.desk import Desk, open_desk
from tests.support.live_server import H1, S1, plain_settings
from tests.support.patience import until
from tests.support.room_scenes import at

CAME = WallPlayerCame(wall=WallId("P1"), player="wall-1", alias=Alias("E1"), kind=MediaTrack.VIDEO)


class World:
    """A room in its check-in with a pass for a wall that a player uses, and a store that may fail."""

    def __init__(self, desk: Desk, session: RoomSession) -> None:
        self.desk = desk
        self.live = session
        self.looks = 0
        self.fails = False

    async def session(self, room_id: RoomId) -> RoomSession:
        self.looks += 1
        if self.fails:
            raise StoreUnavailable
        return self.live

    def notes(self, room_id: RoomId) -> ServerNotes:
        return WallNotes(lambda: {"wall-1": CAME})

    def watch(self, left_s: float | None = None) -> RoomWatch:
        duty = Duty(notes=self.notes, begins=lambda room: bool(room.walls), left_s=lambda _: left_s, failure="failed")
        return RoomWatch(self.session, duty)

    def has_noted(self) -> bool:
        return "wall-1" in self.live.room.walls[CAME.wall].players


@pytest_asyncio.fixture
async def world(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[World]:
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        await desk.act(S1, c.GiveWallPass(place="监督大厅", sha256=bytes(32)))
        yield World(desk, await desk.session())


async def test_room_is_looked_at_again_after_the_store_has_failed(world: World) -> None:
    world.fails = True
    async with world.watch() as watch:
        watch.follow(world.desk.room_id, world.live.room)
        await until(lambda: world.looks == 1)
        assert not world.has_noted()

        world.fails = False
        watch.wake(world.desk.room_id)
        await until(lambda: world.looks == 2)

        await until(world.has_noted)


async def test_room_is_looked_at_by_itself_where_time_alone_may_change_something(world: World) -> None:
    async with world.watch(left_s=0.0) as watch:
        watch.follow(world.desk.room_id, world.live.room)

        await until(lambda: world.looks > 2)


async def test_room_is_watched_until_it_is_closed(world: World) -> None:
    async with world.watch() as watch:
        watch.follow(world.desk.room_id, world.live.room)
        await until(world.has_noted)
        await world.desk.act(H1, c.CloseRoom(reason="改期"))
        watch.wake(world.desk.room_id)
        await until(lambda: world.looks == 2)

        watch.wake(world.desk.room_id)
        watch.follow(world.desk.room_id, world.live.room)

    assert world.looks == 2


async def test_room_is_not_watched_before_the_duty_begins(world: World) -> None:
    async with world.watch() as watch:
        watch.follow(world.desk.room_id, at(Phase.CHECK_IN).room)
        watch.wake(world.desk.room_id)

    assert world.looks == 0
