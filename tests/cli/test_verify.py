import asyncio
import json
from pathlib import Path

import pytest

from server.demo.auto import tamper
from tests.evidence.reported_room import fully_reported
from tests.support.desk import open_desk
from tests.support.live_server import plain_settings
from tests.support.server_process import environment, run, run_on_terminal


async def test_verify_says_what_a_package_is_worth(env: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "played"
    async with open_desk(plain_settings(data)) as desk:
        await desk.play()
        room = desk.room_id
        key = desk.backend.log_signer(room).key.vkey
    played = environment(data=data)
    sound, broken = tmp_path / "sound.zip", tmp_path / "broken.zip"
    assert (await run("room", "export", room, sound, env=played)).code == 0
    broken.write_bytes(tamper(sound.read_bytes()))

    trusted, foreign, changed, judged = await asyncio.gather(
        run("verify", sound, "--log-key", key, env=env),
        run("verify", sound, "--log-key", key[::-1], env=env),
        run("verify", broken, env=env),
        run("verify", broken, "--json", env=env),
    )

    assert (trusted.code, foreign.code, changed.code, judged.code) == (2, 1, 1, 1)
    verdict = json.loads(judged.out)
    assert (verdict["ok"], verdict["outcome"]) == (False, "broken")
    wheres = [check["where"] for check in verdict["checks"] if not check["ok"]]
    assert any("lines.jsonl:" in where or "checkpoints/" in where for where in wheres)
    assert "Broken" in changed.out


@pytest.mark.parametrize(("content", "code"), [(None, 3), (b"no package", 3)], ids=["missing", "unreadable"])
async def test_what_cannot_be_verified_has_an_exit_code_of_its_own(
    env: dict[str, str], tmp_path: Path, content: bytes | None, code: int
) -> None:
    file = tmp_path / "room.zip"
    if content is not None:
        file.write_bytes(content)

    verified = await run("verify", file, env=env)

    assert (verified.code, "Traceback" in verified.err) == (code, False)


async def test_verify_tells_of_the_reports_and_draws_bars_on_a_terminal_alone(
    env: dict[str, str], tmp_path: Path
) -> None:
    package = tmp_path / "room.zip"
    package.write_bytes(await asyncio.to_thread(lambda: fully_reported().package()))
    chinese = {**env, "LANG": "zh_CN.UTF-8", "TERM": "xterm"}

    watched, piped, judged = await asyncio.gather(
        run_on_terminal("verify", package, env=chinese),
        run("verify", package, env=env),
        run_on_terminal("verify", package, "--json", env=chinese),
    )

    assert [each.code for each in (watched, piped, judged)] == [0, 0, 0]
    assert "逐条核验指令" in watched.out
    assert "二标段（L2）评标报告第 2 版：已封存" in watched.out
    assert "E3 姓名·E3·: signed with dissent, 2026-03-25" in piped.out
    assert not {"\x1b", "\r"} & set(piped.out + piped.err)
    assert json.loads(judged.out)["ok"] is True
