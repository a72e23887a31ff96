import asyncio
import os
import signal
from pathlib import Path

import aiohttp
import pytest

from server.app import run_server
from server.web import media_line
from tests.support.live_server import media_settings, plain_settings
from tests.support.patience import PATIENCE_S


async def get(url: str, path: str) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as http, http.get(url + path) as answer:
        return answer.status, await answer.json()


async def until_ready(url: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await get(url, "/readyz"))[0] != 200:
            pass


async def test_a_healthy_server_is_alive_and_ready(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server:
        await until_ready(server.address.url)

        assert await get(server.address.url, "/healthz") == (200, {"ok": True})
        assert await get(server.address.url, "/readyz") == (200, {"ok": True, "problems": []})


async def test_a_server_without_its_store_is_alive_and_not_ready(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server:
        await until_ready(server.address.url)
        facts: bytes = await server.backend.store.ask("INFO", "server")
        pid = next(int(line.partition(b":")[2]) for line in facts.splitlines() if line.startswith(b"process_id"))
        os.kill(pid, signal.SIGKILL)

        async with asyncio.timeout(PATIENCE_S):
            while (ready := await get(server.address.url, "/readyz"))[0] == 200:
                pass

        assert ready == (503, {"ok": False, "problems": ["The store does not answer. Try again in a moment."]})
        assert await get(server.address.url, "/healthz") == (200, {"ok": True})
        await until_ready(server.address.url)


async def test_a_store_that_would_lose_commands_is_told(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server:
        await until_ready(server.address.url)
        await server.backend.store.ask("CONFIG", "SET", "appendfsync", "everysec")

        status, answer = await get(server.address.url, "/readyz")

    assert (status, answer["problems"]) == (
        503,
        ["An answered write may be lost in a power cut.", "appendfsync is everysec; it must be always."],
    )


async def test_server_tells_its_clock(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server:
        before = server.services.clock()

        status, answer = await get(server.address.url, "/api/time")

        assert status == 200
        assert before <= answer["now"] <= server.services.clock()  # type: ignore[operator]  # it is a number


async def test_a_server_whose_media_process_does_not_start_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_line, "RESTART_PAUSE_S", PATIENCE_S)
    async with run_server(media_settings(tmp_path)) as server:
        await until_ready(server.address.url)
        media = server.services.media
        assert media is not None
        assert media.pid is not None
        os.kill(media.pid, signal.SIGKILL)

        async with asyncio.timeout(PATIENCE_S):
            while (ready := await get(server.address.url, "/readyz"))[0] == 200:
                pass

    problem = "The media process is away: there are no sound and pictures, and nothing is recorded."
    assert ready == (503, {"ok": False, "problems": [problem]})
