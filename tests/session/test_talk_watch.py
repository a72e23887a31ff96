from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from server.backend import now
from server.domain import commands as c
from server.domain.agent_talk import TALK_LIMIT_MS, TalkEnd, TalkTopic
from server.domain.events import TalkEnded
from server.domain.ids import Alias, Millis, RoomId
from server.domain.phases import Phase
from server.session.talk_watch import TalkNotes, talk_watch
from server.store.embedded_valkey import EmbeddedValkey
from tests.support.desk import Desk, open_desk
from tests.support.live_server import W1, plain_settings
from tests.support.patience import until
from tests.support.room_scenes import ask_for_talk, at

A1, E2, G1 = Alias("A1"), Alias("E2"), Alias("G1")


def test_notes_say_that_a_talk_is_over_once_and_only_while_it_is_open() -> None:
    world = at(Phase.PRICES)
    listening = {W1}
    notes = TalkNotes(lambda: listening, lambda: world.now)
    ask_for_talk(world, "E2", "E2")
    world.act("W1", c.OpenTalk(asker=E2))

    assert notes.due(world.room) == []
    listening.clear()
    due = notes.due(world.room)
    world.note(*due)

    assert due == [TalkEnded(asker=E2, agent=A1, member=E2, end=TalkEnd.WITNESS_GONE)]
    assert notes.due(world.room) == []


class World:
    """A room in its check-in that is watched, who hears it, and the time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.listening = {W1}
        self.late_ms = 0
        self.watch = talk_watch(desk.rooms.session, self._listening, self._clock)

    def _listening(self, room_id: RoomId) -> set[Alias]:
        return self.listening if room_id == self.desk.room_id else set()

    def _clock(self) -> Millis:
        return Millis(now() + self.late_ms)

    async def open_talk(self) -> None:
        await self.desk.act(E2, c.AskForTalk(agent=G1, member=E2, topic=TalkTopic.PROCEDURE))
        await self.desk.act(W1, c.OpenTalk(asker=E2))
        self.watch.follow(self.desk.room_id, (await self.desk.session()).room)

    async def ends(self, count: int) -> list[TalkEnd]:
        """How the talks have ended, once so many have."""
        session = await self.desk.session()

        def told() -> list[TalkEnd]:
            return [each.line.event.end for each in session.record.stored if isinstance(each.line.event, TalkEnded)]

        await until(lambda: len(told()) >= count)
        return told()


@pytest_asyncio.fixture
async def world(valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[World]:
    async with open_desk(plain_settings(tmp_path / "data", valkey.url)) as desk:
        await desk.play(lambda room: room.phase is Phase.CHECK_IN)
        world = World(desk)
        async with world.watch:
            yield world


async def test_talk_ends_when_its_witness_hears_nothing_any_more(world: World) -> None:
    await world.open_talk()
    world.listening = {G1, E2}
    world.watch.wake(world.desk.room_id)

    assert await world.ends(1) == [TalkEnd.WITNESS_GONE]
    assert (await world.desk.session()).room.talk is None


async def test_next_talk_of_the_room_is_watched_too(world: World) -> None:
    await world.open_talk()
    world.listening = set()
    world.watch.wake(world.desk.room_id)
    await world.ends(1)
    await world.open_talk()

    assert await world.ends(2) == [TalkEnd.WITNESS_GONE] * 2


async def test_talk_that_has_lasted_long_enough_ends(world: World) -> None:
    await world.open_talk()
    world.late_ms = TALK_LIMIT_MS
    world.watch.wake(world.desk.room_id)

    assert await world.ends(1) == [TalkEnd.TIME_OVER]


async def test_room_without_a_talk_is_not_watched(world: World) -> None:
    world.watch.wake(world.desk.room_id)
    world.watch.follow(world.desk.room_id, (await world.desk.session()).room)
    await world.open_talk()
    await world.desk.act(G1, c.EndTalk(asker=E2))

    assert await world.ends(1) == [TalkEnd.ENDED]
