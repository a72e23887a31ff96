import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from server.demo.sitting import demo_settings, scripted_keys
from server.settings import Tls
from tests.support.live_server import E1, H1
from tests.support.patience import PATIENCE_S


def test_demo_for_one_stays_on_this_machine_but_for_the_media_port(tmp_path: Path) -> None:
    alone, hall = demo_settings(tmp_path, lan=False), demo_settings(tmp_path, lan=True)

    assert (alone.host, alone.tls, hall.host, hall.tls) == ("127.0.0.1", Tls.OFF, "0.0.0.0", Tls.EMBEDDED)
    assert (alone.media_host, alone.media_addresses) == ("0.0.0.0", ())  # Firefox does not use the loopback


def test_hall_hears_sound_and_pictures_at_the_port_after_the_pages(tmp_path: Path) -> None:
    chosen = [demo_settings(tmp_path, lan=True, port=port) for port in (None, 9000, 0)]

    assert [(each.port, each.media_port) for each in chosen] == [(8443, 8444), (9000, 9001), (0, 0)]


def test_scripted_keys_stay_for_the_next_start(tmp_path: Path) -> None:
    first = scripted_keys(tmp_path / "keys", {E1: None, H1: None})

    again = scripted_keys(tmp_path / "keys", {E1: None, H1: None})

    assert [key.fingerprint for key in first.values()] == [key.fingerprint for key in again.values()]


@pytest.mark.parametrize(("hall", "sign"), [((), b"/demo"), (("--lan",), b"  U1  ")])
async def test_demo_prints_where_to_go_and_ends_with_nothing_left_running(
    tmp_path: Path, hall: tuple[str, ...], sign: bytes
) -> None:
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from server.cli.main import main; main()",
        "demo",
        *hall,
        "--port",
        "0",
        "--folder",
        str(tmp_path),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"},
        start_new_session=True,
    )
    assert demo.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        while sign not in (line := await demo.stdout.readline()):
            assert line

    demo.send_signal(signal.SIGINT)
    async with asyncio.timeout(PATIENCE_S):
        assert await demo.wait() == 0

    with pytest.raises(ProcessLookupError):
        os.killpg(demo.pid, 0)
