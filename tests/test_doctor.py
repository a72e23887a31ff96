import socket
from pathlib import Path

from msgspec.structs import replace

from server.app import run_server
from server.doctor import Finding, examine
from server.settings import Settings
from tests.support.live_server import plain_settings


def healthy(settings: Settings) -> Settings:
    """The same with a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return replace(settings, port=probe.getsockname()[1])


def troubles(findings: list[Finding]) -> list[str]:
    return [finding.what for finding in findings if not finding.ok]


async def test_a_machine_that_has_everything_is_well(tmp_path: Path) -> None:
    findings = await examine(healthy(plain_settings(tmp_path / "data")))

    assert (troubles(findings), len(findings)) == ([], 6)
    assert [bool(finding.what) for finding in findings] == [True] * 6
    assert findings[1].what.startswith("Valkey: /")


async def test_a_port_that_is_taken_is_found(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        findings = await examine(replace(plain_settings(tmp_path), port=port))

    [trouble] = [finding for finding in findings if not finding.ok]
    assert str(port) in trouble.what
    assert "LIANPING_PORT" in trouble.remedy


async def test_keys_that_others_may_read_are_found(tmp_path: Path) -> None:
    settings = healthy(plain_settings(tmp_path))
    assert troubles(await examine(settings)) == []
    (tmp_path / "keys" / "log.key").chmod(0o644)

    [trouble] = [finding for finding in await examine(settings) if not finding.ok]

    assert str(tmp_path / "keys" / "log.key") in trouble.remedy


async def test_a_store_that_does_not_answer_is_found(tmp_path: Path) -> None:
    findings = await examine(healthy(plain_settings(tmp_path, f"unix://{tmp_path}/nobody.sock")))

    [trouble] = [finding for finding in findings if not finding.ok]
    assert trouble.remedy == "The store does not answer. Try again in a moment."


async def test_the_store_of_a_server_that_runs_is_looked_at_too(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)):
        findings = await examine(healthy(plain_settings(tmp_path)))

    assert troubles(findings) == []
