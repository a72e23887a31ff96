import socket
from pathlib import Path

from msgspec.structs import replace

from server.app import run_server
from server.doctor import Finding, examine
from server.settings import Settings, Tls
from tests.support.live_server import plain_settings


def healthy(settings: Settings) -> Settings:
    """The same with a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return replace(settings, port=probe.getsockname()[1])


async def looked_at(settings: Settings, *, follows: bool | None = True) -> list[Finding]:
    """What the doctor finds on a machine whose clock follows a time source, or does not."""
    return await examine(settings, lambda: follows)


def troubles(findings: list[Finding]) -> list[str]:
    return [finding.what for finding in findings if not finding.ok]


async def test_a_machine_that_has_everything_is_well(tmp_path: Path) -> None:
    findings = await looked_at(healthy(plain_settings(tmp_path / "data")))

    assert (troubles(findings), len(findings)) == ([], 7)
    assert [bool(finding.what) for finding in findings] == [True] * 7
    assert findings[1].what.startswith("Valkey: /")


async def test_a_port_that_is_taken_is_found(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        findings = await looked_at(replace(plain_settings(tmp_path), port=port))

    [trouble] = [finding for finding in findings if not finding.ok]
    assert str(port) in trouble.what
    assert "LIANPING_PORT" in trouble.remedy


async def test_keys_that_others_may_read_are_found(tmp_path: Path) -> None:
    settings = healthy(plain_settings(tmp_path))
    assert troubles(await looked_at(settings)) == []
    (tmp_path / "keys" / "log.key").chmod(0o644)

    [trouble] = [finding for finding in await looked_at(settings) if not finding.ok]

    assert str(tmp_path / "keys" / "log.key") in trouble.remedy


async def test_a_store_that_does_not_answer_is_found(tmp_path: Path) -> None:
    findings = await looked_at(healthy(plain_settings(tmp_path, f"unix://{tmp_path}/nobody.sock")))

    [trouble] = [finding for finding in findings if not finding.ok]
    assert trouble.remedy == "The store does not answer. Try again in a moment."


async def test_a_server_that_runs_is_well_and_holds_its_own_port(tmp_path: Path) -> None:
    async with run_server(plain_settings(tmp_path)) as server:
        findings = await looked_at(replace(plain_settings(tmp_path), port=server.address.port))

    assert troubles(findings) == []


async def test_a_clock_that_follows_nothing_is_advised_against(tmp_path: Path) -> None:
    findings = await looked_at(healthy(plain_settings(tmp_path)), follows=False)

    [trouble] = [finding for finding in findings if not finding.ok]
    assert trouble.is_advice
    assert "timedatectl set-ntp true" in trouble.remedy


async def test_a_kernel_that_does_not_tell_is_not_blamed(tmp_path: Path) -> None:
    assert troubles(await looked_at(healthy(plain_settings(tmp_path)), follows=None)) == []


async def test_a_relay_that_does_not_answer_is_found(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"turn:127.0.0.1:{gone.getsockname()[1]}?transport=tcp"

    findings = await looked_at(replace(healthy(plain_settings(tmp_path)), turn_urls=(url,), turn_secret="north"))

    [trouble] = [finding for finding in findings if not finding.ok]
    assert url in trouble.what
    assert "is coturn running" in trouble.remedy


async def test_a_port_for_media_that_is_taken_is_found(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        settings = replace(healthy(plain_settings(tmp_path)), media=True, media_port=taken.getsockname()[1])

        findings = await looked_at(settings)

    [trouble] = [finding for finding in findings if not finding.ok and not finding.is_advice]
    assert trouble.what == f"port {settings.media_port}/UDP"
    assert "LIANPING_MEDIA_PORT" in trouble.remedy


async def test_a_certificate_that_is_not_there_is_found(tmp_path: Path) -> None:
    files = {"tls_chain": tmp_path / "chain.pem", "tls_key": tmp_path / "key.pem"}

    findings = await looked_at(replace(healthy(plain_settings(tmp_path)), tls=Tls.FILES, **files))

    [trouble] = [finding for finding in findings if not finding.ok]
    assert trouble.what == "certificate"
    assert str(tmp_path / "chain.pem") in trouble.remedy


async def test_recordings_on_a_disk_of_their_own_that_is_nearly_full_are_told(tmp_path: Path) -> None:
    (tmp_path / "recordings").symlink_to("/proc")  # a file system on which nothing is free
    settings = replace(healthy(plain_settings(tmp_path)), media=True, media_port=0)

    findings = {finding.what: finding for finding in await looked_at(settings)}

    told = findings["recordings: 0 MiB free"]
    assert (told.ok, told.is_advice) == (False, True)
    assert "lianping room shred" in told.remedy
