import asyncio
import re
from pathlib import Path

import pytest

from server.tender.template import textbook_text
from tests.support.server_process import run, run_installed


async def test_help_speaks_the_language_of_the_locale(env: dict[str, str]) -> None:
    english, chinese = await asyncio.gather(
        run("--help", env=env), run_installed("--help", env={**env, "LANG": "zh_CN.UTF-8"})
    )

    assert (english.code, chinese.code) == (0, 0)
    for command in ("serve", "template", "doctor", "verify", "demo", "room"):
        assert command in english.out
    assert "Run the server until Ctrl-C." in english.out
    assert "启动服务器" in chinese.out


async def test_an_unknown_setting_stops_every_command(env: dict[str, str]) -> None:
    refused = await run("serve", env={**env, "LIANPING_PROT": "1"})

    assert refused.code == 1
    assert "unknown field `prot`" in refused.err
    assert "Traceback" not in refused.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("room", "codes", "r-unknown"), "There is no room r-unknown."),
        (("room", "export", "r-unknown", "/dev/null"), "There is no room r-unknown."),
        (("room", "tickets", "r-unknown", "slips.pdf"), "There is no room r-unknown."),
    ],
)
async def test_an_unknown_room_is_a_sentence_not_a_traceback(
    env: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    refused = await run(*arguments, env=env)

    assert (refused.code, refused.out) == (1, "")
    assert says in refused.err
    assert "Traceback" not in refused.err


async def test_a_bad_tender_is_refused_with_every_mistake_and_creates_nothing(
    env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(textbook_text().replace("role: expert", "role: wizard", 1).replace("price: 13656", "price: -1"))
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"title: \xff")

    refused, unreadable, listed = [
        await run("room", *arguments, env=env) for arguments in (("create", file), ("create", binary), ("list",))
    ]

    assert (refused.code, unreadable.code, refused.out) == (1, 1, "")
    assert re.search(r"bad\.yaml: \d+ mistakes; nothing was created", refused.err)
    assert "lots.L1.bids.A.price" in refused.err
    assert "binary.yaml" in unreadable.err
    assert "No rooms yet" in listed.out
