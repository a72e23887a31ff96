import re
from pathlib import Path

from server.auth.operators import list_operators
from server.backend import open_backend
from tests.support.live_server import plain_settings
from tests.support.server_process import run

CODE = re.compile(r"\b(\d{4} \d{4})\b")


async def test_an_operator_is_added_with_a_code_that_opens_the_desk(env: dict[str, str], tmp_path: Path) -> None:
    added = await run("operator", "add", "孙晓梅", "--venue", "qingyuan", env=env)

    [code] = CODE.findall(added.out)
    async with open_backend(plain_settings(tmp_path / "data")) as backend:
        [operator] = list_operators(backend.operators_folder)
        entry = await backend.codes.redeem(code, address="10.0.0.1")
    assert (added.code, operator.name, operator.venue) == (0, "孙晓梅", "qingyuan")
    assert entry == operator
