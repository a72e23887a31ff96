import asyncio
import socket
from pathlib import Path

from server.tender.template import template_text
from tests.support.server_process import run


async def test_server_and_demo_say_what_to_do_where_their_port_is_taken(env: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        serve, demo = await asyncio.gather(
            run("serve", env={**env, "LIANPING_PORT": str(port)}),
            run("demo", "--port", str(port), "--folder", tmp_path / "demo", env={**env, "LANG": "zh_CN.UTF-8"}),
        )

    assert (serve.code, serve.out, demo.code, demo.out) == (1, "", 1, "")
    assert serve.err.startswith(f"✗ Port {port}/TCP is taken by ")
    assert serve.err.endswith("or choose another port: LIANPING_PORT.\n")
    assert demo.err.startswith(f"✗ 端口 {port}/TCP 已被程序 ")
    assert demo.err.endswith(f"或者换一个端口：lianping demo --port {port + 10}。\n")
    assert not (tmp_path / "data").exists()


async def test_template_prints_a_tender_that_a_room_can_be_opened_with(env: dict[str, str], tmp_path: Path) -> None:
    template = await run("template", env=env)
    file = tmp_path / "mine.yaml"
    file.write_text(template.out, encoding="utf-8")

    created = await run("room", "create", file, env=env)

    assert (template.code, template.out) == (0, template_text())
    assert created.code == 0


async def test_doctor_finds_what_is_wrong(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        where = {**env, "LIANPING_HOST": "127.0.0.1", "LIANPING_PORT": str(port), "LIANPING_MEDIA_PORT": "0"}
        sick = await run("doctor", env=where)
    well = await run("doctor", env=where)

    assert (sick.code, well.code) == (1, 0)
    assert sick.out.count("✗") == 1
    assert "✗" not in well.out
