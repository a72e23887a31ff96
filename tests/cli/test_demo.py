import json
import re
from pathlib import Path

from tests.support.server_process import run


async def test_the_automatic_demo_ends_with_the_published_ranking_and_packages_to_verify(
    env: dict[str, str], tmp_path: Path
) -> None:
    played = await run("demo", "--auto", "--json", "--folder", tmp_path / "demo", env=env)
    result = json.loads(played.out)

    sound, tampered = [await run("verify", result[name], env=env) for name in ("package", "tampered")]

    assert played.code == 0
    assert [(each["bid"], each["total"], each["rank"]) for each in result["ranking"]] == [
        ("A", "92.87", 1),
        ("D", "91.59", 2),
        ("E", "89.43", 3),
        ("F", "83.59", 4),
        ("B", "49.6", 5),
    ]
    assert (result["verify"], sound.code, tampered.code) == ("ok", 0, 1)
    assert "Sound" in sound.out
    assert re.search(r"lines\.jsonl:\d+", tampered.out)
