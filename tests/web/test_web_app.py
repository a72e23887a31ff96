import aiohttp
import pytest

from server.app import Server
from server.web.keys import SERVICES
from server.web.web_app import BODY_LIMIT, HEADERS, make_web_app

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_answer_carries_the_headers_that_protect_the_page(server: Server) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{server.address.url}/healthz") as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/entry", 405),
        ("DELETE", "/api/rooms/r/token", 405),
        ("GET", "/rooms/r/sync", 400),
    ],
)
async def test_what_is_not_served_is_no_error_of_the_server(
    server: Server, method: str, path: str, status: int
) -> None:
    async with aiohttp.ClientSession() as http, http.request(method, server.address.url + path) as answer:
        assert answer.status == status


async def test_a_body_beyond_the_limit_is_refused(server: Server) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{server.address.url}/api/entry", data=b" " * (BODY_LIMIT + 1)) as answer,
    ):
        assert answer.status == 413


async def test_an_error_of_ours_becomes_a_code_and_a_sentence(server: Server) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{server.address.url}/api/rooms/r/token", headers={"Authorization": "Basic x"}) as answer,
    ):
        refusal = await answer.json()

    assert (answer.status, refusal) == (
        401,
        {"code": "token_malformed", "text": "This is no token the server can read."},
    )


async def test_handlers_find_the_services_of_the_server(server: Server) -> None:
    assert make_web_app(server.services)[SERVICES] is server.services
