import re
from pathlib import Path

from server.auth.operators import Operator, add_operator, list_operators, new_operator_id
from server.backend import open_backend
from server.domain.ids import VenueId
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


async def test_an_operator_who_leaves_is_found_and_removed(env: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "data" / "operators"
    gone, stays = (Operator(id=new_operator_id(), name=name, venue=VenueId("qingyuan")) for name in ("孙晓梅", "李卫"))
    for operator in (gone, stays):
        add_operator(folder, operator)

    listed = await run("operator", "list", env=env)
    removed = await run("operator", "remove", gone.id, env=env)
    again = await run("operator", "remove", gone.id, env={**env, "LANG": "zh_CN.UTF-8"})

    assert all(each in listed.out for each in (gone.id, "孙晓梅", stays.id, "李卫", "qingyuan"))
    assert (removed.code, "孙晓梅" in removed.out, list_operators(folder)) == (0, True, [stays])
    assert (again.code, again.err) == (1, f"没有编号为 {gone.id} 的管理员，见 operator list。\n")
