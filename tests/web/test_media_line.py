import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.web import media_line
from server.web.media_line import MediaLine, MediaSettings
from signaling.messages import AskStats, FromMedia, Ready, Refused
from tests.support.patience import until


class Listener:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.said: list[FromMedia] = []
        self.losses = self.ends = 0
        self.failings: list[bool] = []

    async def heard(self, message: FromMedia) -> None:
        self.said.append(message)

    async def lost(self) -> None:
        self.losses += 1

    def ended(self) -> None:
        self.ends += 1

    def failing(self, *, on: bool) -> None:
        self.failings.append(on)


@pytest.fixture
def listener() -> Listener:
    return Listener()


def settings(folder: Path, log: Path) -> MediaSettings:
    return MediaSettings(
        folder=folder,
        udp_port=0,
        bind="127.0.0.1",
        addresses=("127.0.0.1",),
        recordings=folder / "recordings",
        log=log,
    )


@pytest.fixture
async def line(tmp_path: Path, listener: Listener) -> AsyncIterator[MediaLine]:
    async with MediaLine(settings(tmp_path, tmp_path / "media.log"), listener) as line:
        await until(lambda: len(listener.said) == 1)
        yield line


async def test_process_is_spoken_to_and_answers(line: MediaLine, listener: Listener) -> None:
    assert isinstance(listener.said[0], Ready)
    assert line.tell(AskStats(room="nowhere"))

    await until(lambda: len(listener.said) == 2)

    assert listener.said[1] == Refused(code="unknown_room", about="ask_stats", room="nowhere")


async def test_process_that_dies_is_told_of_and_another_one_started(line: MediaLine, listener: Listener) -> None:
    first = line.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    await until(lambda: line.pid not in (None, first))
    await until(lambda: sum(isinstance(message, Ready) for message in listener.said) == 2)

    assert (listener.losses, listener.ends) == (1, 1)


async def test_process_that_cannot_be_started_is_tried_again(
    listener: Listener, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = tmp_path / "logs"
    async with MediaLine(settings(tmp_path, logs / "media.log"), listener):
        await until(lambda: "media_process_not_started" in capsys.readouterr().out)
        logs.mkdir()
        await until(lambda: len(listener.said) == 1)

    assert (isinstance(listener.said[0], Ready), listener.ends) == (True, 0)


async def test_process_that_always_dies_is_started_less_and_less_often_and_told_of_until_it_lives(
    listener: Listener, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_line, "RESTART_PAUSE_S", 0.05)
    monkeypatch.setattr(media_line, "LONGEST_PAUSE_S", 0.15)
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        wanted = replace(settings(tmp_path, tmp_path / "media.log"), udp_port=taken.getsockname()[1])
        line = MediaLine(wanted, listener)
        await line.__aenter__()
        await until(lambda: listener.ends == 3)
        failings = [*listener.failings]
    monkeypatch.setattr(media_line, "STEADY_AFTER_S", 0.1)
    await until(lambda: listener.failings == [True, False])
    await line.__aexit__(None, None, None)

    pauses = re.findall(r"media_process_ended .*pause_s=([0-9.]+)", capsys.readouterr().out)
    assert (failings, pauses[:3]) == ([True], ["0.05", "0.1", "0.15"])


async def test_process_that_is_killed_is_told_nothing(line: MediaLine, listener: Listener) -> None:
    await line.kill()
    await until(lambda: listener.losses == 1)

    assert (line.is_up, line.tell(AskStats(room="r"))) == (False, False)


async def test_only_we_may_speak_to_the_process(line: MediaLine, tmp_path: Path) -> None:
    assert (tmp_path / "media.sock").stat().st_mode & 0o777 == 0o600
