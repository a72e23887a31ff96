import aiohttp

from tests.support.live_demo import Demo, demo
from tests.support.live_server import H1
from tests.support.patience import until

__all__ = ["demo"]


async def test_lobby_refuses_a_seat_that_does_not_exist(demo: Demo) -> None:
    async with aiohttp.ClientSession() as http, http.post(f"{demo.url}/api/demo/seats/X9") as response:
        assert response.status == 404
        assert (await response.json())["code"] == "seat_unknown"


async def test_lobby_shows_the_card_of_points_and_what_is_being_prepared(demo: Demo) -> None:
    async with aiohttp.ClientSession() as http:
        await http.post(f"{demo.url}/api/demo/start")
        scripted = demo.director.client(H1)
        assert scripted is not None
        await until(lambda: scripted.view.seats[H1].confirmed)
        async with http.get(f"{demo.url}/api/demo") as response:
            sitting = await response.json()

    assert sitting["card"]["E1"]["A"] == {"plan": "13.0"}
    assert sitting["started"] is True
