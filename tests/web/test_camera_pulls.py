"""How the server follows its rooms; that pictures arrive is shown in tests/web/test_camera_sources.py."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.auth.camera_addresses import CameraSource
from server.domain import commands as c
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.state import RoomState
from server.web.camera_links import CameraLinks
from server.web.camera_pulls import CameraPulls
from server.web.offer_desk import MediaAway, OfferAnswer
from tests.support.memory_keeping import MemoryKeeping
from tests.support.patience import until
from tests.support.room_plan import JIA
from tests.support.room_scenes import HOST, at
from tests.support.room_world import World
from tests.support.rtsp_camera import RtspCamera

ROOM, C1 = RoomId("r1"), Alias("C1")


class Process:
    """A media process that takes no offer."""

    def __init__(self) -> None:
        self.offers: list[tuple[Alias, str]] = []
        self.links = CameraLinks(lambda _: True)

    async def take_offer(self, _: RoomId, camera: Alias, __: RoomState, sdp: str) -> OfferAnswer:
        self.offers.append((camera, sdp))
        raise MediaAway


@pytest_asyncio.fixture
async def camera() -> AsyncIterator[RtspCamera]:
    async with RtspCamera() as camera:
        yield camera


def pulls_of(keeping: MemoryKeeping, process: Process) -> CameraPulls:
    return CameraPulls(keeping, process.take_offer, process.links, ("127.0.0.0/8",))


def with_camera() -> World:
    world = at(Phase.CHECK_IN)
    world.act(HOST, c.AddRoomCamera(venue=JIA, label="场地全景"))
    return world


async def test_camera_is_pulled_and_taken_up_again_by_the_next_server(camera: RtspCamera) -> None:
    keeping, process, world = MemoryKeeping(), Process(), with_camera()
    source = CameraSource(url=camera.url)

    async with pulls_of(keeping, process) as pulls:
        pulls.follow(ROOM, world.room)
        await pulls.put(ROOM, C1, source)
        await until(lambda: process.offers)
        assert process.offers[0][0] == C1
        assert "H264" in process.offers[0][1]
        await until(lambda: pulls.pulled(ROOM)[C1].standing.state == "media_away")

    visits = len(camera.asked)
    async with pulls_of(keeping, process) as pulls:
        pulls.follow(ROOM, world.room)
        await until(lambda: pulls.pulled(ROOM))
        assert pulls.pulled(ROOM)[C1].source == source
        await until(lambda: len(camera.asked) > visits)


@pytest.mark.parametrize("end", [c.RemoveRoomCamera(camera=C1), c.CloseRoom(reason="改期")])
async def test_camera_that_is_taken_away_or_whose_room_is_closed_is_forgotten(
    camera: RtspCamera, end: c.RemoveRoomCamera | c.CloseRoom
) -> None:
    keeping, world = MemoryKeeping(), with_camera()

    async with pulls_of(keeping, Process()) as pulls:
        pulls.follow(ROOM, world.room)
        await pulls.put(ROOM, C1, CameraSource(url=camera.url))
        world.act(HOST, end)
        pulls.follow(ROOM, world.room)

        assert pulls.pulled(ROOM) == {}
        await until(lambda: not keeping.kept)


async def test_camera_whose_room_is_closed_meanwhile_is_not_taken_up_again(camera: RtspCamera) -> None:
    keeping, process, world = MemoryKeeping(), Process(), with_camera()
    async with pulls_of(keeping, process) as pulls:
        await pulls.put(ROOM, C1, CameraSource(url=camera.url))

    async with pulls_of(keeping, process) as pulls:
        pulls.follow(ROOM, world.room)
        world.act(HOST, c.CloseRoom(reason="改期"))
        pulls.follow(ROOM, world.room)
        await asyncio.gather(*pulls._others)

        assert pulls.pulled(ROOM) == {}


async def test_process_that_died_is_started_again(camera: RtspCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.web.camera_pulls.RESTART_PAUSE_S", 0.1)

    async with pulls_of(MemoryKeeping(), Process()) as pulls:
        pulls.follow(ROOM, with_camera().room)
        await pulls.put(ROOM, C1, CameraSource(url=camera.url))
        pulled = pulls.pulled(ROOM)[C1]
        await until(lambda: pulled.pid is not None)
        first = pulled.pid or 0

        os.kill(first, signal.SIGKILL)

        await until(lambda: pulled.pid not in (None, first))
