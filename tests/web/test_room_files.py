import aiohttp
import pytest

from server.domain.ids import Alias, Digest
from tests.support.live_server import E1, Sitting

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def status_of(sitting: Sitting, alias: Alias, sha256: str, token: str | None = None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token or await sitting.token(alias)}"}
    url = f"{sitting.url}/api/rooms/{sitting.room}/files/{sha256}"
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, str((await answer.json())["code"])


async def test_file_that_no_visible_line_names_is_unknown(sitting: Sitting) -> None:
    kept = await sitting.server.backend.files.put(sitting.room, b"%PDF kept, but named nowhere")

    assert await status_of(sitting, E1, kept.sha256) == (404, "file_unknown")
    assert await status_of(sitting, E1, "..%2f..%2fkeys%2fmaster.key") == (404, "file_unknown")
    assert await status_of(sitting, E1, Digest("0" * 64)) == (404, "file_unknown")


async def test_file_asks_for_a_seat(sitting: Sitting) -> None:
    assert await status_of(sitting, E1, "0" * 64, token="eyJ") == (401, "token_malformed")
