import aiohttp
import pytest

from server.domain.commands import AddRoomCamera
from server.domain.ids import Alias
from tests.support.live_server import E1, H1, V1, Sitting

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def ask(sitting: Sitting, alias: Alias, camera: str, method: str = "POST") -> tuple[int, str]:
    """Status and code of the answer."""
    url = f"{sitting.url}/api/rooms/{sitting.room}/cameras/{camera}/pass"
    headers = {"Authorization": f"Bearer {sitting.seats[alias].token}"}
    async with aiohttp.ClientSession() as http, http.request(method, url, headers=headers) as answer:
        body = await answer.json() if answer.status != 204 else {}
        return answer.status, str(body.get("code", ""))


async def test_pass_is_for_the_operators_who_see_to_the_camera(sitting: Sitting) -> None:
    await sitting.enrol(H1, V1, E1)
    host = sitting.seats[H1]
    await host.submit(AddRoomCamera(venue=host.view.seats[H1].venue, label="场地全景"))

    assert await ask(sitting, H1, "C1") == (200, "")
    assert await ask(sitting, H1, "C1", "DELETE") == (204, "")
    assert await ask(sitting, V1, "C1") == (403, "foreign_venue")
    assert await ask(sitting, E1, "C1") == (403, "role_may_not")
    assert await ask(sitting, H1, "C2") == (404, "camera_unknown")


async def test_pass_is_shown_once_and_never_kept_by_browsers(sitting: Sitting) -> None:
    await sitting.enrol(H1)
    host = sitting.seats[H1]
    await host.submit(AddRoomCamera(venue=host.view.seats[H1].venue, label="场地全景"))
    url = f"{sitting.url}/api/rooms/{sitting.room}/cameras/C1/pass"

    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {host.token}"}
        answers = []
        for _ in range(2):
            async with http.post(url, headers=headers) as answer:
                assert answer.headers["Cache-Control"] == "no-store"
                answers.append(await answer.json())

    assert [given["path"] for given in answers] == [f"/rooms/{sitting.room}/whip"] * 2
    assert answers[0]["pass"] != answers[1]["pass"]
