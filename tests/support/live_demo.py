"""A demo for tests, with people in it: a person is a seat client that acts by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest_asyncio
from msgspec.structs import replace

from server.app import Server, run_server
from server.demo.director import Director
from server.demo.lobby import Stage, lobby_routes
from server.demo.seat_client import SeatClient, SeatKey, enter
from server.demo.sitting import scripted_keys
from server.domain.ids import Alias, RoomId
from server.domain.phases import Phase
from server.domain.state import RoomView
from server.room_desk import create_room, read_room
from tests.support.live_server import ACTS, TEXTBOOK, media_settings
from tests.support.patience import until


class Demo:
    """A demo as `lianping demo` runs it, on a free port."""

    def __init__(self, server: Server, room: RoomId, director: Director) -> None:
        self.server = server
        self.room = room
        self.director = director
        self.url = server.address.url


@pytest_asyncio.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with run_demo(tmp_path, page=tmp_path / "no page") as demo:
        yield demo


@asynccontextmanager
async def run_demo(folder: Path, *, page: Path, media: bool = True) -> AsyncIterator[Demo]:
    """A demo with its data in a folder, which serves the client that is built in another."""
    stage = Stage()
    settings = replace(media_settings(folder / "data"), page=page, media=media)
    async with run_server(settings, lobby_routes(stage)) as server:
        room = await create_room(server.backend, TEXTBOOK)
        keys = scripted_keys(folder / "keys", dict((await read_room(server.backend, room)).seats))
        async with Director(server, room, ACTS, keys) as director:
            stage.director = director
            yield Demo(server, room, director)


async def hurried(demo: Demo, seat: SeatClient, phase: Phase) -> None:
    """快进 again and again, until a seat sees the room in a phase."""

    def reached() -> bool:
        demo.director.go_on()
        return seat.view.phase is phase

    await until(reached)


def is_confirmed(alias: Alias, view: RoomView) -> bool:
    return view.seats[alias].confirmed


async def person_at(demo: Demo, alias: Alias) -> SeatClient:
    """Somebody who takes a seat in the lobby and enters with its code."""
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{demo.url}/api/demo/seats/{alias}") as response:
            code = (await response.json())["code"]
        entry = await enter(http, demo.url, code)
    return SeatClient(demo.url, demo.room, alias, entry["token"], key=SeatKey())
