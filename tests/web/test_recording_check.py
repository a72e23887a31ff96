import aiohttp
import msgspec
import pytest

from server.domain.ids import Alias
from server.session.recording_reviews import ReviewProgress
from tests.support.live_server import E1, H1, S1, V1, Sitting

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def ask(sitting: Sitting, alias: Alias) -> tuple[int, bytes]:
    """Status and body of the answer to this seat."""
    headers = {"Authorization": f"Bearer {await sitting.token(alias)}"}
    path = f"{sitting.url}/api/rooms/{sitting.room}/recordings/check"
    async with aiohttp.ClientSession() as http, http.post(path, headers=headers) as answer:
        return answer.status, await answer.read()


async def test_server_without_media_has_nothing_to_examine(sitting: Sitting) -> None:
    status, body = await ask(sitting, H1)

    assert status == 200
    assert msgspec.json.decode(body, type=ReviewProgress) == ReviewProgress(pieces=0, examined=0, done=True)


@pytest.mark.parametrize("alias", [E1, V1, S1])
async def test_only_who_closes_the_room_asks(sitting: Sitting, alias: Alias) -> None:
    status, body = await ask(sitting, alias)

    assert (status, msgspec.json.decode(body)["code"]) == (403, "role_may_not")
