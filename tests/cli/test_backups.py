import re
from pathlib import Path

from tests.support.server_process import run


async def test_rooms_are_backed_up_and_restored_where_nothing_is(
    env: dict[str, str], tender: Path, tmp_path: Path
) -> None:
    early = await run("backup", tmp_path / "backups", env=env)
    created = await run("room", "create", tender, env=env)
    made = await run("backup", tmp_path / "backups", "--keys", tmp_path / "safe", env=env)
    kept = (("backups", "*.records"), ("safe", "*.keys"))
    [records], [keys] = ([*(tmp_path / folder).glob(names)] for folder, names in kept)
    elsewhere = {**env, "LIANPING_DATA": str(tmp_path / "elsewhere")}

    again = await run("backup", tmp_path / "backups", "--keys", tmp_path / "safe", "--keep-days", "30", env=env)
    occupied = await run("restore", records, "--keys", keys, env=env)
    restored = await run("restore", records, "--keys", keys, env=elsewhere)
    listed = await run("room", "list", env=elsewhere)

    assert [each.code for each in (early, made, again, occupied, restored)] == [1, 0, 0, 1, 0]
    assert "holds no data of Lianping" in " ".join(early.err.split())
    assert str(records) in made.out
    assert "is not empty" in " ".join(occupied.err.split())
    assert re.findall(r"r-[0-9a-f]{12}", created.out)[0] in listed.out
