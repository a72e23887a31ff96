import os

import pytest

from server.web.pull_process import pull_process
from signaling.pulling.messages import Answered, Pull
from tests.support.process_facts import shown
from tests.support.rtsp_camera import RtspCamera


async def test_process_does_not_inherit_what_the_server_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANPING_TURN_SECRET", "secret-of-the-relay")

    async with pull_process() as process:
        assert b"secret-of-the-relay" not in shown(process.pid)


async def test_process_that_ends_or_hangs_has_no_more_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RtspCamera() as camera, pull_process() as process:
        process.tell(Pull(url=camera.url, user="", password="", networks=["127.0.0.0/8"]))
        async for _ in process.messages():
            os.kill(process.pid, 9)
        process.tell(Answered())

    monkeypatch.setattr("server.web.pull_process.SILENT_AFTER_S", 0.1)
    async with pull_process() as process:
        assert [message async for message in process.messages()] == []
