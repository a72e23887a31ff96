import asyncio
from pathlib import Path

from server.demo.auto import DemoResult, play_demo, tamper
from server.evidence.verdict import Outcome
from server.verify_desk import verify_package
from tests.support.live_server import TEXTBOOK

PUBLISHED = [("A", "92.87", 1), ("D", "91.59", 2), ("E", "89.43", 3), ("F", "83.59", 4), ("B", "49.6", 5)]
"Source: the textbook case S14, see tests/vectors/scoring."


async def test_demo_gives_the_published_ranking_and_a_sound_package(tmp_path: Path) -> None:
    told: list[str] = []

    result = await play_demo(TEXTBOOK, tmp_path, say=told.append)

    assert [(each.bid, each.total, each.rank) for each in result.ranking] == PUBLISHED
    assert result.verify == "ok"
    assert len(told) > 5
    await asyncio.to_thread(_check_tampered, result)


def _check_tampered(result: DemoResult) -> None:
    sound, tampered = Path(result.package).read_bytes(), Path(result.tampered).read_bytes()
    verdict = verify_package(tampered)

    assert tampered == tamper(sound)
    assert verdict.outcome is Outcome.BROKEN
    named = [finding.where for check in verdict.checks for finding in check.findings]
    assert any(where.startswith("lines.jsonl:") for where in named)
