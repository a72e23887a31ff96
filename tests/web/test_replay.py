from collections.abc import AsyncIterator, Mapping

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from server.app import Server
from server.demo.play import Troupe, close
from server.domain.ids import Alias
from server.domain.lines import parse_line
from server.replay.table import ReplayTable, replay_table
from tests.support.live_server import E1, H1, S1, U1, V1, Sitting, open_sitting

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def closed(server: Server) -> AsyncIterator[Sitting]:
    """A room that was closed after the check-in had begun; the tests that share it change nothing."""
    async with open_sitting(server) as sitting:
        await sitting.enrol(H1, V1, E1, U1)
        await close(Troupe(sitting.seats), "改期")
        yield sitting


async def ask(sitting: Sitting, alias: Alias, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    """Status, body and headers of the answer to this seat."""
    authorization = {"Authorization": f"Bearer {await sitting.token(alias)}"}
    path = f"{sitting.url}/api/rooms/{sitting.room}/replay"
    async with aiohttp.ClientSession() as http, http.get(path, headers=authorization | headers) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_auditor_gets_the_table_of_the_whole_log(closed: Sitting) -> None:
    status, body, headers = await ask(closed, U1)

    lines = [parse_line(raw) for raw in await closed.lines()]
    assert status == 200
    assert msgspec.json.decode(body, type=ReplayTable) == replay_table(lines)
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "private, no-cache"


async def test_a_page_that_has_it_is_told_so(closed: Sitting) -> None:
    _, _, headers = await ask(closed, U1)

    status, body, again = await ask(closed, U1, **{"If-None-Match": headers["ETag"]})

    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])


@pytest.mark.parametrize("alias", [E1, S1, H1])
async def test_no_other_seat_is_shown_it(closed: Sitting, alias: Alias) -> None:
    status, body, _ = await ask(closed, alias)

    assert (status, msgspec.json.decode(body)["code"]) == (403, "role_may_not")


async def test_an_open_room_is_not_replayed(sitting: Sitting) -> None:
    status, body, _ = await ask(sitting, U1)

    assert (status, msgspec.json.decode(body)) == (
        409,
        {"code": "replay_closed", "text": "The replay opens once the room is closed."},
    )


async def test_no_token_opens_nothing(closed: Sitting) -> None:
    path = f"{closed.url}/api/rooms/{closed.room}/replay"
    async with aiohttp.ClientSession() as http, http.get(path) as answer:
        assert (answer.status, (await answer.json())["code"]) == (401, "token_malformed")
